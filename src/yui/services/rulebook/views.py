"""Pages of the rulebook: read only, the same for every body, except how many a coming date concerns."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yui.engines.rules.public import Finding, Language, Month, Text, explain, run_cases
from yui.kernel.access.public import requires
from yui.procedures.programmes import public as rules
from yui.procedures.programmes.public import BrokenProgramme, Place, Version
from yui.services.rulebook.apps import READ

MONTHS_AHEAD = 24
WIDE = 6
"""Columns up to which a table's numbers are kept on one line each."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@requires(READ)
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Every programme, and every mistake in a card."""
    columns = [
        {"label": _("Programme")},
        {"label": _("Service")},
        {"label": _("In force since")},
        {"label": _("How sure")},
        {"label": _("Versions"), "num": True},
        {"label": _("Cases"), "num": True},
    ]
    context = {
        "title": _("Rulebook"),
        "columns": columns,
        "rows": [_row(programme.cards[0].id) for programme in rules.list_programmes()],
        "mistakes": rules.list_mistakes(),
    }
    return render(request, "rulebook/programmes.html", context)


def _row(programme: str) -> list[object]:
    cards = rules.get_programme(programme).cards
    kind, label = _confidence(cards[-1].confidence)
    try:
        cases: object = len(rules.cases_of(programme))
    except BrokenProgramme:
        cases = "—"
    return [
        {"text": _said(cards[-1].programme), "href": reverse("rulebook:versions", args=[programme])},
        rules.service_of(programme).title,
        _month(cards[-1].in_force_from),
        {"text": label, "status": kind},
        str(len(cards)),
        str(cases),
    ]


def _page(
    template: str,
) -> Callable[[Callable[[Place, list[Version]], dict[str, Any]]], Callable[..., HttpResponse]]:
    """A page about one programme: found, checked, under its tabs."""

    def decorate(content: Callable[[Place, list[Version]], dict[str, Any]]) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, programme: str) -> HttpResponse:
            try:
                place = rules.get_place(programme)
            except rules.UnknownProgramme:
                raise Http404 from None
            crumbs = [(_("Rulebook"), reverse("rulebook:programmes"))]
            try:
                versions = rules.versions_of(place)
                context = {
                    "title": _said(versions[-1].card.programme),
                    "tabs": _tabs(programme, content.__name__),
                    **content(place, versions),
                }
            except BrokenProgramme as broken:
                context = {"title": programme, "mistakes": broken.mistakes}
                return render(request, "rulebook/broken.html", {**context, "crumbs": crumbs})
            return render(request, f"rulebook/{template}", {**context, "crumbs": crumbs})

        view.__name__, view.__doc__ = content.__name__, content.__doc__
        return requires(READ)(require_safe(view))

    return decorate


def _tabs(programme: str, current: str) -> list[dict[str, object]]:
    labels = {
        "versions": _("Law and versions"),
        "tables": _("Tables"),
        "conditions": _("Conditions and decision"),
        "cases": _("Cases"),
        "concerned": _("Who is concerned"),
    }
    return [
        {"label": label, "href": reverse(f"rulebook:{name}", args=[programme]), "current": name == current}
        for name, label in labels.items()
    ]


@_page("versions.html")
def versions(place: Place, versions: list[Version]) -> dict[str, Any]:
    """Law, confidence and what each version says otherwise than the one before."""
    newest = versions[-1].card
    kind, label = _confidence(newest.confidence)
    return {
        "law": newest.law,
        "confidence_kind": kind,
        "confidence": label,
        "checks": [(_period(one), one.card.check) for one in reversed(versions) if one.card.check],
        "columns": [{"label": _("Part")}, *({"label": _period(one)} for one in reversed(versions))],
        "rows": _side_by_side(list(reversed(versions))),
        "changes": [
            {"since": _month(newer.card.in_force_from), "lines": _changes(older, newer)}
            for older, newer in reversed(list(pairwise(versions)))
        ],
    }


def _side_by_side(versions: list[Version]) -> list[list[str]]:
    facts = [_facts(version) for version in versions]
    rows = [[label, *(column[label] or "—" for column in facts)] for label in facts[0]]
    return [row for row in rows if set(row[1:]) != {"—"}]


def _facts(version: Version) -> dict[str, str]:
    card = version.card
    months = (
        "・".join(map(str, card.payment_months)) if _japanese() else ", ".join(map(str, card.payment_months))
    )
    sense = {
        "benefit": _("Paid to them"),
        "charge": _("Owed by them"),
        "standard": _("A sum to measure others by"),
    }
    period = {"month": _("A month"), "fiscal_year": _("A fiscal year"), "once": _("Once")}
    return {
        _("As amended by"): card.law.amended_by,
        _("Published on"): date_format(card.known_from, "DATE_FORMAT") if card.known_from else "",
        _("Decided about"): _said(card.unit if version.by_unit else card.group),
        _("The amount"): f"{sense[card.sense]}・{period[card.period]}"
        if _japanese()
        else f"{sense[card.sense]}, {period[card.period]}",
        _("Paid in the months"): f"{months} ({card.payment_cite})" if months else "",
        _("Claimed within"): _("%(days)d days (%(article)s)")
        % {"days": card.claim_days, "article": card.claim_cite}
        if card.claim_days
        else "",
        _("How sure"): _confidence(card.confidence)[1],
    }


def _changes(older: Version, newer: Version) -> list[dict[str, str]]:
    parts = {
        "facts": _("Fact"),
        "values": _("Value"),
        "conditions": _("Condition"),
        "ranks": _("Rank"),
        "decide": _("Row of the decision"),
    }
    return [
        {"part": parts[one.part], "name": one.name, "before": one.before, "after": one.after}
        for one in rules.differences_of(older, newer)
    ]


@_page("tables.html")
def tables(place: Place, versions: list[Version]) -> dict[str, Any]:
    """Amounts and limits by the month they take force, the versions side by side."""
    return {
        "sheets": [
            {
                "sheet": sheet,
                "head": (sheet.head[0] or _("Part"), *sheet.head[1:]),
                "rows": [
                    {"name": row[0], "cite": cite, "cells": list(zip(sheet.head[1:], row[1:], strict=True))}
                    for row, cite in zip(sheet.rows, sheet.cites or [""] * len(sheet.rows), strict=True)
                ],
                "number": "num" if len(sheet.head) <= WIDE else "",
            }
            for sheet in rules.sheets_of(versions)
        ]
    }


@_page("conditions.html")
def conditions(place: Place, versions: list[Version]) -> dict[str, Any]:
    """Every condition with its sentences, and the decision table, of each version."""
    return {
        "versions": [
            {
                "period": _period(version),
                "number": number,
                "conditions": [
                    {
                        "name": one.name,
                        "expression": one.expression,
                        "cite": one.cite,
                        "yes": _sentences(one.yes),
                        "no": _sentences(one.no),
                    }
                    for one in version.conditions
                ],
                "results": version.results,
                "decision_rows": version.rows,
                "named": any(called for _if, _pay, called, _cite in version.rows),
            }
            for number, version in enumerate(reversed(versions))
        ]
    }


def _sentences(text: Text) -> list[str]:
    """The sentence for the reader, and the easy one; what is filled in later is marked."""
    shown = [text.ja, text.easy] if _japanese() else [text.en]
    return [_PLACEHOLDER.sub(r"〔\1〕", sentence) for sentence in dict.fromkeys(shown)]


@_page("cases.html")
def cases(place: Place, versions: list[Version]) -> dict[str, Any]:
    """Every case with what the rules say now, and why."""
    language = _language()
    found: dict[int, list[Finding]] = {}
    for finding in run_cases(rules.cases_of(place.programme), rules.get_programme(place.programme)):
        found.setdefault(finding.case.line, []).append(finding)
    rows = [
        {
            "case": one.case,
            "situation": one.situation,
            "answers": [
                {
                    "unit": finding.unit_id,
                    "expected": finding.expected.written(language),
                    "got": finding.got.written(language),
                    "agrees": finding.agrees,
                    "why": explain(finding.outcome, language),
                }
                for finding in found[one.case.line]
            ],
        }
        for one in rules.cases_in_words(place, language)
    ]
    differences = sum(not answer["agrees"] for row in rows for answer in row["answers"])  # type: ignore[attr-defined]
    return {"rows": rows, "given": rules.given_in_words(place, language), "differences": differences}


@_page("concerned.html")
def concerned(place: Place, versions: list[Version]) -> dict[str, Any]:
    """How many of the body a coming date concerns: counts by month, nobody's name."""
    this_month = Month.of(timezone.localdate())
    end = this_month.plus(MONTHS_AHEAD)
    coming = rules.count_coming(place.programme, start=this_month.first_day, until=end.first_day)
    everybody = rules.count_coming(place.programme, start=dt.date.min, until=dt.date.max)
    return {
        "known": rules.has_population(place.programme),
        "figures": [
            {"label": _("With a date ahead"), "value": f"{sum(everybody.values()):,}"},
            {
                "label": _("Within %(months)d months") % {"months": MONTHS_AHEAD},
                "value": f"{sum(coming.values()):,}",
            },
        ],
        "columns": [{"label": _("Decision changes from")}, {"label": _("Groups"), "num": True}],
        "rows": [[_month(Month.of(day)), f"{count:,}"] for day, count in coming.items()],
        "group": _said(versions[-1].card.group),
    }


def _confidence(word: str) -> tuple[str, str]:
    return {
        "primary": ("done", _("Read in the law")),
        "secondary": ("going", _("Official pages agree")),
        "general": ("waiting", _("To be checked before use")),
    }[word]


def _period(version: Version) -> str:
    first, until = version.card.in_force_from, version.card.in_force_until
    return f"{_month(first)}–{_month(until.plus(-1)) if until else ''}"


def _month(month: Month) -> str:
    return date_format(month.first_day, "YEAR_MONTH_FORMAT")


def _japanese() -> bool:
    return not (get_language() or "ja").startswith("en")


def _language() -> Language:
    return Language.JA if _japanese() else Language.EN


def _said(text: Text) -> str:
    return text.spoken(_language())

"""Between rows of the database, values that cross the door, and the files of a publication."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any

from yui.evidence.charts.forms import FigureStatus
from yui.evidence.contracts import (
    Absence,
    DataRow,
    Definition,
    Direction,
    EvidenceRefused,
    Figure,
    Period,
    PeriodKind,
    Published,
    Query,
    Vintage,
    Words,
)
from yui.evidence.models import DefinitionVersion, Observation, ProjectionVintage, Publication
from yui.evidence.recomputing import DEFINITION, RESULT, RuleError, sha256
from yui.kernel.text.public import Message, gettext_noop

WORDS = ("title", "question", "population", "unit", "caveats")
_MEANING = ("code", "formula", "digits", "direction", "people", "fewest")


def as_json(value: object) -> bytes:
    """As it stands in a file: the same value always gives the same bytes."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def plain(definition: Definition) -> dict[str, Any]:
    """A definition as it stands in a file."""
    return {
        **asdict(definition),
        "direction": definition.direction.value,
        "valid_from": definition.valid_from.isoformat(),
        "targets": {period: str(value) for period, value in definition.targets.items()},
        "people": list(definition.people),
    }


def meaning_sha256(definition: Definition) -> str:
    """Equal where two bodies mean the same: everything but the office, the targets and the day it begins."""
    told = plain(definition)
    return sha256(as_json({name: told[name] for name in (*_MEANING, "question", "population", "unit")}))


def read_definition(told: Mapping[str, Any]) -> Definition:
    """A definition from a file.

    Raises:
        EvidenceRefused: something is missing or is not what it should be.
    """
    try:
        definition = Definition(
            code=str(told["code"]),
            version=int(told["version"]),
            owner=str(told["owner"]),
            **{name: _words(told, name) for name in WORDS},
            formula=str(told["formula"]),
            direction=Direction(told["direction"]),
            digits=int(told["digits"]),
            valid_from=dt.date.fromisoformat(str(told["valid_from"])),
            targets={
                Period.read(str(period)).code: Decimal(str(value))
                for period, value in (told.get("targets") or {}).items()
            },
            people=tuple(map(str, told.get("people") or ())),
            fewest=int(told.get("fewest") or 0),
        )
        if definition.version < 1 or not 0 <= definition.digits <= 9 or not 0 <= definition.fewest < 32768:
            raise ValueError("version from 1, digits from 0 to 9")
        missing = set(definition.people) - set(definition.columns)
    except KeyError as error:
        key = str(error.args[0])
        raise EvidenceRefused(
            Message("no_key", gettext_noop("The definition lacks %(key)s."), {"key": key})
        ) from None
    except RuleError as error:
        raise EvidenceRefused(
            Message("bad_rule", gettext_noop("The formula cannot be read: %(why)s"), {"why": str(error)})
        ) from None
    except (ValueError, InvalidOperation, TypeError, AttributeError) as error:
        raise EvidenceRefused(
            Message(
                "bad_definition", gettext_noop("The definition cannot be read: %(why)s"), {"why": str(error)}
            )
        ) from None
    if missing or (definition.fewest and not definition.people):
        told_why = gettext_noop("Say in “people” which columns of the formula count people.")
        raise EvidenceRefused(Message("bad_people", told_why))
    return definition


def _words(told: Mapping[str, Any], name: str) -> Words:
    given = told.get(name) or {} if name == "caveats" else told[name]
    words = Words(str(given.get("ja") or ""), str(given.get("en") or ""))
    if name != "caveats" and not (words.ja.strip() and words.en.strip()):
        raise KeyError(name)
    return words


def definition_of(row: DefinitionVersion) -> Definition:
    """A definition as it crosses the door."""
    return Definition(
        code=row.code,
        version=row.version,
        owner=row.owner,
        **{name: Words(getattr(row, f"{name}_ja"), getattr(row, f"{name}_en")) for name in WORDS},
        formula=row.formula,
        direction=Direction(row.direction),
        digits=row.digits,
        valid_from=row.valid_from,
        targets={period: Decimal(value) for period, value in row.targets.items()},
        people=tuple(row.people),
        fewest=row.fewest,
    )


def row_of(definition: Definition) -> DefinitionVersion:
    """A definition as it is stored; not saved."""
    told = plain(definition)
    words = {f"{name}_{language}": told[name][language] for name in WORDS for language in ("ja", "en")}
    others = {name: value for name, value in told.items() if name not in WORDS}
    return DefinitionVersion(
        **others | {"valid_from": definition.valid_from}, **words, sha256=meaning_sha256(definition)
    )


def vintage_of(row: ProjectionVintage) -> Vintage:
    """A vintage as it crosses the door."""
    return Vintage(
        row.code,
        row.name,
        row.variant,
        row.base_on,
        row.population,
        row.source,
        {
            code: {
                area: {period: Decimal(value) for period, value in values.items()}
                for area, values in areas.items()
            }
            for code, areas in row.figures.items()
        },
    )


def plain_row(row: DataRow) -> dict[str, str]:
    """A row as a data file has it."""
    return {
        "area": row.area,
        "period": row.period.code,
        "status": row.status.value,
        "vintage": row.vintage,
        "absence": row.absence.value if row.absence else "",
        "source": row.source,
        "retrieved_on": row.retrieved_on.isoformat(),
        **{
            name: format(value, "f") if isinstance(value, Decimal) else str(value)
            for name, value in row.inputs.items()
        },
    }


def read_row(told: Mapping[str, str]) -> DataRow:
    """A row of a data file.

    Raises:
        ValueError, KeyError: it is none.
    """
    known = {"area", "period", "status", "vintage", "absence", "source", "retrieved_on"}
    return DataRow(
        area=told["area"],
        period=Period.read(told["period"]),
        inputs={name: Decimal(value) for name, value in told.items() if name not in known and value},
        source=told["source"],
        retrieved_on=dt.date.fromisoformat(told["retrieved_on"]),
        status=FigureStatus(told["status"]),
        vintage=told["vintage"],
        absence=Absence(told["absence"]) if told["absence"] else None,
    )


def figure_of(row: Observation) -> Figure:
    """A figure as it crosses the door; the row comes with its definition, vintage and snapshot."""
    digits = row.definition.digits
    return Figure(
        area=row.area_code,
        period=Period(row.period_from, row.period_until, PeriodKind(row.period_kind)),
        status=FigureStatus(row.status),
        vintage=row.vintage.code if row.vintage else "",
        value=None if row.value is None else row.value.quantize(Decimal(1).scaleb(-digits)),
        absence=Absence(row.absence) if row.absence else None,
        source=row.source,
        retrieved_on=row.retrieved_on,
        version=row.definition.version,
        query=Query(row.query_name, row.query_version),
        snapshot=row.snapshot.sha256,
        recorded_at=row.recorded_at,
    )


def published_of(row: Publication) -> Published:
    """A publication as it crosses the door, read from its own files."""
    files: dict[str, str] = row.files
    told = json.loads(files[DEFINITION])
    definition = read_definition(told)
    figures = tuple(
        Figure(
            area=one["area"],
            period=Period.read(one["period"]),
            status=FigureStatus(one["status"]),
            vintage=one["vintage"],
            value=None if one["value"] is None else Decimal(one["value"]),
            absence=Absence(one["absence"]) if one["absence"] else None,
            source=one["source"],
            retrieved_on=dt.date.fromisoformat(one["retrieved_on"]),
            version=definition.version,
            query=Query(**one["query"]),
            snapshot=sha256(files[one["data"]].encode()),
        )
        for one in json.loads(files[RESULT])
    )
    return Published(
        publisher=row.publisher.code,
        publisher_name=row.publisher.name,
        number=row.number,
        published_at=row.published_at,
        sha256=row.sha256,
        definition_sha256=row.definition_sha256,
        definition=definition,
        figures=figures,
    )

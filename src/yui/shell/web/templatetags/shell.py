"""Small words for pages: icons, eras, yen, and components that wrap what stands between their tags."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yui.kernel.calendar.contracts import PartialDate
from yui.kernel.calendar.public import format_era
from yui.shell.web.icons import PATHS

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside words; it says nothing by itself, so screen readers pass over it.

    Raises:
        KeyError: there is no icon of this name; the gallery shows all.
    """
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>',
        PATHS[name],
    )


@register.filter
def era(day: datetime.date | PartialDate | None) -> str:
    """A date for the reader: 令和6年4月1日 in Japanese, 2024-04-01 in English; unknown parts as 不詳 or 00."""
    if not day:
        return ""
    if isinstance(day, datetime.datetime):
        day = day.date()
    return format_era(day) if get_language() == "ja" else day.isoformat()


@register.filter
def yen(amount: int | None) -> str:
    """An amount for the reader: 15,000円 in Japanese, ¥15,000 in English."""
    if amount is None:
        return ""
    return f"{amount:,}円" if get_language() == "ja" else f"¥{amount:,}"


@register.filter
def beside(cells: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each cell of a row with its column."""
    return list(zip(cells, columns, strict=True))


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", live: bool = False) -> str:
    """A boxed message around free content; variables as in ``shell/components/notice.html``."""
    return render_to_string(
        "shell/components/notice.html",
        {"kind": kind, "title": title, "live": live, "body": content},
    )


@register.simple_block_tag
def card(content: str, title: str = "", href: str = "", kind: str = "", level: int = 2) -> str:
    """A card around free content; variables as in ``shell/components/card.html``."""
    return render_to_string(
        "shell/components/card.html",
        {"title": title, "href": href, "kind": kind, "level": level, "body": content},
    )

"""From the content of a copy to its PDF, the same bytes every time."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from yui.services.residents.certificate.contents import Certificate, cells, day, head_cell
from yui.services.residents.certificate.fonts import Font, Run, find_fonts, font_folders, split_runs
from yui.services.residents.contracts import CertificateForm

LAYOUT = Path(__file__).with_name("layout.typ")
PERSONS_ON_A_SHEET = 4


class NoFont(LookupError):
    """No font on this machine has the characters of the form itself."""


def render(certificate: Certificate, issued_epoch: int) -> bytes:
    """The copy as a PDF (PDF/A-2b, tagged).

    Args:
        issued_epoch: seconds since 1970; stands in the file as its date.

    Raises:
        NoFont: no usable font is installed.
        GlyphsMissing: no font has some character of a name or an address.
    """
    fonts = find_fonts([_form_characters()])
    if not fonts or not all(fonts[0].has(character) for character in _form_characters()):
        raise NoFont
    content = json.dumps(_content(certificate, fonts), ensure_ascii=False)
    pdf: bytes = typst.compile(
        str(LAYOUT),
        root=str(LAYOUT.parent),
        font_paths=font_folders(),
        sys_inputs={"content": content, "font": fonts[0].family},
        format="pdf",
        pdf_standards=["a-2b"],
        timestamp=issued_epoch,
    )
    return pdf


def _content(certificate: Certificate, fonts: list[Font]) -> dict[str, Any]:
    def run(text: str) -> list[list[str]]:
        return [[part.family, part.text] for part in _safe(split_runs(text, fonts))]

    people = [
        {
            name: run(value)
            for name, value in (cells(certificate, resident) | {"head": head_cell(certificate)}).items()
        }
        for resident in certificate.residents
    ]
    size = PERSONS_ON_A_SHEET if certificate.form is CertificateForm.HOUSEHOLD else 1
    first = certificate.residents[0]
    return {
        "form": certificate.form.value,
        "title": run(certificate.title),
        "address": run(certificate.addresses[first.person]),
        "head": run(head_cell(certificate)),
        "sheets": [people[start : start + size] for start in range(0, len(people), size)],
        "removed": certificate.is_removed,
        "statement": run(certificate.statement),
        "issued": run(day(certificate.issued_on)),
        "mayor": run(certificate.mayor),
        "number": f"{certificate.number:06d}",
    }


def _safe(runs: list[Run]) -> list[Run]:
    return runs or [Run("", "")]


@lru_cache(maxsize=1)
def _form_characters() -> str:
    """Japanese characters of the form's own words."""
    found = re.findall(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]", LAYOUT.read_text(encoding="utf-8"))
    return "".join(sorted(set(found) - {"\u3000"}))

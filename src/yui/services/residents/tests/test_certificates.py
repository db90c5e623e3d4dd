"""Copies of the resident record: right glyphs or none, issued once, made again byte for byte, journalled."""

import datetime as dt
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from yui.kernel.journal.public import list_about
from yui.registries.people.public import HouseholdView, Relationship, Sex, register_protection
from yui.services.residents.certificate import fonts
from yui.services.residents.models import CertificateIssue
from yui.services.residents.tests.conftest import (
    COMPATIBILITY_NAME,
    IVS_NAME,
    filled,
    newcomer,
    registrar,
    settle,
)
from yui.services.residents.tests.fonts import form_text, write_font

WORDS = (
    form_text() + "葛城太郎花子一稲穂町結県見市ゆいハイツカツラギハナコ番号目丁妻死亡" + COMPATIBILITY_NAME
)


@pytest.fixture
def only_fonts(settings: Any, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Let the machine have exactly the fonts given."""
    settings.FONT_FOLDERS, settings.FONT_SYSTEM = [str(tmp_path)], False

    def install(family: str, text: str, varied: tuple[tuple[str, str], ...] = ()) -> None:
        write_font(tmp_path / f"{family}.ttf", family, text, varied)
        fonts._fonts.cache_clear()

    fonts._fonts.cache_clear()
    yield install
    fonts._fonts.cache_clear()


@pytest.fixture
def font(only_fonts: Callable[..., None]) -> None:
    only_fonts("Test Mincho", WORDS, (("葛", "\U000e0102"),))


@pytest.fixture
def page(home: HouseholdView) -> str:
    return reverse("residents:certificate", args=[home.household])


def issue(client: Client, page: str, **typed: object) -> Any:
    return client.post(page, filled(client, page, identity_checked="on", **typed))


def pdf_of(client: Client, answer: Any) -> bytes:
    assert answer.status_code == 303, answer.context["form"].errors
    issued = client.get(answer["Location"])
    assert issued.status_code == 200
    file = client.get(issued.context["file_url"])
    assert file["Content-Type"] == "application/pdf"
    return bytes(file.content)


def text_of(pdf: bytes) -> str:
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages)


def test_the_text_layer_keeps_the_name_with_its_variation_sequence(
    clerk: Client, page: str, font: None
) -> None:
    text = text_of(pdf_of(clerk, issue(clerk, page, items=["relationship", "domicile"])))
    assert f"{IVS_NAME}\u3000太郎" in text
    assert "世帯全員" in text
    assert "結県結見市稲穂町5番" in text
    assert "発行番号" in text


def test_a_compatibility_ideograph_stays_itself(clerk: Client, body: object, font: None) -> None:
    person = settle(newcomer(COMPATIBILITY_NAME, "花子", Relationship.HEAD, "1960-05-05", Sex.FEMALE))[0]
    page = reverse("residents:certificate_of", args=[person])
    assert COMPATIBILITY_NAME in text_of(pdf_of(clerk, issue(clerk, page)))


def test_what_is_not_asked_for_is_left_out(clerk: Client, page: str, font: None) -> None:
    text = text_of(pdf_of(clerk, issue(clerk, page)))
    assert "省略" in text
    assert "稲穂町5番" not in text
    assert "妻" not in text


def test_four_persons_stand_on_a_sheet(clerk: Client, body: object, font: None) -> None:
    head, *_ = settle(
        newcomer("葛", "太郎", Relationship.HEAD, "1970-01-02", Sex.MALE),
        *(newcomer("葛", "花子", Relationship.CHILD, f"200{n}-01-02", Sex.FEMALE) for n in range(4)),
    )
    page = reverse("residents:certificate_of", args=[head])
    everyone = [value for value, _ in clerk.get(page).context["form"].fields["persons"].choices]
    household = issue(clerk, page, persons=everyone, layout="household")
    assert len(PdfReader(BytesIO(pdf_of(clerk, household))).pages) == 2
    each = issue(clerk, page, persons=everyone[:3], layout="individual")
    assert len(PdfReader(BytesIO(pdf_of(clerk, each))).pages) == 3


def test_some_of_a_household_is_said_to_be_some(
    clerk: Client, page: str, family: list[UUID], font: None
) -> None:
    text = text_of(pdf_of(clerk, issue(clerk, page, persons=[str(family[2])])))
    assert "世帯の一部" in text
    assert f"{IVS_NAME}\u3000花子" not in text


def test_one_page_gives_one_copy_and_the_same_bytes(clerk: Client, page: str, font: None) -> None:
    data = filled(clerk, page, identity_checked="on")
    first, second = clerk.post(page, data), clerk.post(page, data)
    assert first["Location"] == second["Location"]
    assert pdf_of(clerk, first) == pdf_of(clerk, second)
    row = CertificateIssue.objects.get()
    assert (row.number, len(row.sha256)) == (1, 64)
    assert not any("pdf" in field.name for field in CertificateIssue._meta.fields)


def test_a_later_change_does_not_change_an_issued_copy(
    clerk: Client, page: str, family: list[UUID], font: None
) -> None:
    answer = issue(clerk, page)
    before = pdf_of(clerk, answer)
    death = reverse("residents:death", args=[family[1]])
    assert clerk.post(death, filled(clerk, death, effective_on=dt.date(2026, 5, 20))).status_code == 303
    assert pdf_of(clerk, answer) == before


def test_other_fonts_are_noticed(clerk: Client, page: str, only_fonts: Callable[..., None]) -> None:
    only_fonts("Test Mincho", WORDS, (("葛", "\U000e0102"),))
    answer = issue(clerk, page)
    url = clerk.get(answer["Location"]).context["file_url"]
    only_fonts("Another Mincho", WORDS, (("葛", "\U000e0102"),))
    assert clerk.get(url).status_code == 409


def test_without_a_font_nothing_is_issued(clerk: Client, page: str, only_fonts: object) -> None:
    answer = issue(clerk, page)
    assert answer.status_code == 422
    assert "YUI_FONTS" in str(answer.context["form"].non_field_errors())
    assert CertificateIssue.objects.count() == 0


def test_a_missing_variation_is_never_replaced_by_its_base(
    clerk: Client, page: str, only_fonts: Callable[..., None]
) -> None:
    only_fonts("Test Mincho", WORDS)
    answer = issue(clerk, page)
    assert answer.status_code == 422
    assert "U+845B+U+E0102" in str(answer.context["form"].non_field_errors())
    assert CertificateIssue.objects.count() == 0


def test_a_second_font_lends_what_the_first_lacks(
    clerk: Client, page: str, only_fonts: Callable[..., None]
) -> None:
    only_fonts("Test Mincho", WORDS)
    only_fonts("Extra Mincho", "葛", (("葛", "\U000e0102"),))
    assert f"{IVS_NAME}\u3000太郎" in text_of(pdf_of(clerk, issue(clerk, page)))


def test_issuing_and_opening_are_journalled(clerk: Client, page: str, family: list[UUID], font: None) -> None:
    pdf_of(clerk, issue(clerk, page))
    entries = {entry.act: entry for entry in list_about(family[1])}
    issued = entries["residents.certificate.issued"]
    assert issued.legal_ground == "住民基本台帳法12条1項"
    assert issued.details["applicant"] == "self"
    assert "residents.certificate.drawn" in entries


def test_numbers_are_not_for_others(clerk: Client, page: str, font: None) -> None:
    answer = issue(clerk, page, items=["resident_code"], applicant="others")
    assert answer.status_code == 422
    assert "items" in answer.context["form"].errors


def test_identity_must_have_been_checked(clerk: Client, page: str, font: None) -> None:
    answer = clerk.post(page, filled(clerk, page))
    assert "identity_checked" in answer.context["form"].errors


def test_a_removed_record_is_issued_on_its_own_form(
    clerk: Client, home: HouseholdView, family: list[UUID], font: None
) -> None:
    death = reverse("residents:death", args=[family[1]])
    clerk.post(death, filled(clerk, death, effective_on=dt.date(2026, 5, 20)))
    page = reverse("residents:certificate_of", args=[family[1]])
    assert [value for value, _ in clerk.get(page).context["form"].fields["layout"].choices] == ["individual"]
    text = text_of(pdf_of(clerk, issue(clerk, page)))
    assert "除票" in text
    assert "死亡" in text
    acts = {entry.act: entry for entry in list_about(family[1])}
    assert acts["residents.certificate.issued"].legal_ground == "住民基本台帳法15条の4"


def test_only_who_may_issue_copies(sign_in: Callable[[str], Client], page: str) -> None:
    assert sign_in("cashier").get(page).status_code == 403


def test_fonts_of_the_machine_are_read(settings: Any) -> None:
    """Whatever is installed here: what a font claims to have is what its tables say."""
    for font in fonts.find_fonts():
        assert font.has("一")
        assert not font.has("一\U000e01ef")
    with registrar():
        pass


def test_a_copy_without_a_hidden_member_does_not_claim_the_whole_household(
    clerk: Client, page: str, home: HouseholdView, font: None
) -> None:
    with registrar():
        register_protection(
            person=home.members[-1].person,
            valid_from=dt.date(2026, 5, 1),
            review_on=dt.date(2027, 5, 1),
            ground="domestic_violence",
        )
    text = text_of(pdf_of(clerk, issue(clerk, page, items=["relationship"])))
    assert "世帯の一部" in text
    assert home.members[-1].name.full not in text

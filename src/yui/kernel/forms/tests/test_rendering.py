"""What a form looks like to a browser and to a screen reader."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.http import QueryDict
from django.utils import translation

from yui.kernel.forms.public import (
    ConfirmationField,
    DateField,
    Form,
    KanaField,
    NameField,
    PostalCodeField,
    Provenance,
    Section,
    YenField,
)


class BirthForm(Form):
    name = NameField(label="Name", help_text="As in the notification")
    kana = KanaField(label="Reading")
    born_on = DateField(label="Date of birth", era="reiwa")
    sex = forms.ChoiceField(label="Sex", choices=[("1", "Male"), ("2", "Female")], widget=forms.RadioSelect)
    amount = YenField(label="Amount", required=False)
    postal_code = PostalCodeField(label="Postal code")
    household = ConfirmationField(
        label="Household", provenance=Provenance("Resident register", dt.date(2025, 4, 1), "住民基本台帳法")
    )
    agreed = forms.BooleanField(label="I agree")


def page(form: Form) -> BeautifulSoup:
    with translation.override("en"):
        return BeautifulSoup(str(form), "html.parser")


def one(soup: BeautifulSoup, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def test_every_input_has_a_label_and_says_in_words_whether_it_is_needed() -> None:
    soup = page(BirthForm())
    for control in soup.select("input:not([type=hidden]), select"):
        assert soup.select(f"label[for={control['id']}]"), control
    assert "required" in one(soup, "label[for=id_name]").text
    assert "optional" in one(soup, "label[for=id_amount]").text


def test_hint_and_error_are_tied_to_the_input() -> None:
    soup = page(BirthForm(QueryDict("name=&kana=")))
    described = str(one(soup, "#id_name")["aria-describedby"]).split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert one(soup, "#id_name")["aria-invalid"] == "true"
    assert "Enter “Name”." in one(soup, "#id_name_error").text


def test_groups_are_fieldsets_with_legends_and_descriptions() -> None:
    soup = page(BirthForm(QueryDict("name=")))
    legends = [legend.text for legend in soup.select("fieldset > legend")]
    assert any("Sex" in text for text in legends)
    assert any("Date of birth" in text for text in legends)
    fieldset = one(soup, "#id_born_on_error").find_parent("fieldset")
    assert fieldset is not None
    assert "id_born_on_error" in fieldset["aria-describedby"]


def test_summary_takes_the_focus_and_every_link_leads_to_a_control() -> None:
    soup = page(BirthForm(QueryDict("name=")))
    summary = one(soup, "#form-summary")
    assert (summary["role"], summary["tabindex"]) == ("alert", "-1")
    assert summary.has_attr("autofocus")
    links = [str(link["href"]) for link in summary.select("a")]
    assert links == ["#id_name", "#id_kana", "#id_born_on_0", "#id_sex_0", "#id_postal_code", "#id_agreed"]
    for href in links:
        assert one(soup, href).name in ("input", "select")


def test_a_fresh_page_has_no_summary() -> None:
    assert not page(BirthForm()).select("#form-summary")


def test_a_confirmation_shows_value_and_source_and_ignores_what_is_sent() -> None:
    form = BirthForm(QueryDict("household=forged"), initial={"household": "結 太郎"})
    soup = page(form)
    assert one(soup, "#id_household").text == "結 太郎"
    source = one(soup, "#id_household_source").text
    assert "Resident register" in source
    assert "April 1, 2025" in source
    assert "住民基本台帳法" in source
    assert form.is_valid() is False
    assert form.cleaned_data["household"] == "結 太郎"


def test_the_source_of_a_filled_in_value_goes_when_it_is_typed_over() -> None:
    sources = {"postal_code": Provenance("Resident register")}
    fresh = BirthForm(initial={"postal_code": "1000001"}, sources=sources)
    assert "Resident register" in page(fresh).text
    assert one(page(fresh), "#id_postal_code")["value"] == "100-0001"
    assert "id_postal_code_source" in str(one(page(fresh), "#id_postal_code")["aria-describedby"])
    changed = BirthForm(
        QueryDict("postal_code=200-0001"), initial={"postal_code": "1000001"}, sources=sources
    )
    assert not page(changed).select("#id_postal_code_source")


def test_sections_group_fields_under_their_titles() -> None:
    class Long(BirthForm):
        sections = (Section("The child", ["name", "kana"], hint="From the notification"),)

    soup = page(Long())
    section = one(soup, ".form-section")
    assert one(section, "legend.form-section-title").text == "The child"
    assert [control["name"] for control in section.select("input")] == ["name", "kana"]
    assert soup.select("#id_amount")


@pytest.mark.parametrize("entered", ["<script>alert(1)</script>", '"><b>'])
def test_what_was_entered_comes_back_escaped(entered: str) -> None:
    query = QueryDict(mutable=True)
    query["name"] = entered
    soup = page(BirthForm(query))
    assert one(soup, "#id_name")["value"] == entered
    assert not soup.select("script, b")

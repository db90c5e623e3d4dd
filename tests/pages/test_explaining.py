"""``yui rules explain`` and the resident's page give the same reasons for the same decision."""

import json
import re
from datetime import date, timedelta
from html import unescape

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from typer.testing import CliRunner

from tests.pages.conftest import CLERK, Family, SignIn
from yui.kernel.access.public import acting_as
from yui.kernel.journal.public import list_entries
from yui.procedures.cases import public as procedures
from yui.procedures.programmes.cli import app


def explained(family: Family, *more: str) -> list[tuple[str, str, bool | None]]:
    done = CliRunner().invoke(app, ["explain", str(family.case), "--body", "999016", "--json", *more])
    assert done.exit_code == 0, done.output
    (explanation,) = json.loads(done.stdout)
    return [(reason["text"], reason["cite"], reason["value"]) for reason in explanation["reasons"]]


def test_the_page_and_the_command_give_the_same_reasons(family: Family, sign_in: SignIn) -> None:
    with acting_as(CLERK):
        (decision,) = procedures.list_decisions(family.case)
    for language, said in (("ja", "ja"), ("en", "en")):
        reasons = explained(family, "--lang", language)
        assert reasons == [(getattr(one, said), one.article, one.holds) for one in decision.reasons]
        client: Client = sign_in(subject=family.father)
        page = client.get(reverse("portal:case", args=[family.case]), headers={"accept-language": language})
        lists = re.findall(r'<ul class="plain-list reasons">(.*?)</ul>', page.content.decode(), re.DOTALL)
        shown = [re.findall(r"</span> (.*?) <span class=\"soft\">\((.*?)\)", one) for one in lists]
        same = [(text, cite) for text, cite, _holds in reasons]
        assert same in [[(unescape(text), cite) for text, cite in one] for one in shown]
    assert explained(family, "--lang", "easy") == [(r.easy, r.article, r.holds) for r in decision.reasons]


def test_reading_it_back_is_journalled(family: Family) -> None:
    explained(family)
    with acting_as(CLERK):
        newest = list_entries(act="cases.case.read", object_id=str(family.case))[0]
    assert (newest.actor_kind, newest.reason) == ("system", "explanation")


def test_as_of_last_year_the_card_of_then_decides(family: Family) -> None:
    year_ago = timezone.localdate() - timedelta(days=365)
    reasons = explained(family, "--as-of", year_ago.isoformat())
    assert (
        "支給は請求の翌月（15日特例のときは出生・転入などの翌月）から始まるため、この月の分はまだありません。"
    ) in [text for text, _cite, _holds in reasons]
    before = explained(family, "--as-of", date(2024, 9, 1).isoformat())
    assert any("15歳に達する日以後" in text for text, _cite, _holds in before)


def test_a_case_of_another_body_is_not_found(family: Family) -> None:
    done = CliRunner().invoke(app, ["explain", str(family.mother), "--body", "999016"])
    assert done.exit_code == 1

"""The treasury's pages: the whole way of a run, refusals, and who may not."""

import datetime as dt
import hashlib
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yui.kernel.access.public import access_rule, acting_as
from yui.kernel.journal.public import list_about, list_entries
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.payments.contracts import AccountSource, RunState
from yui.procedures.payments.public import find_account, get_run, list_runs, prepare_run, register_account
from yui.services.treasury.tests.conftest import CLERK, account_input, give_account, place_order
from yui.services.treasury.urls import urlpatterns


def posted_day(name: str, day: dt.date) -> dict[str, str]:
    """A date as the page sends it: era, year, month, day."""
    parts = {"era": "ce", "year": day.year, "month": day.month, "day": day.day}
    return {f"{name}_{part}": str(value) for part, value in parts.items()}


def text(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.fixture
def frozen(payee: UUID, cashier: Client, soon: dt.date) -> UUID:
    answer = cashier.post(
        reverse("treasury:prepare"), {**posted_day("value_on", soon), "paying_account": "main"}
    )
    assert answer.status_code == 303, text(answer)
    run = list_runs()[0].public_id
    assert cashier.post(reverse("treasury:freeze", args=[run])).status_code == 302
    return run


def test_every_view_declares_who_may() -> None:
    assert all(access_rule(pattern.callback) for pattern in urlpatterns)


def test_the_whole_way_of_a_run(
    frozen: UUID, payee: UUID, cashier: Client, approver: Client, body: BodyRef
) -> None:
    page = text(approver.get(reverse("treasury:run", args=[frozen])))
    run = get_run(frozen)
    assert run.file_sha256 in page
    assert "イナギ ハナコ" in page
    assert "****567" in page
    assert "1234567" not in page
    approver.post(reverse("treasury:approve", args=[frozen]), {"file_sha256": run.file_sha256})
    download = cashier.post(reverse("treasury:export", args=[frozen]))
    assert hashlib.sha256(download.content).hexdigest() == run.file_sha256
    assert download["Content-Disposition"].startswith(f'attachment; filename="{body.code}-')
    assert cashier.post(reverse("treasury:export", args=[frozen])).content == download.content
    assert get_run(frozen).state is RunState.EXPORTED
    page = text(cashier.get(reverse("treasury:run", args=[frozen])))
    assert "cashier 一郎" in page
    assert "cashier_approver 一郎" in page
    acts = {entry.act for entry in list_about(payee)}
    assert {"payments.account.exported", "payments.account.read"} <= acts
    actors = {entry.act: entry.actor_id for entry in list_entries(act="payments.run")}
    assert actors["payments.run.approved"] != actors["payments.run.prepared"]


def test_preview_shows_sums_and_who_is_left_out(payee: UUID, cashier: Client, soon: dt.date) -> None:
    without = uuid4()
    place_order(without, timezone.localdate())
    page = cashier.post(
        reverse("treasury:prepare"),
        {**posted_day("value_on", soon), "paying_account": "main", "preview": "1"},
    )
    assert page.status_code == 200
    assert "30,000" in text(page)
    assert reverse("treasury:account", args=[without]) in text(page)
    assert list_runs() == []
    assert cashier.get(reverse("treasury:prepare")).status_code == 200


def test_a_day_banks_are_closed_stays_on_the_page(payee: UUID, cashier: Client) -> None:
    day = timezone.localdate() + dt.timedelta(days=1)
    while day.weekday() != 6:
        day += dt.timedelta(days=1)
    answer = cashier.post(
        reverse("treasury:prepare"), {**posted_day("value_on", day), "paying_account": "main"}
    )
    assert answer.status_code == 422
    assert list_runs() == []


def test_sending_the_page_twice_prepares_once(payee: UUID, cashier: Client, soon: dt.date) -> None:
    token = str(uuid4())
    data = {**posted_day("value_on", soon), "paying_account": "main", "form_token": token}
    answers = [cashier.post(reverse("treasury:prepare"), data) for _twice in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[0]["Location"] == answers[1]["Location"]
    assert len(list_runs()) == 1


def test_without_an_account_to_pay_from_the_page_leads_there(cashier: Client) -> None:
    assert reverse("treasury:paying_accounts") in text(cashier.get(reverse("treasury:prepare")))


def test_two_hands_are_needed(frozen: UUID, sign_in: Callable[[str], Client], cashier: Client) -> None:
    run = get_run(frozen)
    data = {"file_sha256": run.file_sha256}
    assert cashier.post(reverse("treasury:approve", args=[frozen]), data).status_code == 403
    approver = sign_in("cashier_approver")
    approver.post(reverse("treasury:approve", args=[frozen]), {"file_sha256": ""})
    assert get_run(frozen).state is RunState.FROZEN
    approver.post(reverse("treasury:approve", args=[frozen]), data)
    assert get_run(frozen).state is RunState.APPROVED
    assert approver.post(reverse("treasury:export", args=[frozen])).status_code == 403


def test_file_problems_are_listed_on_the_runs_page(
    payee: UUID, cashier: Client, soon: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_as(CLERK):
        run = prepare_run(value_on=soon).public_id
    monkeypatch.setattr("yui.procedures.payments.bank_file.is_business_day", lambda day, calendar: False)
    answer = cashier.post(reverse("treasury:freeze", args=[run]))
    assert answer.status_code == 422
    assert soon.isoformat() in text(answer)
    assert get_run(run).state is RunState.PREPARED


def test_taking_out_and_cancelling(payee: UUID, cashier: Client, soon: dt.date) -> None:
    other = uuid4()
    give_account(other, number="7654321")
    place_order(other, timezone.localdate())
    with acting_as(CLERK):
        run = prepare_run(value_on=soon).public_id
    cashier.post(reverse("treasury:remove", args=[run, 1]))
    assert get_run(run).count == 1
    cashier.post(reverse("treasury:cancel", args=[run]))
    assert get_run(run).state is RunState.CANCELLED
    assert cashier.get(reverse("treasury:runs")).status_code == 200


@pytest.fixture
def exported(payee: UUID, cashier: Client, approver: Client, today_open: None) -> UUID:
    """A run paid today and given to the bank."""
    today = timezone.localdate()
    cashier.post(reverse("treasury:prepare"), {**posted_day("value_on", today), "paying_account": "main"})
    run = list_runs()[0].public_id
    cashier.post(reverse("treasury:freeze", args=[run]))
    approver.post(reverse("treasury:approve", args=[run]), {"file_sha256": get_run(run).file_sha256})
    cashier.post(reverse("treasury:export", args=[run]))
    return run


def results_file(run_number: int, result: str, reason: str = "") -> SimpleUploadedFile:
    lines = ["支払回番号,明細番号,結果,返戻理由,金額,結果日"]
    lines.append(f"{run_number},1,{result},{reason},30000,{timezone.localdate().isoformat()}")
    return SimpleUploadedFile("results.csv", "\r\n".join(lines).encode("cp932"))


def test_returned_money_is_paid_again(exported: UUID, payee: UUID, cashier: Client) -> None:
    url = reverse("treasury:results", args=[exported])
    answer = cashier.post(url, {"file": results_file(1, "返戻", "口座解約")})
    assert answer.status_code == 303, text(answer)
    assert get_run(exported).returned_count == 1
    page = text(cashier.get(reverse("treasury:returned")))
    assert reverse("treasury:account", args=[payee]) in page
    reopen = page.split('action="/treasury/returned/')[1].split("/")[0]
    cashier.post(reverse("treasury:reopen", args=[reopen]))
    assert (
        cashier.get(reverse("treasury:returned")).content.decode().count(reopen) == 1
    )  # not yet: same account
    with acting_as(CLERK):
        register_account(
            payee=payee,
            account=account_input(number="7777777"),
            source=AccountSource.APPLICATION,
            valid_from=timezone.localdate(),
        )
    cashier.post(reverse("treasury:reopen", args=[reopen]))
    assert reopen not in text(cashier.get(reverse("treasury:returned")))


def test_results_refused_line_by_line(exported: UUID, cashier: Client) -> None:
    url = reverse("treasury:results", args=[exported])
    for upload in (results_file(9, "支払済"), results_file(1, "返戻"), SimpleUploadedFile("x.csv", b"")):
        assert cashier.post(url, {"file": upload}).status_code == 422
    assert cashier.post(url, {}).status_code == 422
    assert get_run(exported).state is RunState.EXPORTED
    answer = cashier.post(url, posted_day("rest_paid_on", timezone.localdate()))
    assert answer.status_code == 303
    assert get_run(exported).state is RunState.SETTLED


def test_results_table_to_fill_in(exported: UUID, cashier: Client) -> None:
    table = cashier.get(reverse("treasury:results_table", args=[exported])).content.decode("utf-8-sig")
    assert table.splitlines() == ["支払回番号,明細番号,結果,返戻理由,金額,結果日", "1,1,,,30000,"]


def test_account_is_registered_in_either_way(payee: UUID, cashier: Client) -> None:
    url = reverse("treasury:account", args=[payee])
    today = timezone.localdate()
    common = {"holder_kana": "いなぎ はなこ", "source": "application", **posted_day("valid_from", today)}
    answer = cashier.post(url, {**common, "symbol": "10180", "passbook_number": "12345671"})
    assert answer.status_code == 303, text(answer)
    with acting_as(CLERK):
        account = find_account(payee, on=today)
    assert account is not None
    assert (account.bank_code, account.branch_code, account.masked_number) == ("9900", "018", "****567")
    stated = {"bank_code": "0001", "branch_code": "001", "kind": "1", "number": "55"}
    assert cashier.post(url, {**common, **stated}).status_code == 303
    assert "****055" in text(cashier.get(url))


@pytest.mark.parametrize(
    "change",
    [
        {"bank_code": "9999"},
        {"number": ""},
        {"symbol": "10180", "passbook_number": "11"},
        {"holder_kana": "花子"},
        {"bank_code": "", "branch_code": "", "number": "", "symbol": "10180", "passbook_number": "22"},
    ],
)
def test_wrong_account_stays_on_the_page(payee: UUID, cashier: Client, change: dict[str, str]) -> None:
    url = reverse("treasury:account", args=[payee])
    data = {
        "bank_code": "0001",
        "branch_code": "001",
        "kind": "1",
        "number": "99",
        "holder_kana": "ハナコ",
        "source": "application",
        **posted_day("valid_from", timezone.localdate()),
    }
    assert cashier.post(url, data | change).status_code == 422


def test_approver_sees_accounts_but_cannot_state_them(payee: UUID, approver: Client) -> None:
    url = reverse("treasury:account", args=[payee])
    assert approver.get(url).status_code == 200
    data = {
        "bank_code": "0001",
        "branch_code": "001",
        "kind": "1",
        "number": "99",
        "holder_kana": "ハナコ",
        "source": "application",
        **posted_day("valid_from", timezone.localdate()),
    }
    assert approver.post(url, data).status_code == 403


def test_paying_account_is_registered(cashier: Client) -> None:
    url = reverse("treasury:paying_accounts")
    data = {
        "code": "main",
        "originator_code": "12",
        "originator_name": "ユイミシ",
        "bank_code": "0001",
        "branch_code": "001",
        "kind": "1",
        "number": "7",
    }
    assert cashier.post(url, data | {"branch_code": "999"}).status_code == 422
    assert cashier.post(url, data).status_code == 303
    assert "****007" in text(cashier.get(url))


def test_searching_people(cashier: Client) -> None:
    url = reverse("treasury:accounts")
    assert cashier.get(url).status_code == 200
    answer = cashier.post(url, {"name": "だれもいない"})
    assert answer.status_code == 200
    assert answer.context["asked"]


def test_a_name_in_the_address_is_not_looked_for(cashier: Client) -> None:
    assert not cashier.get(reverse("treasury:accounts"), {"name": "だれもいない"}).context["asked"]


def test_unknown_things_are_not_found(cashier: Client, till: None) -> None:
    nobody = uuid4()
    for name in ("run", "account", "results", "results_table"):
        assert cashier.get(reverse(f"treasury:{name}", args=[nobody])).status_code == 404
    for name in ("freeze", "export", "reopen", "cancel"):
        assert cashier.post(reverse(f"treasury:{name}", args=[nobody])).status_code == 404


def test_nobody_else_gets_in(body: BodyRef) -> None:
    assert Client().get(reverse("treasury:runs")).status_code == 303

"""What must be in the database after everything, once, and nothing missing; read past our own code."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tests.killing.families import CITY
from tests.killing.machine import Machine, await_it
from tests.killing.steps import Child
from yui.procedures.payments.public import find_branch
from yui.procedures.payments.zengin import read

PROCEDURE, PROGRAMME = "child_allowance.claim", "child_allowance"
_DUE = (
    "SELECT o.public_id, a.bank_code, a.branch_code FROM payments_paymentorder o"
    " JOIN payments_payeeaccount a ON a.payee = o.payee AND NOT a.closes"
    " WHERE o.state = 'open' AND o.due_on <= %s AND o.body_id = (SELECT id FROM tenancy_body WHERE code = %s)"
)


class Truth:
    """Questions to the database of a demo."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def ids(self, sql: str, *values: Any) -> list[Any]:
        """The first column of what a query finds."""
        return [row[0] for row in self.machine.rows(sql, *values)]

    def one(self, what: str, sql: str, *values: Any) -> Any:
        """What is there exactly once."""
        found = self.ids(sql, *values)
        assert len(found) == 1, f"{what}: {len(found)} instead of one"
        return found[0]

    # Births

    def persons(self, child: Child) -> list[tuple[int, UUID]]:
        """Everybody in the household with the child's name, of whatever day and state of knowledge."""
        return self.machine.rows(
            "SELECT DISTINCT p.id, p.public_id FROM people_person p"
            " JOIN people_residentrecord r ON r.person_id = p.id JOIN people_household h ON h.id = r.household_id"
            " WHERE h.household_number = %s AND r.given_name = %s",
            child.family.household,
            child.given,
        )

    def check_birth(self, child: Child) -> None:
        """One person, event, notice, application, decision and entitlement; each step is journalled once."""
        persons = self.persons(child)
        assert len(persons) == 1, f"{child}: {len(persons)} persons"
        pk, person = persons[0]
        event = self.one(
            f"events of {child}", "SELECT public_id FROM people_residentevent WHERE %s = ANY (person_ids)", pk
        )
        case = self.one(
            f"cases of {child}",
            "SELECT public_id FROM cases_case WHERE subject = %s AND procedure = %s AND state = 'decided'",
            person,
            PROCEDURE,
        )
        of_case = "JOIN cases_case c ON c.id = x.case_id WHERE c.public_id = %s"
        self.one(f"applications of {child}", f"SELECT x.id FROM cases_application x {of_case}", case)
        decision = self.one(
            f"decisions of {child}",
            f"SELECT x.public_id FROM cases_decision x {of_case} AND x.result = 'granted'",
            case,
        )
        told = f"SELECT x.public_id FROM cases_notice x {of_case} AND x.kind = %s"
        offer = self.one(f"notices of {child}", told, case, "offer")
        self.one(f"notices of the decision on {child}", told, case, "decision")
        entitled = "SELECT id FROM child_allowance_entitlement WHERE child = %s"
        self.one(f"entitlements for {child}", entitled, person)
        for act, object_id in (
            ("people.birth.recorded", event),
            ("cases.case.opened", case),
            ("cases.notice.sent", offer),
            ("cases.application.submitted", case),
            ("cases.decision.made", decision),
            ("child_allowance.entitlement.begun", self.pseudonym(person)),
        ):
            self.check_journalled(act, object_id)

    def check_nothing_else(self, births: int) -> None:
        """As many births by the desk as there were, and a case and an entitlement for each."""
        recorded = (
            "SELECT count(*) FROM journal_entry WHERE act = 'people.birth.recorded' AND actor_kind = 'staff'"
        )
        assert self.machine.value(recorded) == births

    # Payments

    def first_payment(self, children: Iterable[Child]) -> dt.date:
        """The first day on which all of these families are paid."""
        return max(
            self.machine.value(
                "SELECT min(o.due_on) FROM payments_paymentorder o WHERE o.state = 'open' AND o.id IN"
                " (SELECT order_id FROM payments_coveredentitlement WHERE NOT released AND key LIKE %s)",
                f"{PROGRAMME}:{person}:%",
            )
            for child in children
            for _pk, person in self.persons(child)
        )

    def payable(self, until: dt.date) -> set[UUID]:
        """Open orders that are due and whose payee has an account at a branch that exists."""
        due = self.machine.rows(_DUE, until, CITY)
        return {order for order, bank, branch in due if find_branch(bank, branch) is not None}

    def check_orders(self, children: Iterable[Child]) -> None:
        """Every month of every child is in one order only, none is left out, and each order is journalled once."""
        assert (
            self.ids(
                "SELECT key FROM payments_coveredentitlement WHERE NOT released GROUP BY key HAVING count(*) <> 1"
            )
            == []
        )
        last = self.machine.value(
            "SELECT max(right(key, 7)) FROM payments_coveredentitlement WHERE NOT released"
        )
        for child in children:
            ((_pk, person),) = self.persons(child)
            covered = self.ids(
                "SELECT right(key, 7) FROM payments_coveredentitlement WHERE NOT released AND key LIKE %s ORDER BY 1",
                f"{PROGRAMME}:{person}:%",
            )
            begins = self.machine.value(
                "SELECT from_month FROM child_allowance_entitlement WHERE child = %s", person
            )
            assert covered == _months(begins, last), f"{child} is paid for {covered}"
        placed = (
            "SELECT o.public_id FROM payments_paymentorder o LEFT JOIN journal_entry e"
            " ON e.act = 'payments.order.placed' AND e.object_id = o.public_id::text"
            " GROUP BY o.public_id HAVING count(e.id) <> 1"
        )
        assert self.ids(placed) == []

    def state_of(self, run: str) -> str:
        """How far a run is."""
        return str(
            self.machine.value("SELECT state FROM payments_paymentrun WHERE public_id = %s", _id_in(run))
        )

    def check_run(self, run: str, orders: set[UUID], files: list[bytes]) -> None:
        """The run pays each of these orders once, and the bank file says so, the same at every download."""
        run_id = _id_in(run)
        items = self.machine.rows(
            "SELECT o.public_id, i.amount_yen FROM payments_paymentrunitem i"
            " JOIN payments_paymentrun r ON r.id = i.run_id JOIN payments_paymentorder o ON o.id = i.order_id"
            " WHERE r.public_id = %s",
            run_id,
        )
        assert len(items) == len(orders), f"{len(items)} payments for {len(orders)} orders"
        assert {order for order, _yen in items} == orders
        state, sha256, value_on = self.machine.rows(
            "SELECT state, file_sha256, value_on FROM payments_paymentrun WHERE public_id = %s", run_id
        )[0]
        assert state == "exported"
        assert len(set(files)) == 1, "the downloads differ"
        assert hashlib.sha256(files[0]).hexdigest() == sha256
        (batch,) = read(files[0], near=value_on).batches
        assert sorted(item.amount_yen for item in batch.items) == sorted(yen for _order, yen in items)
        for act in ("prepared", "frozen", "approved"):
            self.check_journalled(f"payments.run.{act}", run_id)
        exported = "SELECT id FROM journal_entry WHERE act = 'payments.run.exported' AND object_id = %s"
        self.one("first downloads", f"{exported} AND (details->>'first')::boolean", run_id)
        assert len(self.ids(exported, run_id)) >= len(files)

    def check_no_run_twice(self) -> None:
        """No order is in two runs that count, and run numbers have neither gaps nor doubles."""
        assert (
            self.ids(
                "SELECT order_id FROM payments_paymentrunitem WHERE outcome <> 'removed'"
                " GROUP BY order_id HAVING count(*) <> 1"
            )
            == []
        )
        numbers = self.ids("SELECT number FROM payments_paymentrun ORDER BY number")
        assert numbers == list(range(1, len(numbers) + 1))

    # Journal and jobs

    def pseudonym(self, person: UUID) -> UUID:
        """What the journal of the city calls this person."""
        secret = (self.machine.demo.state / "secret_key").read_bytes().strip()
        key = hmac.digest(secret, f"journal pseudonym {CITY}".encode(), "sha256")
        return UUID(bytes=hmac.digest(key, person.bytes, "sha256")[:16], version=4)

    def check_journalled(self, act: str, object_id: object) -> None:
        """One entry tells this."""
        self.one(
            f"entries {act} of {object_id}",
            "SELECT id FROM journal_entry WHERE act = %s AND object_id = %s",
            act,
            str(object_id),
        )

    def check_sealed(self) -> None:
        """The journal can be sealed and is intact."""
        sealed = self.machine.demo.run("journal", "seal")
        assert sealed.returncode == 0, sealed.stderr
        verified = self.machine.demo.run("journal", "verify")
        assert verified.returncode == 0, f"{verified.stdout}\n{verified.stderr}"

    def check_jobs(self) -> None:
        """Nothing waits, nothing is being done by a dead worker, nothing was given up, and nothing was done twice."""
        self.machine.await_quiet()
        doing = "SELECT task_name FROM procrastinate_jobs WHERE status = 'doing'"
        await_it(lambda: not self.ids(doing), "no job is being done")
        assert (
            self.ids("SELECT task_name FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing')") == []
        )
        assert self.ids("SELECT job FROM jobs_done GROUP BY body_id, job, key HAVING count(*) <> 1") == []


def _id_in(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _months(first: dt.date, last: str) -> list[str]:
    """Month after month as the register of payments names them."""
    count = (int(last[:4]) - first.year) * 12 + int(last[5:]) - first.month + 1
    return [
        f"{first.year + (first.month - 1 + i) // 12}-{(first.month - 1 + i) % 12 + 1:02}"
        for i in range(count)
    ]

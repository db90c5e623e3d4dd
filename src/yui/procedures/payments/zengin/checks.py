"""What the layout alone cannot see: whether the bank, the branch and the day exist, and doubles."""

from collections.abc import Callable, Iterator
from datetime import date

from yui.procedures.payments.zengin.banks import Branch, bank_exists
from yui.procedures.payments.zengin.fields import problem_at
from yui.procedures.payments.zengin.layout import RecordKind, layout_for
from yui.procedures.payments.zengin.problems import Problem, ProblemCode
from yui.procedures.payments.zengin.records import Header, Item, ZenginFile
from yui.procedures.payments.zengin.writer import encode

FindBranch = Callable[[str, str], Branch | None]

LARGEST_YEN = 9_999_999_999
"""Ten nines: what the amount item can hold. A real payment there is a slip of the pen."""


def check(
    file: ZenginFile,
    *,
    today: date,
    find_branch: FindBranch,
    is_business_day: Callable[[date], bool],
    spell: Callable[[str], str] | None = None,
) -> list[Problem]:
    """Return every problem and doubt of a file about to go to the bank, format included.

    Args:
        today: The day on which the file is made; the transfer day may not lie before it.
        spell: Turns a name of the bank register into the bank's characters, so that a differing bank
            or branch name can be pointed out; without it names are not compared.
    """
    _, problems = encode(file)
    number = 0
    for batch in file.batches:
        number += 1
        problems.extend(_header_problems(batch.header, number, today, find_branch, is_business_day, spell))
        seen: dict[tuple[str, ...], int] = {}
        for item in batch.items:
            number += 1
            problems.extend(_office_problems(item, batch.header, RecordKind.DATA, number, find_branch, spell))
            problems.extend(_item_problems(item, batch.header, number, seen))
        number += 1
    return sorted(problems, key=lambda problem: (problem.record_number, problem.offset or 0))


def _header_problems(
    header: Header,
    number: int,
    today: date,
    find_branch: FindBranch,
    is_business_day: Callable[[date], bool],
    spell: Callable[[str], str] | None,
) -> Iterator[Problem]:
    yield from _office_problems(header, header, RecordKind.HEADER, number, find_branch, spell)
    place = layout_for(header.business, RecordKind.HEADER).by_name["on"]
    if header.on < today:
        yield problem_at(place, number, ProblemCode.DAY_IS_PAST, value=header.on.isoformat())
    elif not is_business_day(header.on):
        yield problem_at(place, number, ProblemCode.NOT_A_BUSINESS_DAY, value=header.on.isoformat())


def _office_problems(
    record: Header | Item,
    header: Header,
    kind: RecordKind,
    number: int,
    find_branch: FindBranch,
    spell: Callable[[str], str] | None,
) -> Iterator[Problem]:
    layout = layout_for(header.business, kind).by_name
    branch = find_branch(record.bank_code, record.branch_code)
    if branch is None and not bank_exists(record.bank_code):
        yield problem_at(layout["bank_code"], number, ProblemCode.UNKNOWN_BANK, value=record.bank_code[:4])
    elif branch is None:
        yield problem_at(
            layout["branch_code"],
            number,
            ProblemCode.UNKNOWN_BRANCH,
            bank=record.bank_code[:4],
            value=record.branch_code[:3],
        )
    elif spell is not None:
        for name, kana in (("bank_name", branch.bank_kana), ("branch_name", branch.branch_kana)):
            stated, expected = getattr(record, name), spell(kana)
            if stated and stated != expected:
                yield problem_at(layout[name], number, ProblemCode.NAME_DIFFERS, expected=expected)


def _item_problems(
    item: Item, header: Header, number: int, seen: dict[tuple[str, ...], int]
) -> Iterator[Problem]:
    place = layout_for(header.business, RecordKind.DATA).by_name["amount_yen"]
    if item.amount_yen == 0:
        yield problem_at(place, number, ProblemCode.AMOUNT_ZERO)
    elif item.amount_yen == LARGEST_YEN:
        yield problem_at(place, number, ProblemCode.AMOUNT_AT_LIMIT)
    key = (
        item.bank_code,
        item.branch_code,
        item.account_kind,
        item.account_number.zfill(7),
        item.name,
        str(item.amount_yen),
    )
    if first := seen.get(key):
        yield Problem(ProblemCode.DUPLICATE, number, details=(("first", first),))
    seen.setdefault(key, number)

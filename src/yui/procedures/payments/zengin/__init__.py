"""全銀協規定形式: the 120-byte files Japanese banks exchange with their customers.

Pure: no database and no clock. Three businesses are covered: 総合振込 (bulk transfer, 21), 給与・賞与
振込 (salary and bonus transfer, 11, 12, 71, 72) and 預金口座振替 (direct debit, 91) with its results.

``write`` turns records into bytes or refuses with every problem it found; ``read`` does the reverse.
Nothing is cut, replaced or guessed on the way: a name that does not fit is a problem, not a shorter
name. ``check`` adds what the layout alone cannot know: the bank, the branch, the business day, doubles.

Source:
    全国銀行協会「全銀協パーソナル・コンピュータ用標準通信プロトコル（ベーシック手順）適用業務および
    レコード・フォーマット」令和元年12月, sections 4, 8, 15, 16 and appendices 1 and 3.
    https://www.zenginkyo.or.jp/fileadmin/res/abstract/efforts/system/jba_protocol_pc.pdf
"""

from yui.procedures.payments.zengin.checks import check
from yui.procedures.payments.zengin.problems import Problem, ProblemCode, Severity, ZenginRefused
from yui.procedures.payments.zengin.reader import read, resolve_month_day, validate
from yui.procedures.payments.zengin.records import (
    AccountKind,
    Batch,
    Business,
    Debit,
    DebitResult,
    Header,
    NewCode,
    Newline,
    Salary,
    Transfer,
    TransferDesignation,
    ZenginFile,
)
from yui.procedures.payments.zengin.writer import write

__all__ = [
    "AccountKind",
    "Batch",
    "Business",
    "Debit",
    "DebitResult",
    "Header",
    "NewCode",
    "Newline",
    "Problem",
    "ProblemCode",
    "Salary",
    "Severity",
    "Transfer",
    "TransferDesignation",
    "ZenginFile",
    "ZenginRefused",
    "check",
    "read",
    "resolve_month_day",
    "validate",
    "write",
]

"""Recomputes published figures from their files alone: Python's own library, nothing else.

A publication is a folder. ``data-*.csv`` hold the rows that the figures are made of, ``definition.json`` says by which
rule, ``result.json`` what came out, ``SHA256SUMS`` the SHA-256 of every other file. A copy of this file lies in each
folder as ``recompute.py``: run ``python recompute.py`` there. Any byte that is not as it was published is named.
"""

import ast
import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import median

DEFINITION, RESULT, SUMS = "definition.json", "result.json", "SHA256SUMS"
KEY = ("area", "period", "status", "vintage")
"""What tells one figure from another; rows of one key make one figure."""
FIXED = (*KEY, "absence", "source", "retrieved_on")
"""Columns of every data file; the columns after them are what the rule computes with."""
NOT_APPLICABLE = "not_applicable"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SUM_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_.-]+)")

Rows = Sequence[Mapping[str, str]]
Key = tuple[str, str, str, str]
Figure = tuple[str | None, str]
"""The value as it is written, or None and why there is none."""


class RuleError(ValueError):
    """A rule, or the rows for it, that cannot be computed."""


def columns_of(rule: str) -> tuple[str, ...]:
    """The columns that a rule computes with, in the order of their first use.

    Raises:
        RuleError: it is no rule.
    """
    tree = _parsed(rule)
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions]
    return tuple(dict.fromkeys(node.id for node in sorted(names, key=lambda one: one.col_offset)))


def figure_of(rule: str, digits: int, rows: Rows) -> Figure:
    """One figure of its rows: exact fractions, rounded once, half away from nought.

    Args:
        rule: ``+ - * /``, brackets, numbers, columns, and ``sum mean median min max`` of a column, ``count()``.
            A bare column is the value of the one row.
        digits: after the decimal point.

    Raises:
        RuleError: a cell is no number, or a bare column has several rows.
    """
    absences = {row["absence"] for row in rows if row["absence"]}
    if absences:
        return None, min(absences)
    try:
        return written(_value(_parsed(rule), rows), digits), ""
    except ZeroDivisionError:
        return None, NOT_APPLICABLE


def written(value: Fraction, digits: int) -> str:
    """A value with exactly so many digits after the point."""
    units = abs(value) * 10**digits
    whole = (units.numerator * 2 + units.denominator) // (units.denominator * 2)
    text = str(whole).zfill(digits + 1)
    sign = "-" if value < 0 and whole else ""
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def figures_of(rule: str, digits: int, rows: Rows) -> dict[Key, Figure]:
    """Every figure of a data file, by :data:`KEY`."""
    groups: dict[Key, list[Mapping[str, str]]] = {}
    for row in rows:
        groups.setdefault(_key(row), []).append(row)
    return {key: figure_of(rule, digits, group) for key, group in groups.items()}


def _key(row: Mapping[str, str]) -> Key:
    return row["area"], row["period"], row["status"], row["vintage"]


def _parsed(rule: str) -> ast.expr:
    try:
        tree = ast.parse(rule.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise RuleError("The rule is no expression.") from None
    _check(tree)
    return tree


def _check(node: ast.expr) -> None:
    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right):
            _check(left)
            _check(right)
        case ast.UnaryOp(ast.USub(), operand):
            _check(operand)
        case ast.Constant(bool() | complex() | str() | bytes() | None):
            raise RuleError("A rule computes with numbers.")
        case ast.Constant(int() | float() as number) if abs(number) < 10**15:
            pass
        case ast.Call(ast.Name("count"), [], []):
            pass
        case ast.Call(ast.Name(name), [ast.Name(column)], []) if name in _FUNCTIONS and _NAME.fullmatch(
            column
        ):
            pass
        case ast.Name(column) if _NAME.fullmatch(column):
            pass
        case _:
            raise RuleError("A rule knows + - * /, brackets, columns, sum, mean, median, min, max and count.")


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


_FUNCTIONS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "sum": lambda values: sum(values, Fraction()),
    "mean": _mean,
    "median": median,
    "min": min,
    "max": max,
}


def _value(node: ast.expr, rows: Rows) -> Fraction:
    match node:
        case ast.BinOp(left, operator, right):
            first, second = _value(left, rows), _value(right, rows)
            match operator:
                case ast.Add():
                    return first + second
                case ast.Sub():
                    return first - second
                case ast.Mult():
                    return first * second
            return first / second
        case ast.UnaryOp(_, operand):
            return -_value(operand, rows)
        case ast.Constant(value):
            return Fraction(str(value))
        case ast.Call(ast.Name("count"), _, _):
            return Fraction(len(rows))
        case ast.Call(ast.Name(name), [ast.Name(column)], _):
            return _FUNCTIONS[name]([_number(row, column) for row in rows])
        case ast.Name(column):
            if len(rows) != 1:
                raise RuleError(f"{column} has {len(rows)} rows; say sum, mean, median, min or max of it.")
            return _number(rows[0], column)
    raise RuleError("The rule is no expression.")


def _number(row: Mapping[str, str], column: str) -> Fraction:
    text = row.get(column, "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
        raise RuleError(
            f"There is no number in the column {column} of {' '.join(row[name] for name in KEY)}."
        )
    return Fraction(text)


def read_rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a data file.

    Raises:
        RuleError: it is no table in UTF-8 with the columns :data:`FIXED` first.
    """
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise RuleError("The data are no CSV in UTF-8.") from None
    if not lines or tuple(lines[0][: len(FIXED)]) != FIXED or len(set(lines[0])) != len(lines[0]):
        raise RuleError(f"The data must begin with the columns {', '.join(FIXED)}.")
    if any(len(line) != len(lines[0]) for line in lines):
        raise RuleError("A row of the data is not as long as the head.")
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def write_rows(rows: Rows, columns: Iterable[str]) -> bytes:
    """A data file: the same rows always give the same bytes."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    head = (*FIXED, *columns)
    writer.writerow(head)
    writer.writerows(sorted([row.get(name, "") for name in head] for row in rows))
    return file.getvalue().encode()


def sha256(content: bytes) -> str:
    """Of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """The file ``SHA256SUMS``, as ``sha256sum --check`` reads it."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()


def find_faults(files: Mapping[str, bytes]) -> list[str]:
    """What in a publication is not as it was published, or does not come out again.

    Args:
        files: every file of the folder.
    """
    sums = files.get(SUMS)
    if sums is None:
        return [f"{SUMS} is missing."]
    others = {name: content for name, content in files.items() if name != SUMS}
    lines = [_SUM_LINE.fullmatch(line) for line in sums.decode("utf-8", "replace").split("\n")[:-1]]
    told = {line[2]: line[1] for line in lines if line}
    faults = [f"{name} is not one of the published files." for name in sorted(set(others) - set(told))]
    faults += [f"{name} is missing." for name in sorted(set(told) - set(others))]
    faults += [
        f"{name} is not as it was published."
        for name in sorted(set(told) & set(others))
        if sha256(others[name]) != told[name]
    ]
    if not faults and sums != sums_of(others):
        faults.append(f"{SUMS} is not as it was published.")
    return faults or _differences(others)


def _differences(files: Mapping[str, bytes]) -> list[str]:
    try:
        definition = json.loads(files[DEFINITION])
        told = json.loads(files[RESULT])
        computed = {
            name: figures_of(definition["formula"], definition["digits"], read_rows(content))
            for name, content in files.items()
            if name.startswith("data-")
        }
        faults = []
        for one in told:
            key = _key(one)
            figure = computed[one["data"]].get(key)
            if figure != (one["value"], one["absence"]):
                found = "nothing" if figure is None else figure[0] or figure[1]
                faults.append(
                    f"{' '.join(filter(None, key))}: {one['value'] or one['absence']}, but {found} comes out."
                )
        return faults
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"The files cannot be read: {error}"]


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def report(folder: Path) -> tuple[list[str], str]:
    """The faults of a folder, and what to say about it."""
    files = read_folder(folder)
    faults = find_faults(files)
    if faults:
        return faults, "\n".join(faults)
    told = json.loads(files[RESULT])
    lines = [
        f"{' '.join(filter(None, (one[name] for name in KEY)))}: {one['value'] or one['absence']}"
        for one in told
    ]
    count = f"{len(told)} figures come out as published. Publication {sha256(files[SUMS])}"
    return [], "\n".join([*lines, count])


def main() -> int:
    """Recompute the folder given, or the one this file lies in."""
    faults, text = report(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
    print(text, file=sys.stderr if faults else sys.stdout)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

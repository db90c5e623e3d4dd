"""One line of the resident import file: the columns of the resident record layout, in its order."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from yui.kernel.calendar.public import PartialDate, format_era
from yui.shell.sample.geography import Municipality
from yui.shell.sample.numbers import Numbers
from yui.shell.sample.structures import Household

HEADINGS = (
    "宛名番号", "世帯番号", "氏", "名", "氏フリガナ", "名フリガナ", "旧氏", "旧氏フリガナ", "生年月日",
    "生年月日不詳表記", "性別", "続柄コード", "続柄", "全国地方公共団体コード", "町字ID", "町字", "番地", "方書",
    "郵便番号", "住民となった年月日", "住民となった事由", "住所を定めた年月日", "届出年月日", "転入前住所", "本籍",
    "筆頭者", "国籍・地域", "在留資格", "在留期間満了日", "住民票コード", "個人番号", "住民でなくなった年月日",
    "住民でなくなった事由",
)  # fmt: skip


@cache
def days_as_text(first: date, last: date) -> list[str]:
    """Return the ISO texts of all days, indexed by ordinal minus that of `first`."""
    start, end = first.toordinal(), last.toordinal()
    return [date.fromordinal(day).isoformat() for day in range(start, end + 1)]


class RecordWriter:
    """Writes the lines of one municipality, handing out numbers as it goes."""

    def __init__(
        self, place: Municipality, index: int, numbers: Numbers, first_serial: int, days: list[str], base: int
    ) -> None:
        """Start numbering.

        Args:
            place: the municipality.
            index: its position in the prefecture; person numbers begin with it.
            numbers: the resident codes of the sample.
            first_serial: residents of the municipalities before this one.
            days: texts of days, see `days_as_text`.
            base: ordinal of the first of them.
        """
        self._place = place
        self._persons = (index + 1) * 100_000_000
        self._households = self._persons + 50_000_000
        self._numbers = numbers
        self._first_serial = first_serial
        self._days = days
        self._base = base

    def number(self, household: Household, serial: int) -> int:
        """Give the household and its people their numbers; return the next free serial."""
        household.number = self._households + serial
        for person in household.members:
            person.number = self._persons + serial
            serial += 1
        return serial

    def serial(self, person_number: int) -> int:
        """Return the serial, inside the municipality, that a person number was made from."""
        return person_number - self._persons

    def my_number_lines(self, household: Household) -> Iterator[str]:
        """Yield person number and practice My Number of a numbered household's people.

        They are kept out of the resident file: an importer that checks the check digit refuses them, as it should.
        """
        for p in household.members:
            serial = self._first_serial + p.number - self._persons
            yield f"{p.number},{self._numbers.my_number(serial)}\n"

    def lines(self, household: Household) -> Iterator[str]:
        """Yield the CSV lines of a numbered household."""
        place, town, days, base = self._place, household.town, self._days, self._base
        resident_code = self._numbers.resident_code
        # No value of the sample holds a comma, quote or line break, so no quoting is needed.
        address = (
            f"{place.code},{town.code},{town.name},{household.block},{household.building},{town.postal_code}"
        )
        for p in household.members:
            serial = self._first_serial + p.number - self._persons
            born = p.born_text or days[p.born - base]
            text = format_era(PartialDate.fromisoformat(born)) if p.born_text else ""
            yield (
                f"{p.number},{household.number},{p.family},{p.given},{p.family_kana},{p.given_kana},"
                f"{p.former},{p.former_kana},{born},{text},{p.sex},{p.relationship},{address},"
                f"{days[p.became - base]},{p.became_by},{days[p.since - base]},{days[p.notified - base]},{p.previous},"
                f"{p.domicile},{p.domicile_head},{p.nationality},{p.status},{p.status_until},"
                f"{resident_code(serial)},,,\n"
            )

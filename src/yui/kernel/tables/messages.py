"""Texts of the codes in reports. Values of cells never stand in them."""

from yui.kernel.text.public import Message


def _(sentence: str) -> str:
    """Mark for translation; ``Message`` translates when it is shown."""
    return sentence


REFUSALS = {
    "empty_file": _("The file is empty. Ask its maker for it again."),
    "missing_file": _("The file %(name)s is not there or cannot be read. Check the path."),
    "encoding": _("The text cannot be decoded: %(detail)s Save it as CSV in UTF-8."),
    "not_a_table": _("This is a %(form)s file, not a table. Give CSV or an Excel workbook."),
    "broken_workbook": _("The workbook cannot be opened. Save it again in a spreadsheet program."),
    "encrypted_workbook": _("The workbook is protected by a password. Give it without one."),
    "zip_content": _("The ZIP holds %(count)s files. Give a ZIP with one CSV, or the CSV itself."),
    "too_large": _("Unpacked, the file would be larger than %(limit)s MB. Split it."),
    "open_quote": _(
        "A quotation mark opened in row %(row)s is never closed, so the rows after it cannot be told apart."
    ),
    "no_rows": _("The file holds no row."),
    "no_header": _("No row of headings was found. The first row must name the columns."),
    "header_only": _("The file holds headings and not one filled row: it is an empty template."),
    "wrong_width": _(
        "The file has %(found)s columns, the layout without headings %(wanted)s: it is another file."
    ),
    "columns_missing": _("Mandatory columns are missing: %(labels)s. Found: %(found)s."),
}

REMARKS = {
    # how the file was understood
    "text_file": _("Text in %(encoding)s, separated by %(delimiter)s."),
    "workbook": _("Excel workbook (%(form)s), sheet “%(sheet)s”."),
    "byte_order_mark": _("Starts with a byte order mark."),
    "zip": _("Unpacked from a ZIP: %(member)s."),
    "header": _("Headings in row %(row)s: %(columns)s columns."),
    "rows": _("%(count)s data rows."),
    "preamble": _("Lines above the headings (titles, comments, settings) kept aside: %(count)s."),
    "linkdata": _("Headings taken from the #property line of a LinkData file."),
    # mended
    "workbook_called_csv": _("The file calls itself CSV and is an Excel workbook; read as one."),
    "encoding_warning": _("Encoding: %(detail)s"),
    "other_sheets": _("Other sheets are not read: %(sheets)s."),
    "joined_header": _("Headings over %(count)s rows joined into one."),
    "heading_breaks": _("Line breaks inside headings removed."),
    "empty_columns": _("%(count)s columns without heading and content left out."),
    "wide_header": _("The heading row is %(count)s cells wider than every data row."),
    "short_rows": _("Rows with fewer cells than headings: missing cells read as empty."),
    "blank_rows": _("Blank rows left out."),
    "footer": _("Rows below the data that are notes or totals left out."),
    "repeated_header": _("Repeated heading rows left out."),
    "line_breaks": _("Cells with line breaks read as one cell."),
    "loose_quotes": _("Quotation marks inside unquoted cells, or text after a closing one; read as written."),
    "trimmed": _("%(label)s: spaces around the value removed."),
    "folded_width": _("%(label)s: full-width letters and digits read as half-width."),
    "era_date": _("%(label)s: Japanese era dates converted."),
    "lenient_date": _("%(label)s: dates not written as YYYY-MM-DD converted."),
    "odd_date": _("%(label)s: dates with an odd era, a time of day or “about” (頃) read as the day meant."),
    "zeros_filled": _("%(label)s: leading zeros added."),
    "thousands": _("%(label)s: commas, currency signs or units removed."),
    "meaning_for_code": _("%(label)s: the meaning was written instead of the code; code put in."),
    "respelled": _("%(label)s: brought to the usual spelling."),
    # doubted
    "unnamed_columns": _("Columns with content but no heading: %(columns)s."),
    "repeated_heading": _("Headings that stand more than once; the leftmost counts: %(labels)s."),
    "surplus_cells": _("Rows with more cells than headings: values may stand under the wrong heading."),
    "second_block": _("After a gap another block with its own headings seems to begin."),
    "kept_as_text": _("%(label)s: not readable as %(type)s, kept as text."),
    "unknown_columns": _("Columns that the layout does not know, kept as text: %(labels)s."),
    "absent_columns": _("Columns of the layout that the file does not carry: %(count)s."),
    # refused
    "refused_rows": _("Rows refused (%(label)s): %(reason)s"),
}

PROBLEMS = {
    "empty": _("must not be empty"),
    "too_long": _("longer than %(limit)s characters"),
    "pattern": _("not in the prescribed form"),
    "not_in_list": _("not in the code list"),
    "inexact_date": _("day or month is unknown; a whole date is needed"),
    "not_a_mark": _("neither ○, △ nor ×"),
    "not_a_time": _("not a time of day (HH:MM)"),
    "not_a_phone": _("not one telephone number"),
    "not_degrees": _("not a latitude or longitude in decimal degrees"),
    "out_of_range": _("outside the possible range"),
    "not_a_url": _("not a web address"),
    "unreadable_character": _("holds a character that was lost before (U+FFFD)"),
    "surplus_cells": _("the row has %(count)s cells, the headings are %(columns)s; values may be shifted"),
}

TYPE_NAMES = {
    "text": _("text"),
    "code": _("code"),
    "integer": _("whole number"),
    "yen": _("amount in yen"),
    "date": _("date"),
    "partial_date": _("date"),
    "boolean": _("○ △ ×"),
    "time": _("time of day"),
    "phone": _("telephone number"),
    "latitude": _("latitude"),
    "longitude": _("longitude"),
    "url": _("web address"),
}

REJECT_HEADINGS = (_("Row number"), _("Columns"), _("Reasons"))


def problem(code: str, /, **params: str | int) -> Message:
    """The message of a cell problem."""
    return Message(code, PROBLEMS[code], params)

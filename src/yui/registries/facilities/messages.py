"""Texts of this app's remarks, cell problems and refusals. Values of cells never stand in them."""

from yui.kernel.text.public import Message


def _(sentence: str) -> str:
    """Mark for translation; ``Message`` translates when it is shown."""
    return sentence


REASONS = {
    "no_name": _("no name"),
    "no_place": _("neither an address nor a position"),
    "other_body": _("belongs to another local government (%(code)s)"),
    "same_key": _("the same facility stands in row %(row)s with other facts"),
}

REFUSALS = {
    "not_facilities": _("This is “%(dataset)s”, a list that names no facilities."),
    "no_name_column": _("No column holds names of facilities. Found: %(found)s."),
    "no_place_column": _("No column holds addresses or positions. Found: %(found)s."),
    "template_of": _("Empty template of “%(dataset)s”: headings and not one filled row."),
    "no_row_accepted": _("Not one row could be taken over."),
}

REMARKS = {
    "recognised_headings": _("Recognised by its headings: %(dataset)s (%(kind)s)."),
    "recognised_title": _("Recognised by the title above the headings: %(dataset)s (%(kind)s)."),
    "recognised_file_name": _("Recognised by the file name: %(dataset)s (%(kind)s)."),
    "recognised_folder": _("Recognised by the folder name: %(dataset)s (%(kind)s)."),
    "recognised_caller": _("Read as you said: %(dataset)s (%(kind)s)."),
    "recognised_nothing": _("What kind of facilities these are is not told; kept as “other”. Use --kind."),
    "governments": _("Rows of: %(areas)s."),
    "name_in_subject": _("The names stand in the first column without a heading of their own."),
    "name_line_breaks": _("Line breaks inside names replaced by a space."),
    "keys_by_number": _("Facilities are told apart by the column “%(label)s”."),
    "keys_by_place": _("Facilities are told apart by name and address, since no number is given for each."),
    "numbers_repeated": _(
        "The column “%(label)s” gives one number to several rows; name and address are used."
    ),
    "same_rows": _("Rows that repeat another row word for word left out."),
    "swapped": _("Latitude and longitude were exchanged; put right."),
    "outside_japan": _("Positions outside Japan are kept as text."),
    "half_position": _("Only one of latitude and longitude is given; kept as text."),
    "bad_area_code": _("Area codes with a wrong check digit or form are kept as text."),
    "code_completed": _("Area codes without check digit or leading zero completed."),
    "code_against_name": _("Area code and name of the municipality do not agree."),
    "title_against_rows": _("The title speaks of %(title)s, the rows are of %(rows)s."),
    "bad_corporate_number": _("Corporate numbers with a wrong check digit are kept as text."),
    "gone": _("In the register from an earlier file of this kind, not in this one; left as they are."),
}


def reason(code: str, /, **params: str | int) -> Message:
    """Why a row is refused."""
    return Message(code, REASONS[code], params)


def refusal(code: str, /, **params: str | int) -> str:
    """Why a file is refused, in the active language."""
    return str(Message(code, REFUSALS[code], params))

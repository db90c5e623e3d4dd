"""What may stand in a log: that something failed and where, never the rows it failed on."""

import logging
import re

# PostgreSQL tells the values of the row it refused ("Failing row contains (…)", "Key (name)=(…)") and of the statement.
_VALUES = re.compile(r"^(DETAIL|CONTEXT|HINT|QUERY):.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


class WithoutValues(logging.Formatter):
    """Leaves out of a failure what the database says about the values of a row."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, without values."""
        return _VALUES.sub(r"\1: (left out)\n", super().format(record)).rstrip("\n")

"""What the settings promise about logs, sessions and the address people use."""

import logging

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from yui.config import settings as as_read
from yui.config.logs import WithoutValues
from yui.kernel.tenancy.public import BodyRef


def test_a_log_never_tells_the_row_that_the_database_refused(body: BodyRef) -> None:
    heard: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(WithoutValues("{message}", style="{"))
    handler.emit = lambda record: heard.append(handler.format(record))  # type: ignore[method-assign]
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE person (name text CHECK (name = '')) ON COMMIT DROP")
            cursor.execute("INSERT INTO person VALUES ('結城 花子')")
    except IntegrityError:
        logger.exception("It failed.")
    finally:
        logger.removeHandler(handler)
    assert "person_name_check" in heard[0]
    assert "Traceback" in heard[0]
    assert "結城" not in heard[0].replace("INSERT INTO person VALUES ('結城 花子')", "")


def test_every_handler_writes_without_values() -> None:
    formatters = settings.LOGGING["formatters"]
    handlers = settings.LOGGING["handlers"].values()
    assert {formatters[handler["formatter"]]["()"] for handler in handlers} == {
        "yui.config.logs.WithoutValues"
    }


def test_a_session_ends_with_the_browser() -> None:
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert settings.SESSION_COOKIE_HTTPONLY


def test_forms_are_accepted_from_the_address_people_use() -> None:
    """Behind a proxy that ends TLS, the web process itself sees plain HTTP."""
    assert settings.CSRF_TRUSTED_ORIGINS == [as_read.BASE_URL]

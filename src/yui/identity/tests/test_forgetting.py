"""Sessions that have ended leave nothing behind."""

import datetime as dt

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from yui.identity.sessions import forget_ended_sessions


def test_ended_sessions_are_deleted_and_open_ones_stay(db: None) -> None:
    ended, going_on = SessionStore(), SessionStore()
    for store in (ended, going_on):
        store["identity_name"] = "x"
        store.save()
    Session.objects.filter(pk=ended.session_key).update(expire_date=timezone.now() - dt.timedelta(minutes=1))
    forget_ended_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [going_on.session_key]

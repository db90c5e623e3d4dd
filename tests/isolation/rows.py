"""Makes a valid row of any tenant table, from the table's own description."""

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField
from django.db import models
from django.utils import timezone
from psycopg.types.range import DateRange, TimestamptzRange

from yui.kernel.tenancy.public import TenantForeignKey, TenantModel

# Where a table's own checks ask for particular values.
ACCOUNT = {"bank_code": "0001", "branch_code": "001", "kind_code": "1", "number": "1234567"}
SPECIAL: dict[str, dict[str, Any]] = {
    "payments.payingaccount": {**ACCOUNT, "originator_code": "1234567890"},
    "payments.payeeaccount": {**ACCOUNT, "holder_kana": "ﾕｲ", "closes": False, "source": "application"},
    "payments.paymentresult": {"outcome": "paid", "reason": ""},
    "people.residentrecord": {"ended_by": ""},
    "evidence.handentry": {"looked_by": ""},
    "evidence.observation": {
        "area_code": "130001",
        "period_kind": "days",
        "period_until": dt.date(2026, 4, 2),
        "status": "projection",
    },
    "evidence.snapshot": {"content": b"", "sha256": hashlib.sha256(b"").hexdigest()},
}


def insert_row(model: type[TenantModel], **given: Any) -> int:
    """Insert one row with plausible values, and what it refers to; returns its id."""
    values = {**SPECIAL.get(model._meta.label_lower, {}), **given}
    for field in model._meta.local_concrete_fields:
        if field.primary_key or field.name in values or field.attname in values or field.name == "body":
            continue
        if isinstance(field, TenantForeignKey):
            if field.null and field.related_model is model:
                continue
            values[field.attname] = insert_row(field.related_model)
        elif (
            field.has_default()
            or field.db_default is not models.NOT_PROVIDED
            or (field.null and not field.unique)
        ):
            continue
        else:
            values[field.attname] = _value(field)
    row = model(**values)
    row.save(force_insert=True)
    return int(row.pk)


def _shared(model: type[models.Model]) -> Any:
    """A row of a table that belongs to no body."""
    found = model._base_manager.values_list("pk", flat=True).first()
    if found is not None:
        return found
    values = {
        field.attname: _value(field)
        for field in model._meta.local_concrete_fields
        if not field.primary_key and not field.has_default() and not field.null and not field.blank
    }
    return model._base_manager.create(**values).pk


def _value(field: models.Field) -> Any:
    if field.choices:
        return next(iter(dict(field.flatchoices)))
    unique = uuid.uuid4()
    match field:
        case models.UUIDField():
            return unique
        case models.DateTimeField():
            return timezone.now()
        case models.DateField():
            return dt.date(2026, 4, 1)
        case DateRangeField():
            return DateRange(dt.date(2026, 4, 1), None)
        case DateTimeRangeField():
            return TimestamptzRange(timezone.now(), None)
        case models.BooleanField():
            return False
        case models.DecimalField() | models.IntegerField():
            return 1
        case models.BinaryField():
            return unique.bytes
        case models.JSONField():
            return {}
        case ArrayField():
            return []
        case models.ForeignKey():
            return _shared(field.related_model)
        case _:
            return unique.hex[: field.max_length or 32]

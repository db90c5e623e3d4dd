"""How a service works, read from a file, kept by version, asked for a day."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from pydantic import ConfigDict, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.services.transit.apps import MANAGE
from yui.services.transit.contracts import (
    BookingWindow,
    Definition,
    Discount,
    Fares,
    Hours,
    Limits,
    Stop,
    TransitRefused,
)
from yui.services.transit.models import ServiceVersion

for _part in (Definition, Hours, BookingWindow, Limits, Fares, Discount, Stop):
    # A misspelt item is a mistake, not something to pass over.
    setattr(_part, "__pydantic_config__", ConfigDict(extra="forbid"))  # noqa: B010 - pydantic reads it by this name
_FORM = TypeAdapter(Definition)
_BETWEEN = " - "


def read_definition(path: Path) -> Definition:
    """A definition from a YAML file.

    Raises:
        TransitRefused: the file is no definition; says at which item and why.
    """
    try:
        kept = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        told = gettext_noop("The file cannot be read as YAML: %(why)s")
        raise TransitRefused(Message("no_yaml", told, {"why": str(error).splitlines()[0]})) from error
    return _definition(kept)


def _definition(kept: Any) -> Definition:
    try:
        definition = _FORM.validate_python(_in(kept))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        told = gettext_noop("%(item)s: %(why)s")
        raise TransitRefused(Message("definition", told, {"item": place, "why": first["msg"]})) from error
    for problem in _problems(definition):
        raise TransitRefused(problem)
    return definition


def _problems(definition: Definition) -> list[Message]:
    """What no type can say."""
    found = []
    if len(definition.area) < 3:
        found.append(Message("area", gettext_noop("The area has fewer than three corners.")))
    if any(hours.closes <= hours.opens for hours in definition.hours):
        found.append(Message("hours", gettext_noop("The service closes after it opens.")))
    codes = [stop.code for stop in definition.stops]
    if len(set(codes)) != len(codes):
        found.append(Message("stops", gettext_noop("Two meeting points have the same code.")))
    priced = [fares for fares in definition.fares if fares.flat_yen is not None or fares.zones]
    if len(priced) != len(definition.fares) or not priced:
        found.append(Message("fares", gettext_noop("A fare is either one price or priced by zones.")))
    if definition.fares and min(fares.valid_from for fares in definition.fares) > definition.valid_from:
        found.append(Message("fares_from", gettext_noop("There is no fare on the first day of the service.")))
    return found


def _in(kept: Any) -> Any:
    """Zones are written ``A - B``."""
    if not isinstance(kept, Mapping) or not isinstance(kept.get("fares"), list):
        return kept
    fares = [
        {**one, "zones": {tuple(str(pair).split(_BETWEEN)): yen for pair, yen in one["zones"].items()}}
        if isinstance(one, Mapping) and isinstance(one.get("zones"), Mapping)
        else one
        for one in kept["fares"]
    ]
    return {**kept, "fares": fares}


def _out(definition: Definition) -> Any:
    kept = _FORM.dump_python(definition, mode="json")
    for one, fares in zip(kept["fares"], definition.fares, strict=True):
        one["zones"] = {_BETWEEN.join(pair): yen for pair, yen in fares.zones.items()}
    return kept


def define_service(definition: Definition) -> None:
    """Keep a version of a service of the active body. The same again adds nothing.

    Raises:
        PermissionRefused: ``transit.service.manage`` is missing.
    """
    require(MANAGE)
    kept = _out(definition)
    newest = _newest(definition.valid_from).filter(code=definition.code).first()
    if newest is not None and ServiceVersion.objects.get(pk=newest).definition == kept:
        return
    ServiceVersion.objects.create(
        code=definition.code,
        valid_from=definition.valid_from,
        definition=kept,
        recorded_by=current_actor().public_id,
    )
    record("transit.service.defined", object_kind="transit_service", object_id=definition.code)


def get_service(code: str, day: dt.date) -> Definition:
    """How a service works on a day.

    Raises:
        TransitRefused: there is no such service on that day.
    """
    newest = _newest(day).filter(code=code).first()
    if newest is None:
        raise TransitRefused(Message("no_service", gettext_noop("There is no such service on that day.")))
    return _version(newest)


@lru_cache(maxsize=64)
def _version(row: int) -> Definition:
    """A version, which never changes and is read once; who may see it is settled by whether its row was found."""
    return _definition(ServiceVersion.objects.get(pk=row).definition)


def list_services_on(day: dt.date) -> list[Definition]:
    """The services of the active body on a day, by code."""
    return sorted(map(_version, _newest(day)), key=attrgetter("code"))


def _newest(day: dt.date) -> "QuerySet[ServiceVersion, int]":
    """Rows of the versions in force on a day, one of each service."""
    known = ServiceVersion.objects.filter(valid_from__lte=day).distinct("code")
    return known.order_by("code", "-valid_from", "-recorded_at", "-pk").values_list("pk", flat=True)

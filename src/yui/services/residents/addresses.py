"""Addresses completed from the area registry, and written out in full."""

from dataclasses import replace

from yui.kernel.tenancy.public import current_body
from yui.registries.areas.public import find_area, list_towns
from yui.registries.people.public import Address


def town_names() -> list[str]:
    """The towns of the active body, to be offered while typing."""
    return sorted({town.name for town in list_towns(current_body().code)})


def complete(address: Address) -> Address:
    """The address with the code of its town, and its postal code where the town has only one."""
    for town in list_towns(current_body().code):
        if town.name == address.town:
            postal = address.postal_code or (town.postal_codes[0] if len(town.postal_codes) == 1 else "")
            return replace(address, town_code=town.town_code, postal_code=postal)
    return address


def full_line(address: Address) -> str:
    """The address with prefecture and municipality, as a certificate states it."""
    body = current_body()
    area = find_area(address.lg_code or body.code)
    return f"{area.full_name if area else body.name}{address.line}"

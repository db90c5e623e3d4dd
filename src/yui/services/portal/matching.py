"""Who a signed-in resident is in the registry of the chosen municipality."""

from uuid import UUID

from yui.identity.public import SignedIn
from yui.registries.people.public import MatchRefused, match_four_attributes


def find_registry_person(signed_in: SignedIn) -> UUID | None:
    """The person with the name, birthday, address and sex that the sign-in provider vouches for, or None."""
    facts = signed_in.facts
    try:
        return match_four_attributes(
            account=signed_in.account,
            name=facts.name,
            birthdate=facts.born_on,
            address=facts.address,
            gender=facts.sex,
        )
    except MatchRefused:
        return None

"""What the law says about copies of the resident record. Pure."""

from collections.abc import Set

from yui.services.residents.contracts import ApplicantKind, OptionalItem

GROUNDS: dict[ApplicantKind, str] = {
    ApplicantKind.SELF: "住民基本台帳法12条1項",
    ApplicantKind.AGENT: "住民基本台帳法12条1項・4項",
    ApplicantKind.AUTHORITY: "住民基本台帳法12条の2",
    ApplicantKind.OTHERS: "住民基本台帳法12条の3",
}
"""The article on which each kind of applicant gets a copy.

Source:
    住民基本台帳法 (昭和42年法律第81号), articles 12 to 12-3; of a removed record article 15-4 in the same order.
"""

REMOVED_GROUND = "住民基本台帳法15条の4"

NUMBERS: frozenset[OptionalItem] = frozenset({OptionalItem.MY_NUMBER, OptionalItem.RESIDENT_CODE})


def refused_items(applicant: ApplicantKind, items: Set[OptionalItem]) -> frozenset[OptionalItem]:
    """Items that this applicant cannot get: both numbers are for the persons themselves.

    Source:
        住民基本台帳法 articles 12-2 and 12-3: copies without the items of article 7, items 8-2 and 13.

    Example:
        >>> sorted(refused_items(ApplicantKind.OTHERS, {OptionalItem.MY_NUMBER, OptionalItem.DOMICILE}))
        [<OptionalItem.MY_NUMBER: 'my_number'>]
    """
    if applicant in (ApplicantKind.SELF, ApplicantKind.AGENT):
        return frozenset()
    return NUMBERS & frozenset(items)


def ground_of(applicant: ApplicantKind, *, removed: bool) -> str:
    """The article a copy is issued on."""
    return REMOVED_GROUND if removed else GROUNDS[applicant]

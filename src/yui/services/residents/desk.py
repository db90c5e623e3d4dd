"""The changes a clerk can begin at the desk: their tiles, their reason, and where they begin for a person found."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yui.registries.people.public import ResidentView, Sex
from yui.services.residents.errands import ErrandReason


@dataclass(frozen=True)
class Task:
    """One thing done at the desk.

    Attributes:
        code: stable name in addresses.
        about: ``person`` or ``household``: what has to be found first; ``nothing`` begins at once.
    """

    code: str
    label: Promise
    hint: Promise
    icon: str
    reason: ErrandReason
    permission: str
    url_name: str
    about: str

    def start_url(self, resident: ResidentView) -> str:
        """Where the task begins for somebody who was found."""
        target: UUID = resident.person if self.about == "person" else resident.household
        url = reverse(self.url_name, args=[target])
        if self.code == "birth" and resident.sex is not Sex.MALE:
            url += f"?mother={resident.person}"
        return url


_CHANGE = "residents.record.change"
TASKS: dict[str, Task] = {
    task.code: task
    for task in (
        Task(
            "birth", _("Birth"), _("Find the mother or her household"), "baby",
            ErrandReason.NOTIFICATION, _CHANGE, "residents:birth", "household",
        ),
        Task(
            "death", _("Death"), _("Find the person"), "circle",
            ErrandReason.NOTIFICATION, _CHANGE, "residents:death", "person",
        ),
        Task(
            "move_in", _("Move in"), _("New household, or joining one"), "sign-in",
            ErrandReason.NOTIFICATION, _CHANGE, "residents:move_in", "nothing",
        ),
        Task(
            "move_out", _("Move out"), _("Find the household"), "sign-out",
            ErrandReason.NOTIFICATION, _CHANGE, "residents:move_out", "household",
        ),
        Task(
            "move_within", _("Move within the municipality"), _("Find the household"), "truck",
            ErrandReason.NOTIFICATION, _CHANGE, "residents:move_within", "household",
        ),
        Task(
            "household_change", _("Household change"), _("Split, merge, head, relationship"), "family",
            ErrandReason.NOTIFICATION, _CHANGE, "residents:household_change", "household",
        ),
        Task(
            "correction", _("Correction ex officio"), _("Find the person"), "pencil",
            ErrandReason.EX_OFFICIO, _CHANGE, "residents:correct", "person",
        ),
        Task(
            "certificate", _("Copy of the resident record"), _("Find the household"), "document",
            ErrandReason.COUNTER_REQUEST, "residents.certificate.issue", "residents:certificate", "household",
        ),
        Task(
            "protection", _("Protection measure"), _("Find the person"), "lock",
            ErrandReason.PROTECTION, "residents.protection.manage", "residents:protection", "person",
        ),
    )
}  # fmt: skip
"""Tasks by code, in the order of the tiles."""

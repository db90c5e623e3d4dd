"""Tables of programmes."""

from typing import ClassVar

from django.db import models

from yui.kernel.tenancy.public import TenantModel


class NextCriticalDate(TenantModel):
    """The next first of a month from which the decision about a group changes though no fact does.

    A birthday or the end of a fiscal year is then a range of an index, not a computation over everybody. A group for
    which nothing changes any more has no row.
    """

    programme = models.CharField(max_length=60)
    person = models.UUIDField()
    on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "programme", "person"], name="next_critical_date_once")
        ]
        indexes: ClassVar = [models.Index(fields=["body", "on"], name="next_critical_date_by_day")]

    def __str__(self) -> str:
        return f"{self.programme} {self.on}"

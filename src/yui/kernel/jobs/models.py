"""What has been done already."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from yui.kernel.tenancy.public import TenantModel


class Done(TenantModel):
    """A job of a body that must not be done twice, written in the transaction of its work."""

    job = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    done_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "done"
        constraints: ClassVar = [models.UniqueConstraint(fields=["body", "job", "key"], name="job_done_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.key}"

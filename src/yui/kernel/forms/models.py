"""What has been sent, so that nothing is done twice."""

from typing import ClassVar

from django.db import models

from yui.kernel.tenancy.public import TenantModel


class Submission(TenantModel):
    """One page that somebody sent and that was acted on; made in the same transaction as what it caused.

    The digest is keyed, so that the row says nothing about what was entered.
    """

    token = models.UUIDField()
    actor = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    result_url = models.CharField(max_length=2000, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "token"], name="forms_submission_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["sent_at"])]

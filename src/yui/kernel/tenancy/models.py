"""Bodies, and the base of every row that belongs to one."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from yui.kernel.tenancy.contracts import BodyKind
from yui.kernel.tenancy.scope import current_body, current_body_id


class Body(models.Model):
    """A nation, prefecture, municipality or other body for a span of days.

    Mergers end one body and begin another; an ended body keeps its rows.
    """

    code = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=100)
    name_kana = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in BodyKind])
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "bodies"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="body_valid_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


M = TypeVar("M", bound="TenantModel")


class TenantManager(models.Manager[M]):
    """Refuses to build a query while no body is active."""

    def get_queryset(self) -> models.QuerySet[M]:
        """All rows of the active body.

        Raises:
            NoActiveBody: outside any scope.
        """
        current_body()
        return super().get_queryset()


class TenantForeignKey(models.ForeignKey):
    """A reference from one row of a body to another row of the same body.

    PostgreSQL checks plain foreign keys without row-level security, so a plain one could point into another body.
    The real constraint is composite, ``(body_id, x_id)``, and is made by ``EnableTenancy``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Leave out what ``__init__`` always sets."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs


class TenantModel(models.Model):
    """The base of every row that belongs to a body. Its migration must name it in ``EnableTenancy``.

    ``body`` has no foreign key and no index of its own: row-level security lets in the active body only, which
    exists and is never deleted, and the key ``(body_id, id)`` serves every look-up. A hundred thousand rows of an
    import are not checked twice.
    """

    body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        related_name="+",
        default=current_body_id,
        editable=False,
        db_constraint=False,
        db_index=False,
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True

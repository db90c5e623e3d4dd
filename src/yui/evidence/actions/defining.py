"""Laying down what is counted, and which projections are known."""

from yui.evidence.apps import DEFINE
from yui.evidence.contracts import Definition, EvidenceRefused, Vintage
from yui.evidence.models import DefinitionVersion, ProjectionVintage
from yui.evidence.stored import definition_of, plain, read_definition, row_of
from yui.kernel.access.public import require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop


def publish_definition(definition: Definition) -> bool:
    """Add a version of an indicator to the active body; it never changes from then on.

    Returns:
        Whether it is new; the same version with the same words is known already.

    Raises:
        EvidenceRefused: the version exists and says something else, or it is not whole.
        PermissionRefused: ``evidence.definition.publish`` is missing.
    """
    require(DEFINE)
    read_definition(plain(definition))
    known = DefinitionVersion.objects.filter(code=definition.code, version=definition.version).first()
    if known is not None:
        if definition_of(known) == definition:
            return False
        told = gettext_noop(
            "Version %(version)d of %(code)s is published and stays as it is. Give what changed a new version."
        )
        words: dict[str, str | int] = {"version": definition.version, "code": definition.code}
        raise EvidenceRefused(Message("definition_stays", told, words))
    row_of(definition).save(force_insert=True)
    record(
        "evidence.definition.published",
        object_kind="definition",
        object_id=f"{definition.code}/{definition.version}",
    )
    return True


def register_vintage(vintage: Vintage) -> bool:
    """Make a release of a projection known to the active body, with the values it is known to hold.

    Returns:
        Whether it is new.

    Raises:
        EvidenceRefused: another release is known by this code.
        PermissionRefused: ``evidence.definition.publish`` is missing.
    """
    require(DEFINE)
    figures = {
        code: {
            area: {period: str(value) for period, value in values.items()} for area, values in areas.items()
        }
        for code, areas in vintage.figures.items()
    }
    told = {
        "name": vintage.name,
        "variant": vintage.variant,
        "base_on": vintage.base_on,
        "population": vintage.population,
        "source": vintage.source,
        "figures": figures,
    }
    known = ProjectionVintage.objects.filter(code=vintage.code).first()
    if known is not None:
        if all(getattr(known, name) == value for name, value in told.items()):
            return False
        raise EvidenceRefused(
            Message(
                "vintage_stays",
                gettext_noop("%(code)s is known as another release; give this one a code of its own."),
                {"code": vintage.code},
            )
        )
    ProjectionVintage(code=vintage.code, **told).save(force_insert=True)
    record("evidence.vintage.registered", object_kind="vintage", object_id=vintage.code)
    return True

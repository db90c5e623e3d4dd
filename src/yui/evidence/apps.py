"""What evidence says about itself."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Role, ServiceConfig

DEFINE = "evidence.definition.publish"
RECORD = "evidence.figure.record"
ENTER = "evidence.figure.enter"
CONFIRM = "evidence.figure.confirm"
PUBLISH = "evidence.figure.publish"


class EvidenceConfig(ServiceConfig):
    """Indicators, their figures, and what is published of them."""

    name = "yui.evidence"
    label = "evidence"
    title = _("Figures")
    summary = _("Indicators with their definitions, figures that anyone can recompute")
    permissions = {
        DEFINE: _("Lay down what an indicator says"),
        RECORD: _("Take over figures from services and files"),
        ENTER: _("Enter figures by hand"),
        CONFIRM: _("Look at figures that others entered"),
        PUBLISH: _("Publish figures"),
    }
    roles = (
        Role("figures_officer", _("Officer for figures"), frozenset({DEFINE, RECORD, ENTER})),
        Role("figures_checker", _("Second look at figures"), frozenset({CONFIRM, PUBLISH})),
    )
    acts = {
        "evidence.definition.published": _("It was laid down what an indicator says"),
        "evidence.vintage.registered": _("A release of a projection was registered"),
        "evidence.figures.recorded": _("Figures without names were taken over"),
        "evidence.figure.entered": _("A figure was entered by hand"),
        "evidence.figure.confirmed": _("A figure entered by hand was confirmed"),
        "evidence.figure.refused": _("A figure entered by hand was refused"),
        "evidence.figures.published": _("Figures without names were published"),
    }

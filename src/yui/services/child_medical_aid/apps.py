"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class ChildMedicalAidConfig(ServiceConfig):
    """子ども医療費助成 in the forms that municipalities give it."""

    name = "yui.services.child_medical_aid"
    title = _("Medical aid for children")
    summary = _("What is left to pay at the doctor, taken over by the municipality.")

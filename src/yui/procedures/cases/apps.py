"""The cases app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class CasesConfig(ServiceConfig):
    """Procedures at work: notices, applications, decisions."""

    name = "yui.procedures.cases"
    title = _("Procedures")
    permissions = {
        "cases.case.read": _("Read cases"),
        "cases.case.enter": _("Enter an application for a resident"),
        "cases.case.decide": _("Decide cases that the rules leave open"),
    }
    acts = {
        "cases.notice.sent": _("A notice was sent to you"),
        "cases.notice.read": _("A notice was opened"),
        "cases.case.opened": _("A procedure was started for you"),
        "cases.case.read": _("A procedure of yours was looked at"),
        "cases.case.listed": _("Your procedures were listed"),
        "cases.application.filled": _("An application was filled in from the registers"),
        "cases.application.submitted": _("An application was sent"),
        "cases.application.withdrawn": _("An application was withdrawn"),
        "cases.decision.made": _("A decision was made"),
        "cases.case.voided": _("A procedure was stopped because the register changed"),
    }

    def ready(self) -> None:
        from yui.kernel.jobs.public import every_day, subscribe

        subscribe("resident.record.cancelled", "cases.void_about")
        every_day("cases.sweep_day")

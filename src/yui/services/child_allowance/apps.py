"""The child allowance says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Audience, NavItem, Role, ServiceConfig


class ChildAllowanceConfig(ServiceConfig):
    """児童手当: from the birth of a child to the month after which nothing is due any more."""

    name = "yui.services.child_allowance"
    title = _("Child allowance")
    summary = _("Claims that come filled in, decisions with their reasons, payments every other month.")
    url_prefix = "child-allowance"
    permissions = {
        "child_allowance.case.examine": _("Examine child allowance cases"),
    }
    roles = (
        Role(
            "allowance_officer",
            _("Child allowance officer"),
            frozenset(
                {"child_allowance.case.examine", "cases.case.read", "cases.case.enter", "cases.case.decide"}
            ),
        ),
    )
    navigation = (
        NavItem(
            _("Child allowance"),
            "child_allowance:desk",
            Audience.STAFF,
            permission="child_allowance.case.examine",
            order=40,
        ),
    )
    acts = {
        "child_allowance.entitlement.begun": _("An entitlement to child allowance began"),
        "child_allowance.entitlement.ended": _("An entitlement to child allowance ended"),
        "child_allowance.entitlement.resumed": _("An entitlement to child allowance goes on after all"),
        "child_allowance.support.declared": _("Support for a child of 18 to 22 was declared"),
        "child_allowance.support.ended": _("Support for a child of 18 to 22 ended"),
        "child_allowance.payments.planned": _("Payments of child allowance were planned"),
        "child_allowance.recipient.recorded": _("The recipient of child allowance was recorded"),
    }

    events = {
        "child_allowance.claimant.sought": _("Another parent may claim child allowance"),
        "child_allowance.difference.found": _("What was paid for past months differs from what was due"),
        "child_allowance.change.reached": _("A month has come from which a decision may be another"),
        "resident.third_birthday.reached": _("A child turns three"),
        "fiscal_year.end.approaching": _("The fiscal year comes to its end"),
    }

    def ready(self) -> None:
        from yui.kernel.jobs.public import every_day, subscribe
        from yui.procedures.cases.public import register
        from yui.procedures.programmes.public import register_population
        from yui.services.child_allowance.population import list_families
        from yui.services.child_allowance.procedures import all_procedures

        for procedure in all_procedures():
            register(procedure)
        register_population("child_allowance", list_families)
        every_day("child_allowance.plan_all")
        subscribe("programmes.date.reached", "child_allowance.look_again")
        # What changes an amount of a past or coming month without any procedure of ours.
        for code in (
            "resident.move_out.recorded",
            "resident.death.recorded",
            "resident.record.corrected",
            "resident.record.cancelled",
            "resident.household.changed",
            "resident.move_within.recorded",
        ):
            subscribe(code, "child_allowance.plan_about")

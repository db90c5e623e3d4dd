"""What programmes say about themselves."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Role, ServiceConfig


class ProgrammesConfig(ServiceConfig):
    """Rule cards, their cases, and whom a coming date concerns."""

    name = "yui.procedures.programmes"
    title = _("Programmes")
    summary = _("The rules of every programme, as cards")
    permissions = {
        "programmes.population.sweep": _("Decide about everybody of a programme anew, as counts"),
        "programmes.population.simulate": _("Try changed rules on everybody of a programme, as counts"),
    }
    roles = (
        Role(
            "rule_officer",
            _("Officer for rules"),
            frozenset({"programmes.population.sweep", "programmes.population.simulate"}),
        ),
    )
    acts = {
        "programmes.population.swept": _("A programme was computed anew for everybody, as counts"),
        "programmes.change.simulated": _("A change of rules was tried on everybody, as counts"),
    }
    events = {
        "programmes.date.reached": _("A day has come on which a decision changes by itself"),
    }

    def ready(self) -> None:
        from yui.kernel.jobs.public import every_day

        every_day("programmes.reach_day")

"""What the code lists of the resident record are called at the desk."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yui.registries.people.public import BecameBy, EndedBy, Relationship, Sex

SEXES: dict[Sex, Promise] = {Sex.FEMALE: _("Female"), Sex.MALE: _("Male"), Sex.OTHER: _("Other or not known")}

RELATIONSHIPS: dict[Relationship, Promise] = {
    Relationship.HEAD: _("Head of household"),
    Relationship.SPOUSE: _("Spouse"),
    Relationship.CHILD: pgettext_lazy("relationship", "Child"),
    Relationship.GRANDCHILD: _("Grandchild"),
    Relationship.PARENT: _("Parent"),
    Relationship.SIBLING: _("Sibling"),
    Relationship.OTHER_RELATIVE: _("Other relative"),
    Relationship.COHABITANT: _("Cohabitant"),
}

BECAME_BY: dict[BecameBy, Promise] = {
    BecameBy.BIRTH: _("By birth"),
    BecameBy.MOVE_IN: _("By moving in"),
    BecameBy.EX_OFFICIO: _("Ex officio"),
    BecameBy.OTHER: _("By another ground"),
}

ENDED_BY: dict[EndedBy, Promise] = {
    EndedBy.DEATH: _("Death"),
    EndedBy.MOVE_OUT: _("Moved out"),
    EndedBy.EX_OFFICIO: _("Removed ex officio"),
}

"""The words of a resident record for how somebody stands to the head (続柄). Pure."""

from yui.registries.people.public import Relationship, ResidentView, Sex

_BY_SEX = {
    Relationship.SPOUSE: {Sex.MALE: "夫", Sex.FEMALE: "妻"},
    Relationship.PARENT: {Sex.MALE: "父", Sex.FEMALE: "母"},
}
_PLAIN = {
    Relationship.HEAD: "世帯主",
    Relationship.CHILD: "子",
    Relationship.GRANDCHILD: "子の子",
    Relationship.OTHER_RELATIVE: "縁故者",
    Relationship.COHABITANT: "同居人",
}


def usual_word(relationship: Relationship, sex: Sex, *, older_than_head: bool | None = None) -> str:
    """The usual word of a resident record, or "" where only the clerk can know it.

    Source:
        住民基本台帳法 article 7, item 4; 住民基本台帳事務処理要領 第2-1-(2)-エ.

    Example:
        >>> usual_word(Relationship.SPOUSE, Sex.FEMALE), usual_word(Relationship.CHILD, Sex.MALE)
        ('妻', '子')
    """
    if relationship is Relationship.SIBLING and older_than_head is not None:
        older, younger = ("兄", "弟") if sex is Sex.MALE else ("姉", "妹")
        return "" if sex is Sex.OTHER else older if older_than_head else younger
    return _PLAIN.get(relationship) or _BY_SEX.get(relationship, {}).get(sex, "")


def child_of(mother: ResidentView | None) -> Relationship:
    """How a newborn stands to the head of its mother's household."""
    if mother is None or mother.relationship in (Relationship.HEAD, Relationship.SPOUSE):
        return Relationship.CHILD
    if mother.relationship is Relationship.CHILD:
        return Relationship.GRANDCHILD
    return Relationship.OTHER_RELATIVE

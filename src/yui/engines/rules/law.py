"""What a card or a schedule rests on: its act, and how far the card can be trusted."""

from dataclasses import dataclass

from yui.engines.rules.reading import Reader

CONFIDENCES = ("primary", "secondary", "general")


@dataclass(frozen=True, slots=True)
class Law:
    """The act a programme rests on (its e-Gov identifier, title, last amendment taken into account, address)."""

    id: str
    title: str
    amended_by: str
    address: str


def read_law(reader: Reader) -> Law:
    """Reads the item ``law``."""
    spot = reader.item(reader.root, "law")
    if spot is None:
        return Law("", "", "", "")
    names = ("id", "title", "amended_by", "address")
    reader.allow(spot, *names)
    return Law(*(reader.text(reader.item(spot, name)) for name in names))


def read_confidence(reader: Reader) -> str:
    """Reads the item ``confidence``; whatever is not read in the act itself must say what to check there."""
    spot = reader.item(reader.root, "confidence")
    word = reader.text(spot)
    if spot and word not in CONFIDENCES:
        reader.note("confidence", spot)
    elif spot and word != "primary" and "check" not in reader.root.value:
        reader.note("missing_check", spot)
    return word

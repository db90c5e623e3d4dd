"""The glossary as a page of the manual, made from ``glossary.yaml`` at each build and not kept."""

from pathlib import Path

from ruamel.yaml import YAML

PAGE = Path("manual") / "reference" / "glossary.md"
HEAD = """# Glossary

The words of Yui: identifier, English, Japanese with its reading, where the meaning comes from, and what it must not be
confused with. A model or enum of the code has an entry under its name.

"""


def write_page(docs: Path) -> None:
    """Write the page below ``docs`` when it differs from what is there."""
    entries = YAML(typ="safe").load(docs / "glossary.yaml")
    text = HEAD + "\n".join(_entry(entry) for entry in sorted(entries, key=lambda entry: entry["id"]))
    page = docs / PAGE
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")


def _entry(entry: dict[str, str]) -> str:
    lines = [f"**`{entry['id']}`** {entry['en']} · {entry['ja']} ({entry['reading']})"]
    if entry["source"]:
        lines.append(f": Source: {entry['source']}")
    if entry.get("not"):
        lines.append(f": Not: {entry['not']}")
    return "\n".join(lines) + "\n"

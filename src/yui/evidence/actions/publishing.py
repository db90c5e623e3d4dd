"""Publishing: whole files, from which anybody gets the same figures again."""

import json
from pathlib import Path
from string import Template

from django.db import connection

from yui.evidence import recomputing
from yui.evidence.apps import PUBLISH
from yui.evidence.contracts import Definition, EvidenceRefused, Figure, Published
from yui.evidence.models import Publication, Snapshot
from yui.evidence.queries import definition_row, list_figures, publication_rows
from yui.evidence.recomputing import DEFINITION, RESULT, SUMS, find_faults, sums_of
from yui.evidence.stored import as_json, definition_of, meaning_sha256, plain, published_of
from yui.kernel.access.public import require
from yui.kernel.journal.public import record
from yui.kernel.tenancy.public import current_body
from yui.kernel.text.public import Message, gettext_noop

SCRIPT, README = "recompute.py", "README.md"


def publish_figures(code: str, *, version: int | None = None) -> Published:
    """Publish what is known of one version of an indicator, for everybody to read.

    What was published before stays. Where nothing has changed since, that publication is returned.

    Raises:
        EvidenceRefused: there are no figures.
        UnknownFigure: there is no such definition.
        PermissionRefused: ``evidence.figure.publish`` is missing.
    """
    require(PUBLISH)
    row = definition_row(code, version)
    definition, body = definition_of(row), current_body()
    figures = list_figures(code, version=definition.version)
    if not figures:
        raise EvidenceRefused(Message("no_figures", gettext_noop("There are no figures to publish yet.")))
    with connection.cursor() as cursor:
        # Two who publish at one moment get two numbers.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"evidence {body.code} {code}"])
    files = files_of(definition, figures, body.name)
    digest = recomputing.sha256(files[SUMS])
    known = {one.version: one for one in publication_rows(code=code, publisher=body.code)}
    last = known.get(definition.version)
    if last is not None and last.sha256 == digest:
        return published_of(last)
    if faults := find_faults(files):
        raise EvidenceRefused(
            Message(
                "not_recomputed",
                gettext_noop("The figures don't come out again: %(why)s"),
                {"why": faults[0]},
            )
        )
    made = Publication(
        publisher_id=body.id,
        code=code,
        version=definition.version,
        number=(last.number if last else 0) + 1,
        definition_sha256=meaning_sha256(definition),
        sha256=digest,
        files={name: content.decode() for name, content in files.items()},
    )
    made.save(force_insert=True)
    record(
        "evidence.figures.published",
        object_kind="publication",
        object_id=f"{code}/{definition.version}/{made.number}",
        details={"figures": len(figures), "sha256": digest},
    )
    return published_of(made)


def files_of(definition: Definition, figures: list[Figure], publisher: str) -> dict[str, bytes]:
    """The files of a publication; the same figures always give the same bytes."""
    hashes = sorted({figure.snapshot for figure in figures})
    names = {digest: f"data-{digest[:12]}.csv" for digest in hashes}
    contents = dict(Snapshot.objects.filter(sha256__in=hashes).values_list("sha256", "content"))
    result = [
        {
            "area": figure.area,
            "period": figure.period.code,
            "status": figure.status.value,
            "vintage": figure.vintage,
            "value": None if figure.value is None else format(figure.value, "f"),
            "absence": figure.absence.value if figure.absence else "",
            "source": figure.source,
            "retrieved_on": figure.retrieved_on.isoformat(),
            "query": {"name": figure.query.name, "version": figure.query.version},
            "data": names[figure.snapshot],
        }
        for figure in figures
    ]
    files = {
        **{names[digest]: bytes(contents[digest]) for digest in hashes},
        DEFINITION: as_json({**plain(definition), "publisher": publisher}),
        RESULT: json.dumps(result, ensure_ascii=False, indent=1).encode() + b"\n",
        SCRIPT: Path(recomputing.__file__).read_bytes(),
        README: _readme(definition, publisher, len(result)),
    }
    return {**files, SUMS: sums_of(files)}


def _readme(definition: Definition, publisher: str, figures: int) -> bytes:
    template = Template((Path(__file__).parent.parent / "publication.md").read_text(encoding="utf-8"))
    words = {
        f"{name}_{language}": getattr(words, language)
        for name, words in (
            ("title", definition.title),
            ("question", definition.question),
            ("population", definition.population),
            ("unit", definition.unit),
            ("caveats", definition.caveats),
        )
        for language in ("ja", "en")
    }
    return template.substitute(
        **words,
        code=definition.code,
        version=definition.version,
        formula=definition.formula,
        digits=definition.digits,
        publisher=publisher,
        owner=definition.owner,
        figures=figures,
    ).encode()

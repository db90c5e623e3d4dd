"""Issuing copies of the resident record, and making an issued one again."""

import hashlib
from collections.abc import Sequence, Set
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import EntryDraft, record_many
from yui.kernel.tenancy.public import current_body
from yui.registries.people.public import (
    ResidentNotFound,
    ResidentView,
    get_my_number,
    household_as_of,
    is_whole_household,
    list_residents,
)
from yui.services.residents import addresses, rules
from yui.services.residents.certificate.contents import Certificate
from yui.services.residents.certificate.fonts import GlyphsMissing
from yui.services.residents.certificate.rendering import NoFont, render
from yui.services.residents.contracts import (
    ApplicantKind,
    CertificateForm,
    CertificateNotFound,
    CertificateRefused,
    CertificateView,
    OptionalItem,
)
from yui.services.residents.errands import Why
from yui.services.residents.models import CertificateIssue

ISSUE = "residents.certificate.issue"
MY_NUMBER_READ = "people.my_number.read"
_REASON = "certificate"


def issue_certificate(
    *,
    token: UUID,
    form: CertificateForm,
    persons: Sequence[UUID],
    household: UUID,
    items: Set[OptionalItem],
    applicant: ApplicantKind,
) -> CertificateView:
    """Issue a copy of the resident record (住民票の写し) as of now.

    Args:
        token: names the page it was asked on; the same page gives the same copy.
        persons: members of one household, or one person whose record was removed.
        household: theirs.

    Raises:
        CertificateRefused: these items are not for this applicant, a protected person's record was asked for by
            others, no font has a glyph, or nobody is found; nothing was issued.
        PermissionRefused: the acting one may not issue copies, or not read My Numbers asked for.
    """
    require(ISSUE)
    if OptionalItem.MY_NUMBER in items:
        require(MY_NUMBER_READ)
    if rules.refused_items(applicant, items):
        raise CertificateRefused(
            _(
                "My Number and the resident record code are given only to the persons themselves or their agent."
            ),
            "items",
        )
    with transaction.atomic():
        _one_at_a_time()
        earlier = CertificateIssue.objects.filter(token=token).first()
        if earlier is not None:
            return _view(earlier)
        now = timezone.now()
        asked = CertificateView(
            public_id=UUID(int=0),
            number=(CertificateIssue.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
            form=form,
            persons=tuple(persons),
            household=household,
            items=frozenset(items),
            applicant=applicant,
            as_of=timezone.localdate(now),
            issued_at=now,
            issued_by=current_actor().public_id,
            sha256="",
        )
        certificate = _gather(asked)
        _check_protected(certificate.residents, applicant)
        _check_form(certificate)
        pdf = _drawn(certificate, asked)
        issue = CertificateIssue.objects.create(
            number=asked.number,
            token=token,
            form=form.value,
            persons=list(persons),
            household=household,
            items=sorted(item.value for item in items),
            applicant=applicant.value,
            as_of=asked.as_of,
            issued_at=now,
            issued_by=asked.issued_by,
            sha256=hashlib.sha256(pdf).hexdigest(),
        )
        _journal("residents.certificate.issued", _view(issue), removed=certificate.is_removed)
        return _view(issue)


def get_certificate(public_id: UUID) -> CertificateView:
    """Which copy was issued; no personal data of anybody.

    Raises:
        CertificateNotFound: no such copy was issued here.
    """
    issue = CertificateIssue.objects.filter(public_id=public_id).first()
    if issue is None:
        raise CertificateNotFound
    return _view(issue)


def draw_certificate(public_id: UUID) -> tuple[CertificateView, bytes]:
    """The PDF of an issued copy, byte for byte as it was then.

    Raises:
        CertificateNotFound: no such copy, or somebody on it must not be found by the acting one now.
        CertificateRefused: it cannot be made the same: the fonts of this machine are others now.
    """
    require(ISSUE)
    issued = get_certificate(public_id)
    if OptionalItem.MY_NUMBER in issued.items:
        require(MY_NUMBER_READ)
    try:
        certificate = _gather(issued)
    except CertificateRefused:
        raise CertificateNotFound from None
    pdf = _drawn(certificate, issued)
    if hashlib.sha256(pdf).hexdigest() != issued.sha256:
        raise CertificateRefused(
            _(
                "This copy cannot be made again as it was: the fonts of this machine or a My Number "
                "have changed. Issue a new one."
            )
        )
    _journal("residents.certificate.drawn", issued, removed=certificate.is_removed)
    return issued, pdf


def list_certificates(household: UUID, limit: int = 20) -> list[CertificateView]:
    """Copies issued of a household, newest first."""
    rows = CertificateIssue.objects.filter(household=household).order_by("-number")
    return [_view(row) for row in rows[:limit]]


def _one_at_a_time() -> None:
    """Numbers of a body have no gap and none is given twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{current_body().code} certificate"]
        )


def _gather(issued: CertificateView) -> Certificate:
    """Everything that stands on the copy, as of its day and as known when it was issued."""
    why = Why(reason=_REASON, legal_ground=rules.GROUNDS[issued.applicant])
    residents = list_residents(issued.persons, as_of=issued.as_of, known_at=issued.issued_at, **why)
    if not residents or len(residents) != len(set(issued.persons)):
        raise CertificateRefused(_("Not everybody chosen is found. Open the household again."), "persons")
    head = ""
    day = issued.as_of
    if residents[0].ended_on is not None:
        day = residents[0].ended_on - timedelta(days=1)
    try:
        home = household_as_of(issued.household, as_of=day, known_at=issued.issued_at, **why)
    except ResidentNotFound:
        pass
    else:
        head = home.head.name.full if home.head else ""
    order = {person: position for position, person in enumerate(issued.persons)}
    return Certificate(
        form=issued.form,
        items=issued.items,
        residents=sorted(residents, key=lambda resident: order[resident.person]),
        head=head,
        whole=is_whole_household(issued.household, issued.persons, as_of=day, known_at=issued.issued_at),
        addresses={resident.person: addresses.full_line(resident.address) for resident in residents},
        my_numbers=_my_numbers(issued),
        number=issued.number,
        issued_on=issued.as_of,
        body=current_body().name,
    )


def _my_numbers(issued: CertificateView) -> dict[UUID, str]:
    if OptionalItem.MY_NUMBER not in issued.items:
        return {}
    return {
        person: get_my_number(person, reason=_REASON, legal_ground=rules.GROUNDS[issued.applicant]) or ""
        for person in issued.persons
    }


def _check_protected(residents: Sequence[ResidentView], applicant: ApplicantKind) -> None:
    """A protected person's copy is not for others, whatever their reason.

    Source:
        住民基本台帳事務処理要領 第5-10-コ.
    """
    if applicant is ApplicantKind.OTHERS and any(resident.protected for resident in residents):
        raise CertificateRefused(
            _("A protection measure is in force: no copy is given to others. Ask the supervisor."),
            "applicant",
        )


def _check_form(certificate: Certificate) -> None:
    if certificate.is_removed and certificate.form is not CertificateForm.INDIVIDUAL:
        raise CertificateRefused(_("A removed record is issued on the individual form only."), "layout")


def _drawn(certificate: Certificate, issued: CertificateView) -> bytes:
    try:
        return render(certificate, int(issued.issued_at.timestamp()))
    except NoFont:
        raise CertificateRefused(
            _(
                "No Japanese font is found on this machine, so nothing can be issued. "
                "Ask the operator to install IPAmj Mincho or to name its folder in YUI_FONTS."
            )
        ) from None
    except GlyphsMissing as missing:
        raise CertificateRefused(
            _(
                "No font here has the right glyph for %(characters)s (%(codes)s), so nothing is issued rather than a "
                "wrong name. Ask the operator to install IPAmj Mincho or the municipality's own font (YUI_FONTS)."
            )
            % {"characters": " ".join(missing.characters), "codes": str(missing)}
        ) from None


def _journal(act: str, issued: CertificateView, *, removed: bool) -> None:
    ground = rules.ground_of(issued.applicant, removed=removed)
    details = {
        "number": issued.number,
        "form": issued.form.value,
        "items": " ".join(sorted(issued.items)),
        "applicant": issued.applicant.value,
    }
    record_many(
        EntryDraft(act, person, "certificate", str(issued.public_id), _REASON, ground, details)
        for person in issued.persons
    )


def _view(row: CertificateIssue) -> CertificateView:
    return CertificateView(
        public_id=row.public_id,
        number=row.number,
        form=CertificateForm(row.form),
        persons=tuple(row.persons),
        household=row.household,
        items=frozenset(OptionalItem(item) for item in row.items),
        applicant=ApplicantKind(row.applicant),
        as_of=row.as_of,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        sha256=row.sha256,
    )

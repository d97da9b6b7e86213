"""Who is on the list of a household, and what may stand there."""

from datetime import date

from django.utils.translation import gettext as _

from households.errors import HasAHead, NotOldEnough, NotOnTheList
from households.identity import is_under_14
from households.importing.verdicts import HEADS
from households.models import Consent, Member, Subject
from households.operations.files.facts import Facts
from households.operations.files.keeping import members_on


def known_of(subject: Subject, member: Member) -> Member:
    """The member of this household, locked, gone or not; raises NotOnTheList."""
    found = Member.objects.filter(village_id=subject.village_id, subject=subject, pk=member.pk)
    row = found.select_for_update().first()
    if row is None:
        raise NotOnTheList(_("这个人不在这一户，请回到户里再看一遍。"))
    return row


def on_the_list(subject: Subject, member: Member) -> Member:
    """The member, locked; raises NotOnTheList for who is gone."""
    known = known_of(subject, member)
    refuse_gone(known)
    return known


def refuse_gone(member: Member) -> None:
    """Raises NotOnTheList."""
    if member.state in Member.GONE:
        raise NotOnTheList(_("这个人已经不在册，请回到户里再看一遍。"))


def refuse_second_head(subject: Subject, facts: Facts, *, but: Member | None = None) -> None:
    """Raises HasAHead when the facts make a second one."""
    if facts.relation not in HEADS:
        return
    heads = [one for one in members_on(subject) if one.relation in HEADS]
    if any(but is None or one.pk != but.pk for one in heads):
        raise HasAHead(_("这一户已经有户主。要换人，请用“换户主”。"))


def refuse_as_head(member: Member) -> None:
    """Raises NotOldEnough: a child, or who waits for a consent, heads no household."""
    if member.state != Member.State.ACTIVE:
        raise NotOldEnough(_("未满14周岁、还在等同意的人不能当户主，请选别人。"))


def state_of(known: Member, birth_on: date | None, *, on: date) -> str:
    """The state on the list: a child needs a guardian's consent; who waits goes on waiting."""
    if known.state == Member.State.AWAITING_CONSENT:
        return known.state
    if birth_on is None or not is_under_14(birth_on, on=on):
        return Member.State.ACTIVE
    standing = Consent.objects.filter(
        village_id=known.village_id,
        member=known,
        purpose=Consent.Purpose.GUARDIAN,
        withdrawn_on__isnull=True,
    )
    return Member.State.ACTIVE if standing.exists() else Member.State.AWAITING_CONSENT


def write(member: Member, **columns: object) -> None:
    """Set columns of a locked member."""
    for name, value in columns.items():
        setattr(member, name, value)
    member.save(update_fields=list(columns))

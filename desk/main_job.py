"""The main job of a demo: its two persons propose and approve, the real worker carries out."""

from dataclasses import dataclass
from datetime import datetime

from accounts import operations as approvals
from desk.demo import accounts
from jobs import queries as jobs
from notices import operations as notices
from notices import queries as notice_queries
from scoring import work
from scoring.operations import closing
from scoring.queries import months
from trail.actor import Actor
from trail.clock import business_date
from villages.queries import township_by_code, villages_of

CLOSE = "scoring.close_month"


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """A notice on show: where it is and what it is."""

    path: str
    title: str


def _two_persons(prefix: str) -> tuple[Actor, Actor] | None:
    first = accounts.actor(prefix=prefix, role="township_clerk")
    second = accounts.actor(prefix=prefix, role="supervision_member")
    return (first, second) if first and second else None


def ask_for_closes(*, township_code: str, prefix: str, at: datetime) -> None:
    """For each village with an open month: propose, approve, and ask for the newest one's close."""
    persons = _two_persons(prefix)
    if persons is None:
        return
    first, second = persons
    for village in villages_of(township_id=township_by_code(township_code).pk):
        month = months.last_month_with_entries(village_id=village.pk)
        if month is None:
            continue
        proposal = closing.propose_lock(month=month, by=first, at=at)
        approvals.decide(proposal=proposal, approve=True, by=second, at=at)
        work.ask_to_close(village=village, month=month.month, by=first.name, at=at)


def open_closes() -> list[tuple[str, int]]:
    """Closes that have not ended yet, as (task, job id)."""
    return [(CLOSE, job_id) for job_id in jobs.open_ids(kind=CLOSE)]


def refused_closes() -> list[str]:
    """Why closes were refused, a line each."""
    return [f"{job.key}: {job.error}" for job in jobs.failed(kind=CLOSE)]


def approve_notices(*, township_code: str, prefix: str, at: datetime) -> None:
    """Propose and approve each drafted notice of the township, to be shown from today on."""
    persons = _two_persons(prefix)
    if persons is None:
        return
    first, second = persons
    for notice in notice_queries.drafts_of(township_id=township_by_code(township_code).pk):
        proposal = notices.propose_publication(notice=notice, by=first, at=at)
        notices.approve_publication(
            notice=notice, proposal=proposal, publish_on=business_date(at), by=second, at=at
        )


def waiting_notices() -> bool:
    """Whether an approved notice still waits for the worker."""
    return notice_queries.any_approved()


def published_addresses() -> list[PublishedLine]:
    """Every notice on show, in the order of villages."""
    return [
        PublishedLine(path=f"/v/{slug}/n/{number}/", title=title)
        for slug, number, title in notice_queries.published_places()
    ]

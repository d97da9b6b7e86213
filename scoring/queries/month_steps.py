"""Where a month stands on its way from the last entry to the archive: six steps in their order."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from accounts import queries as approvals
from accounts.models import Proposal
from accounts.operations import content_digest
from households.queries import subjects
from jobs import queries as jobs
from jobs.models import Job
from notices import queries as notices
from notices.models import Notice
from scoring.models import Hold, Month
from scoring.queries import ledger, months
from scoring.queries.ledger import MonthFigures

CLOSE = "scoring.close_month"


class Stand(StrEnum):
    """How far a step is."""

    DONE = "done"
    DOING = "doing"
    READY = "ready"
    PROBLEM = "problem"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the month's page; `key` is also the last part of its address."""

    key: str
    stand: Stand

    @property
    def is_open(self) -> bool:
        """Whether it can be looked at: everything before it is done."""
        return self.stand is not Stand.LATER

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do in it."""
        return self.stand is Stand.DONE


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the month's pages state, read once."""

    month: Month
    figures: MonthFigures
    households: int
    before: MonthFigures
    holds: list[Hold]
    earlier: Month | None
    lock: Proposal | None
    lock_refused: Proposal | None
    job: Job | None
    notice: Notice | None
    publication: Proposal | None
    publication_refused: Proposal | None
    on: date

    @property
    def is_open(self) -> bool:
        """Whether entries still go into the month."""
        return self.month.state == Month.State.OPEN

    @property
    def is_over(self) -> bool:
        """Whether its last day is past."""
        return self.month.month < f"{self.on:%Y-%m}"

    @property
    def digest(self) -> str:
        """What a lock of the month as it stands would be approved under."""
        content = ledger.content_to_lock(
            village_id=self.month.village_id, month=self.month.month, found=self.figures
        )
        return content_digest(content).hex()

    @property
    def fingerprint(self) -> str:
        """Its beginning, to be read aloud by two persons."""
        return f"{self.digest[:4]} {self.digest[4:8]}".upper()

    @property
    def closing_holds(self) -> list[Hold]:
        """What must be settled before the lock."""
        return [hold for hold in self.holds if hold.kind == Hold.Kind.CLOSE]

    @property
    def lock_waits(self) -> bool:
        """Whether the month as it stands waits for its second person."""
        return (
            self.lock is not None
            and self.lock.decision == Proposal.Decision.WAITING
            and bytes(self.lock.content_sha256).hex() == self.digest
        )

    @property
    def is_locking(self) -> bool:
        """Whether a worker has been asked to lock it."""
        return (
            self.is_open
            and self.job is not None
            and self.job.state in (Job.State.WAITING, Job.State.RUNNING)
        )

    @property
    def lock_error(self) -> str:
        """Why the worker could not lock it."""
        failed = self.is_open and self.job is not None and self.job.state == Job.State.FAILED
        return self.job.error if failed and self.job else ""

    @property
    def publication_waits(self) -> bool:
        """Whether the notice waits for its second person."""
        waiting = Proposal.Decision.WAITING
        return self.publication is not None and self.publication.decision == waiting

    @property
    def is_shown(self) -> bool:
        """Whether the notice is published."""
        return self.notice is not None and self.notice.state == Notice.State.PUBLISHED

    @property
    def steps(self) -> list[Step]:
        """The six rows: a step is open when the one before it is done."""
        stands = [
            ("check", self._check()),
            ("review", self._review()),
            ("lock", self._lock()),
            ("notice", self._notice()),
            ("objections", self._objections()),
            ("archive", self._archive()),
        ]
        steps: list[Step] = []
        for key, stand in stands:
            is_open = all(step.is_done for step in steps)
            steps.append(Step(key, stand if is_open else Stand.LATER))
        return steps

    def step(self, key: str) -> Step:
        """The step with this key."""
        return next(step for step in self.steps if step.key == key)

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    def _check(self) -> Stand:
        settled = self.is_over and self.earlier is None and not self.closing_holds
        return Stand.DONE if settled or not self.is_open else Stand.PROBLEM

    def _review(self) -> Stand:
        if not self.is_open or months.is_reviewed(self.month, self.figures):
            return Stand.DONE
        return Stand.READY

    def _lock(self) -> Stand:
        if not self.is_open:
            return Stand.DONE
        if self.is_locking or self.lock_waits:
            return Stand.DOING
        return Stand.PROBLEM if self.lock_error else Stand.READY

    def _notice(self) -> Stand:
        if self.is_shown:
            return Stand.DONE
        if self.notice is None:
            return Stand.PROBLEM
        drafted = self.notice.state == Notice.State.DRAFT
        return Stand.READY if drafted and not self.publication_waits else Stand.DOING

    def _objections(self) -> Stand:
        if self.month.state == Month.State.FINAL:
            return Stand.DONE
        if self.holds:
            return Stand.PROBLEM
        until = self.notice.until_on if self.notice else None
        return Stand.DONE if until and until < self.on else Stand.DOING

    def _archive(self) -> Stand:
        return Stand.DONE if self.month.state == Month.State.FINAL else Stand.DOING


def standing(*, month: Month, at: datetime, on: date) -> Standing:
    """Read where a month (with its village) stands."""
    village_id, about = month.village_id, months.reference(month)
    notice = notices.original(village_id=village_id, month=month.month, kind=Notice.Kind.POINTS)
    shown = f"notices.notice:{notice.pk if notice else 0}"
    lock, publication = Proposal.Kind.LOCK, Proposal.Kind.PUBLICATION
    return Standing(
        month=month,
        figures=ledger.month_figures(village_id=village_id, month=month.month),
        households=subjects.households_on_file(village_id=village_id),
        before=ledger.month_figures(village_id=village_id, month=months.before(month.month)),
        holds=months.open_holds(month),
        earlier=months.earlier_open(month),
        lock=approvals.live_proposal(kind=lock, about=about, village_id=village_id, at=at),
        lock_refused=approvals.last_refusal(kind=lock, about=about, village_id=village_id),
        job=jobs.by_key(kind=CLOSE, key=f"{month.village.code}:{month.month}"),
        notice=notice,
        publication=approvals.live_proposal(
            kind=publication, about=shown, village_id=village_id, at=at
        ),
        publication_refused=approvals.last_refusal(
            kind=publication, about=shown, village_id=village_id
        ),
        on=on,
    )

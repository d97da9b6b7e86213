"""Refusals of the acts on a notice."""

from trail.errors import DomainError


class NotADraft(DomainError):
    """The notice has been approved or published already."""

    code = "not_a_draft"


class NotApproved(DomainError):
    """The notice has not been approved by two persons."""

    code = "not_approved"


class NotItsDay(DomainError):
    """The day of publication has not come, or cannot be met."""

    code = "not_its_day"


class NotOnShow(DomainError):
    """Only what has been published is answered by a correction."""

    code = "not_on_show"


class AlreadyCorrected(DomainError):
    """The notice has its correction; that one is corrected next."""

    code = "already_corrected"


class AnotherMatter(DomainError):
    """The proposal is about something else."""

    code = "another_matter"

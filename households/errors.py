"""Refusals of the acts on a file."""

from trail.errors import DomainError


class FactsUnfit(DomainError):
    """What was typed of a person cannot be used; `facts["fields"]` has a sentence for each."""

    code = "facts_unfit"


class NoteNamesSomebody(DomainError):
    """The note holds a name or a number; what became of a file is kept for good, without either."""

    code = "note_names_somebody"


class FileIsClosed(DomainError):
    """The file is closed: nothing is changed on it before it is opened again."""

    code = "file_is_closed"


class NotAHousehold(DomainError):
    """The act is for households; a collective or an operator has no members."""

    code = "not_a_household"


class NumberTaken(DomainError):
    """Another file of the group has this number."""

    code = "number_taken"


class NoSuchGroup(DomainError):
    """The group is not one of this village."""

    code = "no_such_group"


class AnotherVillage(DomainError):
    """Two files of different villages have nothing to do with each other."""

    code = "another_village"


class TheSameFile(DomainError):
    """Both files are one."""

    code = "the_same_file"


class NotOnTheList(DomainError):
    """The person is not, or not any more, on the list of this household."""

    code = "not_on_the_list"


class LivesElsewhere(DomainError):
    """The ID stands under another member of the village."""

    code = "lives_elsewhere"


class HasLeftBefore(DomainError):
    """The person was here before; the old row is taken up again instead of a new one."""

    code = "has_left_before"


class HasAHead(DomainError):
    """The household has a head; a second one is refused."""

    code = "has_a_head"


class NobodyChosen(DomainError):
    """No member was chosen, or all of them."""

    code = "nobody_chosen"


class NotOldEnough(DomainError):
    """Who is under 14, or waits for a consent, is no head of a household."""

    code = "not_old_enough"


class DateCannotBe(DomainError):
    """The day lies in the future, or before what it follows."""

    code = "date_cannot_be"


class StillInUse(DomainError):
    """A file with people on it is not closed."""

    code = "still_in_use"


class ConsentNotFitting(DomainError):
    """The consent cannot be given like this: by this person, for this purpose."""

    code = "consent_not_fitting"


class NothingToChange(DomainError):
    """What was typed is what stands there already."""

    code = "nothing_to_change"

"""Decides for every household and person of a file what an import would write; writes nothing.

An empty cell leaves what is on file: a sheet without phones must not erase phones. Nobody is
moved or removed, for the lack of a row says nothing.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from households import digests
from households.identity import is_under_14
from households.importing.headings import Field
from households.importing.places import matching_village, number_key
from households.importing.problems import CellProblem, Problem
from households.importing.results import HouseholdRead, PersonRead, ReadFile
from households.importing.texts import masked, shown
from households.importing.verdicts import HEADS, names_agree
from households.models import Member, Subject
from households.operations import import_refusals as refusals
from households.operations.import_facts import differences
from households.operations.import_refusals import Refused
from households.queries import MemberOnFile, Register
from villages.models import Township, Unit, Village

Kept = tuple[PersonRead, MemberOnFile | None]


@dataclass(frozen=True, slots=True)
class Added:
    """A person who is not on file."""

    subject: Subject
    person: PersonRead
    id_hmac: bytes
    state: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A member on file and the facts that differ; `phone` and `id_number` among them in plain."""

    known: MemberOnFile
    facts: Mapping[str, object]
    person: PersonRead


@dataclass(slots=True)
class Plan:
    """All that would be written, and what the register says against rows of the file."""

    opened: list[Subject] = field(default_factory=list)
    households_changed: list[Subject] = field(default_factory=list)
    # What those households were called and in which state they were.
    households_before: dict[int, tuple[str, str]] = field(default_factory=dict)
    added: list[Added] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    same: list[PersonRead] = field(default_factory=list)
    refused: dict[int, CellProblem] = field(default_factory=dict)
    warned: dict[int, list[CellProblem]] = field(default_factory=lambda: defaultdict(list))

    @property
    def unchanged(self) -> int:
        """How many people are on file as the file says."""
        return len(self.same)

    @property
    def is_empty(self) -> bool:
        """Whether the register already says what the file says."""
        return not (self.opened or self.households_changed or self.added or self.changed)


def plan_import(
    *,
    read: ReadFile,
    township: Township,
    register: Register,
    on: date,
    only: Village | None = None,
) -> Plan:
    """What the file would change in the township's register on that day.

    With `only`, rows of every other village are refused.
    """
    planning = _Planning(read, township, register, on, only)
    for household in read.households:
        planning.take(household)
    return planning.finished()


class _Planning:
    def __init__(
        self,
        read: ReadFile,
        township: Township,
        register: Register,
        on: date,
        only: Village | None,
    ) -> None:
        self.plan = Plan()
        self._read = read
        self._township = township
        self._register = register
        self._on = on
        self._only = only
        self._villages: dict[str, Village | None] = {}
        self._opened: dict[int, Subject] = {}
        self._matched: set[int] = set()

    def finished(self) -> Plan:
        """The plan of all households taken."""
        self.plan.opened = list(self._opened.values())
        return self.plan

    def take(self, household: HouseholdRead) -> None:
        """Find the household's file or open one, then judge its members one by one."""
        try:
            village = self._village(household)
            subject = self._subject(village, household)
        except Refused as refusal:
            self.plan.refused |= dict.fromkeys(
                (person.row for person in household.members), refusal.cell
            )
            return
        kept: list[Kept] = []
        for person in household.members:
            try:
                kept.append((person, self._person(person, subject)))
            except Refused as refusal:
                self.plan.refused[person.row] = refusal.cell
        if kept or not household.members or subject.pk:
            self._settle(subject, household, kept)

    def _village(self, household: HouseholdRead) -> Village:
        written = household.village
        if written not in self._villages:
            by_name = {village.name: village for village in self._register.villages}
            self._villages[written] = by_name.get(matching_village(written, by_name) or "")
        village = self._villages[written]
        if village is None:
            problem = refusals.no_such_village(self._township.name)
            raise Refused(self._cell(Field.VILLAGE, shown(written), problem))
        if self._only not in (None, village):
            problem = refusals.other_village(self._only.name)
            raise Refused(self._cell(Field.VILLAGE, shown(written), problem))
        return village

    def _subject(self, village: Village, household: HouseholdRead) -> Subject:
        key = (village.pk, household.group_key, number_key(household.number))
        found = self._register.households[key]
        same = [subject for subject in found if subject.number == household.number] or found
        if not same:
            subject = self._new_subject(village, household)
            found.append(subject)
            return subject
        if len(same) > 1:
            raise self._wrong_number(household, refusals.number_of_several())
        if same[0].state == Subject.State.CLOSED:
            raise self._wrong_number(household, refusals.household_closed())
        if not self._is_the_same(same[0], household):
            raise self._wrong_number(household, refusals.number_of_others())
        return same[0]

    def _new_subject(self, village: Village, household: HouseholdRead) -> Subject:
        key = (village.pk, household.group_key)
        unit = self._register.units.get(key)
        if unit is None:
            unit = Unit(village=village, kind=Unit.Kind.GROUP, name=household.group)
            self._register.units[key] = unit
        return Subject(
            village=village, unit=unit, number=household.number, name=household.head_name
        )

    def _is_the_same(self, subject: Subject, household: HouseholdRead) -> bool:
        """Whether the household on file and the one in the file have a name or a person alike."""
        heads = (subject.name, household.head_name)
        if not all(heads) or names_agree(*heads):
            return True
        living = self._register.living_in[subject.pk] if subject.pk else []
        ids, names = {known.id_hmac for known in living}, {known.name for known in living}
        return any(
            person.name in names or digests.of_id(person.id_number) in ids
            for person in household.members
        )

    def _person(self, person: PersonRead, subject: Subject) -> MemberOnFile | None:
        digest = digests.of_id(person.id_number)
        known, others = None, []
        for member in self._register.by_id.get(digest, ()):
            if member.village_id == subject.village_id:
                known = member
            else:
                others.append(member)
        if known is None:
            known = self._without_id(person, subject)
        if known and known.subject_id != subject.pk:
            home = self._register.subjects[known.subject_id]
            raise self._wrong_person(person, refusals.lives_elsewhere(home))
        if known is None and (subject.pk, digest) in self._register.left:
            raise self._wrong_person(person, refusals.has_left())
        if known is None and subject.pk in self._register.erased_in:
            raise self._wrong_person(person, refusals.somebody_was_erased())
        self._note(person, known, Added(subject, person, digest, self._state(person)))
        for member in others[:1]:
            self._warn_of_village(person, member)
        return known

    def _without_id(self, person: PersonRead, subject: Subject) -> MemberOnFile | None:
        """The one member of the household who has the name, no ID and no other birthday."""
        living = self._register.living_in.get(subject.pk or 0, [])
        alike = [
            known
            for known in living
            if known.id_hmac is None
            and known.pk not in self._matched
            and names_agree(known.name, person.name)
            and known.birth_on in (None, person.birth_on)
        ]
        born = [known for known in alike if known.birth_on] or alike
        if len(born) > 1:
            raise self._wrong_person(person, refusals.several_of_the_name())
        return born[0] if born else None

    def _state(self, person: PersonRead) -> str:
        young = is_under_14(person.birth_on, on=self._on)
        return Member.State.AWAITING_CONSENT if young else Member.State.ACTIVE

    def _note(self, person: PersonRead, known: MemberOnFile | None, new: Added) -> None:
        if known is None:
            self.plan.added.append(new)
            return
        self._matched.add(known.pk)
        facts = differences(known, person)
        if known.birth_on is None and new.state == Member.State.AWAITING_CONSENT:
            facts["state"] = new.state
        if facts:
            self.plan.changed.append(Changed(known, facts, new.person))
        else:
            self.plan.same.append(new.person)

    def _settle(self, subject: Subject, household: HouseholdRead, kept: list[Kept]) -> None:
        """Bring the household's own facts up to date with whom it has now."""
        head = next((person for person, _known in kept if person.is_head), None)
        living = self._register.living_in[subject.pk] if subject.pk else []
        restated = {
            known.pk for person, known in kept if known and (person.relation or person.is_head)
        }
        heads = [known for known in living if known.relation in HEADS and known.pk not in restated]
        if head and heads:
            cell = self._cell(Field.RELATION, head.relation, refusals.other_head_on_file())
            self.plan.warned[head.row].append(cell)
        name = head.name if head else subject.name or household.head_name
        empty = not (living or kept) and subject.pk is not None
        headless = not (head or heads or empty)
        state = Subject.State.HEADLESS if headless else Subject.State.ACTIVE
        if subject.pk is None:
            self._opened.setdefault(id(subject), subject)
        elif (subject.name, subject.state) != (name, state):
            self.plan.households_changed.append(subject)
            self.plan.households_before.setdefault(subject.pk, (subject.name, subject.state))
        subject.name, subject.state = name, state

    def _warn_of_village(self, person: PersonRead, member: MemberOnFile) -> None:
        names = {village.pk: village.name for village in self._register.villages}
        problem = refusals.also_in(names[member.village_id])
        cell = self._cell(Field.ID_NUMBER, masked(person.id_number), problem)
        self.plan.warned[person.row].append(cell)

    def _wrong_number(self, household: HouseholdRead, problem: Problem) -> Refused:
        return Refused(self._cell(Field.NUMBER, shown(household.number), problem))

    def _wrong_person(self, person: PersonRead, problem: Problem) -> Refused:
        return Refused(self._cell(Field.ID_NUMBER, masked(person.id_number), problem))

    def _cell(self, wanted: Field, value: str, problem: Problem) -> CellProblem:
        return CellProblem(self._read.headings.get(wanted, ""), value, problem, wanted.value)

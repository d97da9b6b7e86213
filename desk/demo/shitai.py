"""石台镇: the register from the clerks' workbook, a task force, and a generated year of points."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from desk.demo import rules, schemes
from desk.demo.accounts import SINCE
from desk.demo.invented import Invention
from desk.demo.publication import choose_how_to_be_shown
from desk.demo.year import keep_year
from households.queries.subjects import household_ids
from households.importing.reading import read_file
from households.models import Subject
from households.operations.importing import ImportMode, import_households
from households.operations.subjects import NewSubject, add_subjects
from scoring.operations import rulebooks
from scoring.operations.schemes import put_scheme_in_force
from trail.actor import Actor
from trail.clock import business_date
from villages import operations as villages
from villages.models import Township, Village, WorkGroup
from villages.operations import NewPosting
from villages.queries import villages_of

COLLECTORS, OPERATORS, COLLECTIVES, ENTRIES = 77, 45, 7, 60_000
# 33 review groups: each village has four, the last one five.
REVIEW_GROUPS, REVIEWERS, DELIBERATORS, SUPERVISORS = 33, 5, 5, 4
_OPERATOR_KINDS = ("家庭农场", "种植专业合作社", "养殖场", "农机服务队", "果蔬园")


def load(*, township: Township, register: Path, seed: int, by: Actor, at: datetime) -> None:
    """Everything of the township: register, subjects, posts, rules, points, credit scheme."""
    places = villages_of(township_id=township.pk)
    read = read_file(register, on=business_date(at))
    import_households(
        read=read,
        file_sha256=hashlib.sha256(register.read_bytes()).hexdigest(),
        township=township,
        mode=ImportMode.SKIP_BAD_ROWS,
        by=by,
        at=at,
    )
    invention = Invention("shitai", seed=seed)
    _open_other_files(places, invention, by=by, at=at)
    _post_the_task_force(township, places, invention, by=by, at=at)
    _keep_points(places, seed=seed, by=by, at=at)


def _open_other_files(
    places: Sequence[Village], invention: Invention, *, by: Actor, at: datetime
) -> None:
    for village in places[:COLLECTIVES]:
        new = NewSubject(number="J01", name=f"{village.name}股份经济合作社")
        add_subjects(village=village, kind=Subject.Kind.COLLECTIVE, subjects=[new], by=by, at=at)
    for place, village in enumerate(places):
        count = OPERATORS * (place + 1) // len(places) - OPERATORS * place // len(places)
        kinds = [invention.draw.choice(_OPERATOR_KINDS) for _ in range(count)]
        operators = [
            NewSubject(number=f"Y{number:02d}", name=f"{invention.name()}{kind}")
            for number, kind in enumerate(kinds, start=1)
        ]
        add_subjects(village=village, kind=Subject.Kind.OPERATOR, subjects=operators, by=by, at=at)


def _post_the_task_force(
    township: Township, places: Sequence[Village], invention: Invention, *, by: Actor, at: datetime
) -> None:
    collectors = [places[number % len(places)] for number in range(COLLECTORS)]
    _post_people(
        township, [(village, None, "collector") for village in collectors], invention, by=by, at=at
    )
    review = [places[number % len(places)] for number in range(REVIEW_GROUPS)]
    counts = {village.pk: 0 for village in places}
    names: list[tuple[str, Village | None]] = []
    for village in review:
        counts[village.pk] += 1
        names.append((f"{village.name}第{counts[village.pk]}评议小组", village))
    kinds = (
        (WorkGroup.Kind.REVIEW, names, REVIEWERS, "panel_member"),
        (
            WorkGroup.Kind.DELIBERATION,
            [(f"{village.name}审议小组", village) for village in places],
            DELIBERATORS,
            "panel_member",
        ),
        (
            WorkGroup.Kind.SUPERVISION,
            [(f"{township.name}监督小组", None)],
            SUPERVISORS,
            "supervision_member",
        ),
    )
    for kind, groups, seats, role in kinds:
        made = villages.add_work_groups(township=township, kind=kind, places=groups, by=by, at=at)
        posts = [(group.village, group, role) for group in made for _ in range(seats)]
        _post_people(township, posts, invention, by=by, at=at)


def _post_people(
    township: Township,
    posts: Sequence[tuple[Village | None, WorkGroup | None, str]],
    invention: Invention,
    *,
    by: Actor,
    at: datetime,
) -> None:
    people = villages.add_people(
        people=[(name, "") for name in invention.names(len(posts))], by=by, at=at
    )
    villages.open_postings(
        postings=[
            NewPosting(
                person=person,
                role=role,
                township=township,
                village=village,
                group=group,
                from_on=SINCE,
            )
            for person, (village, group, role) in zip(people, posts, strict=True)
        ],
        by=by,
        at=at,
    )


def _keep_points(places: Sequence[Village], *, seed: int, by: Actor, at: datetime) -> None:
    for place, village in enumerate(places):
        book = rulebooks.transcribe(
            village=village,
            paper=rulebooks.PaperBook(
                title=f"{village.name}积分管理评价细则",
                effective_from=SINCE,
                source=rules.EVIDENCE,
            ),
            lines=rules.LINES,
            by=by,
            at=at,
        )
        put_scheme_in_force(village=village, data=schemes.CREDIT, name="信用等级", by=by, at=at)
        subject_ids = household_ids(village_id=village.pk)
        choose_how_to_be_shown(village=village, subject_ids=subject_ids, by=by, at=at)
        count = ENTRIES * (place + 1) // len(places) - ENTRIES * place // len(places)
        keep_year(book=book, subject_ids=subject_ids, count=count, seed=seed, by=by, at=at)

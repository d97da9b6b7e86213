"""B-12: twelve ways to falsify a ledger, twelve found and located; no false alarm (F-22)."""

import json
import random
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from notices import proof
from notices.models import Notice, NoticeBody
from scoring.models import Entry, Month, Seal
from scoring.operations import sealing
from scoring.operations.checking import check
from scoring.queries import witness
from tests.factories import NOON, make_household, make_township
from tests.scoring.stage import beside, set_stage
from tests.scoring.tampering import OWN_DIGEST, TOTALS, rewrite, tamper
from trail.errors import DomainError

COLUMNS = """village_id, subject_id, kind, points, category_id, item_id, rulebook_id, occurred_on,
  month"""


@pytest.fixture
def falsified(committed_db, tmp_path):
    """A village with two seals, a closed month and its notice; a neighbour; a witness of both."""
    stage = set_stage()
    other = beside(stage)
    other.enter(5)
    stage.second_home = make_household(village=stage.village)
    # A number taken and not used, as by a refused post: room for a row that never was.
    with committed_db.as_superuser() as raw, raw.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('scoring_entry', 'id'))")
        stage.free = cursor.fetchone()[0]
    stage.post(*(stage.row(points, home=stage.second_home) for points in (3, 4)))
    stage.enter(-2, item="minus", home=stage.second_home)
    sealing.seal(village_id=stage.village.pk, by=stage.clerk, at=NOON)
    stage.post(stage.row(8), stage.spend(2), stage.row(6))
    stage.close("2026-10")
    sealing.seal(village_id=other.village.pk, by=stage.clerk, at=NOON)
    stage.database, stage.witness = committed_db, tmp_path / "witness.txt"
    call_command("export_witness", str(stage.witness), stdout=StringIO())
    stage.ids = list(
        Entry.objects.filter(village=stage.village).order_by("pk").values_list("pk", flat=True)
    )
    return stage


def _rows(stage, *statements, and_digests=False):
    """Change rows and put every balance and total right again, as a careful forger does."""
    digests = (OWN_DIGEST,) if and_digests else ()
    tamper(stage.database, *statements, *digests, *TOTALS, village=stage.village.pk)


def _points(stage):
    _rows(stage, f"UPDATE scoring_entry SET points = points + 1 WHERE id = {stage.ids[1]}")
    return stage.ids[1], "changed: the row does not fit its digest"


def _subject(stage):
    _rows(
        stage,
        f"UPDATE scoring_entry SET subject_id = {stage.home.pk} WHERE id = {stage.ids[1]}",
    )
    return stage.ids[1], "changed: the row does not fit its digest"


def _date(stage):
    _rows(
        stage,
        f"UPDATE scoring_entry SET occurred_on = occurred_on - 1 WHERE id = {stage.ids[4]}",
    )
    return stage.ids[4], "changed: the row does not fit its digest"


def _middle_delete(stage):
    _rows(stage, f"DELETE FROM scoring_entry WHERE id = {stage.ids[2]}")
    return stage.ids[2], "removed: it was sealed and is gone"


def _tail_cut(stage):
    _rows(
        stage,
        f"DELETE FROM scoring_entry WHERE village_id = {{village}} AND id >= {stage.ids[4]}",
    )
    return stage.ids[4], "removed: it was sealed and is gone"


def _swap(stage):
    first, second = stage.ids[:2]
    _rows(
        stage,
        f"""UPDATE scoring_entry a
            SET (subject_id, points, occurred_on) = (b.subject_id, b.points, b.occurred_on)
            FROM scoring_entry b
            WHERE (a.id, b.id) IN (({first}, {second}), ({second}, {first}))""",
        and_digests=True,
    )
    return first, "rewritten: its digest is not the one that was sealed"


def _balance_only(stage):
    subject = stage.second_home.pk
    tamper(
        stage.database,
        f"UPDATE scoring_balance SET gross = gross + 9 WHERE subject_id = {subject}",
    )
    return None, f"balance of subject {subject} is not the sum"


def _fake_row(stage):
    _rows(
        stage,
        f"""INSERT INTO scoring_entry (id, {COLUMNS}, source, recorded_at, digest)
            OVERRIDING SYSTEM VALUE SELECT {stage.free}, {COLUMNS}, 'never was', recorded_at, ''
            FROM scoring_entry WHERE id = {stage.ids[0]}""",
        and_digests=True,
    )
    return stage.free, "added under a seal"


def _row_and_own_digest(stage):
    _rows(
        stage,
        f"UPDATE scoring_entry SET points = 50 WHERE id = {stage.ids[0]}",
        and_digests=True,
    )
    return stage.ids[0], "rewritten: its digest is not the one that was sealed"


def _leaves_rewritten(stage):
    _row_and_own_digest(stage)
    seal = Seal.objects.get(village=stage.village, number=1)
    tamper(
        stage.database,
        f"""UPDATE scoring_seal SET leaves = (
              SELECT string_agg(digest, ''::bytea ORDER BY id) FROM scoring_entry
              WHERE id = ANY (leaf_ids)) WHERE id = {seal.pk}""",
    )
    return seal.upto_id, "seal 1: its leaves do not make its root"


def _notice_says(stage, old, new):
    """Another text in the notice, with its digest, which is returned."""
    body = NoticeBody.objects.get()
    forged = body.canonical.replace(old, new)
    assert forged != body.canonical
    digest = proof.content_digest(forged).hex()
    tamper(
        stage.database,
        f"""UPDATE notices_noticebody SET canonical = replace(canonical, '{old}', '{new}'),
            content_sha256 = '\\x{digest}'""",
    )
    return proof.content_digest(forged)


def _notice_content(stage):
    _notice_says(stage, '"plus":14', '"plus":41')
    return None, f"notice {Notice.objects.get().number} is not what was sealed"


def _full_rewrite(stage):
    """Down to the notice, which gets the new root and a code of its own."""
    rewrite(
        stage.database,
        stage.village.pk,
        f"UPDATE scoring_entry SET points = 50 WHERE id = {stage.ids[1]}",
    )
    content = _notice_says(stage, '"plus":7', '"plus":53')
    root = bytes(Seal.objects.get(village=stage.village, number=2).root)
    code = proof.short_code(
        content_sha256=content, seal_root=root, notice_id=NoticeBody.objects.get().notice_id
    )
    tamper(
        stage.database,
        f"UPDATE notices_noticebody SET seal_root = '\\x{root.hex()}', short_code = '{code}'",
    )
    assert _reported(stage) == []
    return stage.ids[1], "changed: the witness has another digest"


TWELVE = [
    _points, _subject, _date, _middle_delete, _tail_cut, _swap, _balance_only, _fake_row,
    _row_and_own_digest, _leaves_rewritten, _notice_content, _full_rewrite,
]  # fmt: skip


def _reported(stage, *more):
    """What the command says on demand, of every village."""
    told = StringIO()
    with suppress(CommandError):
        call_command("verify_ledger", "--json", *more, stdout=told)
    return json.loads(told.getvalue())["problems"]


def test_b12_there_are_twelve():
    assert len(set(TWELVE)) == 12


def test_b12_nothing_is_found_before_anything_is_falsified(falsified):
    assert _reported(falsified, "--witness", str(falsified.witness)) == []


@pytest.mark.parametrize("way", TWELVE, ids=lambda way: way.__name__.strip("_"))
def test_b12_falsification_is_found_and_located(falsified, way):
    entry, what = way(falsified)
    needs_witness = way is _full_rewrite
    more = ("--witness", str(falsified.witness)) if needs_witness else ()
    found = _reported(falsified, *more)
    code = falsified.village.code
    assert {"village": code, "entry": entry, "what": what} in found
    assert {problem["village"] for problem in found} == {code}


@pytest.mark.parametrize(
    "way",
    [way for way in TWELVE if way not in (_balance_only, _leaves_rewritten, _notice_content)],
    ids=lambda way: way.__name__.strip("_"),
)
def test_b12_the_witness_alone_names_the_first_falsified_entry(falsified, way):
    entry, _ = way(falsified)
    first = witness.differences(falsified.witness)[0]
    assert (first.village, first.entry) == (falsified.village.code, entry)


# --- no false alarm ------------------------------------------------------------------------
PLACES = {
    "America/St_Johns": "German, DMY",
    "Pacific/Kiritimati": "SQL, MDY",
    "Asia/Kathmandu": "Postgres, YMD",
}
MONTHS = (date(2026, 9, 1), date(2026, 10, 1))


@contextmanager
def _posting_from(place):
    """A session of another zone and style; only numbers are read back in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, false)", [place])
        cursor.execute("SELECT set_config('DateStyle', %s, false)", [PLACES[place]])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'")


def _random_row(stage, draw, homes):
    home = draw.choice(homes)
    on = draw.choice(MONTHS) + timedelta(draw.randrange(28))
    entries = Entry.objects.filter(village=stage.village, kind__in=["award", "deduction"])
    roll = draw.random()
    if roll < 0.1 and entries:
        return stage.reversal(draw.choice(list(entries.values_list("pk", flat=True))))
    if roll < 0.25:
        return stage.spend(draw.randint(1, 10), home=home, on=on)
    if roll < 0.4:
        return stage.row(-draw.randint(1, 8), item="minus", home=home, on=on)
    return stage.row(draw.randint(2, 8), item=draw.choice(["plus", "kind"]), home=home, on=on)


def _grow(stage, draw):
    """Some of it is refused, as in life; what is refused leaves gaps."""
    homes = [stage.home, make_household(village=stage.village)]
    for _ in range(draw.randrange(12)):
        try:
            rows = [_random_row(stage, draw, homes) for _ in range(draw.randint(1, 3))]
            with _posting_from(draw.choice(list(PLACES))):
                stage.post(*rows)
            if draw.random() < 0.2:
                sealing.seal(village_id=stage.village.pk, by=stage.clerk, at=NOON)
            if draw.random() < 0.2:
                open_months = Month.objects.filter(village=stage.village, state="open")
                stage.close(open_months.order_by("month").values_list("month", flat=True)[0])
        except (DomainError, IndexError):
            continue


def _stand_in(database, settings, place):
    """Server, database and program with the defaults of another place, from now on."""
    with database.as_superuser() as raw, raw.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {database.name} SET TimeZone = '{place}'")
        cursor.execute(f"ALTER DATABASE {database.name} SET DateStyle = '{PLACES[place]}'")
    settings.TIME_ZONE = place
    connection.close()
    with database.as_application() as raw, raw.cursor() as cursor:
        cursor.execute("SHOW TimeZone")
        assert cursor.fetchone()[0] == place


@pytest.mark.parametrize(
    "ledgers", [10, pytest.param(100, marks=pytest.mark.long)], ids=["ten", "hundred"]
)
def test_b12_no_false_alarm_on_clean_ledgers_in_three_places(
    committed_db, settings, tmp_path, ledgers
):
    draw, township = random.Random(ledgers), make_township()
    path = tmp_path / "witness.txt"
    stages = [set_stage(township=township, number=200 + number) for number in range(ledgers)]
    for stage in stages:
        _grow(stage, draw)
    for place in PLACES:
        _stand_in(committed_db, settings, place)
        call_command("export_witness", str(path), stdout=StringIO())
        alarms = [
            problem
            for stage in stages
            for problem in check(village_id=stage.village.pk, village=stage.village.code).problems
        ]
        assert [*alarms, *witness.differences(path)] == []
        assert witness.newest_seals_that_differ(path) == []
    assert Entry.objects.count() > 5 * ledgers
    assert Seal.objects.count() > ledgers / 2
    assert Notice.objects.count() > ledgers / 10

"""Every rule the tables of scoring hold by themselves, each broken once, each named.

A case copies a row with changes, as the superuser, past all operations. I-05: whatever belongs to
a village refers to its own village only.
"""

from datetime import date, timedelta

import psycopg2
import pytest
from django.db import connection

from accounts.models import Proposal
from notices.models import Notice
from scoring.errors import NoRuleInForce, NoSuchSubject, NotReversible
from scoring.models import (
    Correction,
    Decision,
    Hold,
    Month,
    Rating,
    RuleBook,
    StarScheme,
    TranscribedLine,
    Veto,
)
from scoring.operations import holds
from tests.databases import superuser_url
from tests.factories import NOON
from tests.scoring.stage import Stage, beside, set_stage

# Field checks that Django adds by itself, keys of its own, and targets of the references.
NOT_OURS = ("_check", "_key", "_known_by_village", "_known_by_line", "_pkey")
FRESH = {"source": "'fresh'"}
# constraint -> (table, the row to copy, changes to it)
CASES = {
    "entry_source_once": ("entry", "kind = 'award'", {}),
    "entry_points_not_zero": ("entry", "kind = 'award'", {"points": "0"}),
    "entry_reversal_names_its_entry": ("entry", "kind = 'award'", {"kind": "'reversal'"}),
    "entry_item_has_category_and_book": ("entry", "kind = 'award'", {"category_id": "NULL"}),
    "entry_reversed_once": ("entry", "kind = 'reversal'", FRESH),
    "entry_reverses_same_village": (
        "entry",
        "kind = 'reversal'",
        {**FRESH, "reverses_id": "{their_entry}"},
    ),
    "entry_subject_same_village": (
        "entry",
        "kind = 'award'",
        {**FRESH, "subject_id": "{their_home}"},
    ),
    "entry_item_same_village": (
        "entry",
        "kind = 'award'",
        {**FRESH, "village_id": "{theirs}", "subject_id": "{their_home}"},
    ),
    "balance_once_per_subject": ("balance", "true", {}),
    "balance_is_bounded": ("balance", "true", {"gross": "-1"}),
    "balance_subject_same_village": ("balance", "true", {"subject_id": "{their_home}"}),
    "monthlytotal_once": ("monthlytotal", "true", {}),
    "monthlytotal_subject_same_village": (
        "monthlytotal",
        "true",
        {"subject_id": "{their_home}"},
    ),
    "monthlytotal_category_same_village": (
        "monthlytotal",
        "true",
        {"category_id": "{their_category}"},
    ),
    "category_name_once": ("category", "rulebook_id = {draft}", {}),
    "category_rulebook_same_village": (
        "category",
        "rulebook_id = {draft}",
        {"rulebook_id": "{their_draft}", "name": "'x'"},
    ),
    "item_code_once": ("item", "rulebook_id = {draft}", {}),
    "item_points_have_bounds": ("item", "rulebook_id = {draft}", {"high": "1001"}),
    "item_cap_has_period_and_amount": (
        "item",
        "rulebook_id = {draft} AND cap_period = ''",
        {"cap_period": "'month'"},
    ),
    "item_rulebook_same_village": (
        "item",
        "rulebook_id = {draft}",
        {"rulebook_id": "{their_draft}", "code": "'x'"},
    ),
    "item_category_same_village": (
        "item",
        "rulebook_id = {draft}",
        {"category_id": "{their_category}", "code": "'x'"},
    ),
    "adoption_votes_add_up": ("adoption", "true", {"abstain": "1"}),
    "adoption_quorum_is_a_share": ("adoption", "true", {"quorum_numerator": "0"}),
    "adoption_quorum_was_present": ("adoption", "true", {"members": "31"}),
    "adoption_more_than_half_agreed": ("adoption", "true", {"yes": "10", "no": "10"}),
    "adoption_rulebook_same_village": (
        "adoption",
        "true",
        {"rulebook_id": "{their_draft}", "proposal_id": "NULL"},
    ),
    "adoption_proposal_same_village": (
        "adoption",
        "true",
        {"rulebook_id": "{draft}", "proposal_id": "{their_proposal}"},
    ),
    "hold_source_once": ("hold", "true", {}),
    "hold_month_same_village": ("hold", "true", {**FRESH, "month_id": "{their_month}"}),
    "month_once": ("month", "state = 'open'", {}),
    "month_is_a_month": ("month", "state = 'open'", {"month": "'2026-13'"}),
    "month_closed_is_sealed": ("month", "state = 'open'", {"closed_at": "now()"}),
    "month_seal_same_village": (
        "month",
        "state = 'open'",
        {"month": "'2025-01'", "seal_id": "{their_seal}"},
    ),
    "rating_once": ("rating", "true", {}),
    "rating_approved_by_a_decision": ("rating", "true", {"state": "'approved'"}),
    "rating_subject_same_village": ("rating", "true", {"subject_id": "{their_home}"}),
    "rulebook_version_once": ("rulebook", "id = {draft}", {}),
    "rulebook_of_a_village_or_a_township": ("rulebook", "id = {draft}", {"village_id": "NULL"}),
    "rulebook_transcribed_names_its_source": (
        "rulebook",
        "id = {draft}",
        {"origin": "'transcribed'"},
    ),
    "starscheme_version_once": ("starscheme", "true", {"in_force": "false"}),
    "starscheme_one_in_force": ("starscheme", "true", {"version": "2"}),
    "transcribedline_source_once": ("transcribedline", "true", {}),
    "veto_once_per_document": ("veto", "true", {}),
    "veto_has_document_and_end": ("veto", "true", {"document": "''"}),
    "veto_subject_same_village": ("veto", "true", {"subject_id": "{their_home}"}),
    "correction_has_its_reason": ("correction", "true", {"reason": "''"}),
    "correction_month_same_village": (
        "correction",
        "true",
        {"proposal_id": "{proposal}", "month_id": "{their_month}"},
    ),
    "correction_corrects_same_village": (
        "correction",
        "true",
        {"proposal_id": "{proposal}", "corrects_id": "{their_notice}"},
    ),
    "correction_proposal_same_village": (
        "correction",
        "true",
        {"proposal_id": "{their_proposal}"},
    ),
    "noticedhouseholds_notice_same_village": (
        "noticedhouseholds",
        "true",
        {"notice_id": "-1"},
    ),
    "decision_once": ("decision", "true", {}),
    "decision_subject_same_village": ("decision", "true", {"subject_id": "{their_home}"}),
}
PAPER_IN_FORCE = "UPDATE public.scoring_rulebook SET state = 'in_force', effective = {} WHERE id = "
# What a copied row cannot show, because a trigger speaks first or a row has to move.
STATEMENTS = {
    "rulebook_in_force_has_dates": PAPER_IN_FORCE.format("NULL") + "{paper}",
    "rulebook_one_in_force_a_day": PAPER_IN_FORCE.format("'[2026-05-01,2026-05-02)'") + "{paper}",
    "seal_number_once": "ALTER TABLE public.scoring_seal DISABLE TRIGGER scoring_seal_follows;"
    " INSERT INTO public.scoring_seal SELECT (jsonb_populate_record(s,"
    " '{{\"id\": 999}}')).* FROM public.scoring_seal s",
}


def _full_stage() -> dict[str, int]:
    """A village with a row in every table of scoring, its neighbour, and what their rows are."""
    stage = set_stage()
    stage.post(stage.reversal(stage.enter(5)))
    stage.enter(6)
    stage.close("2026-10")
    stage.enter(7, on=date(2026, 11, 1))
    stage.adopt_book(stage.submit_book())
    holds.open_hold(
        month=stage.month("2026-11"),
        source="objection:1",
        kind=Hold.Kind.CLOSE,
        reason="x",
        by=stage.clerk,
        at=NOON,
    )
    _rows_of_ratings(stage)
    Correction.objects.create(
        village=stage.village,
        month=stage.month("2026-10"),
        corrects=Notice.objects.get(village=stage.village),
        proposal=Proposal.objects.get(village=stage.village, kind="lock"),
        reason="x",
        changes=[],
    )
    TranscribedLine.objects.create(village=stage.village, source="line")
    draft = stage.draft_book()
    neighbour = beside(stage)
    theirs = neighbour.enter(5)
    their_draft = neighbour.draft_book()
    closed = neighbour.close("2026-10")
    return {
        "proposal": _another_proposal(stage).pk,
        "their_notice": Notice.objects.get(village=neighbour.village).pk,
        "their_proposal": Proposal.objects.get(village=neighbour.village).pk,
        "draft": draft.pk,
        "paper": _submitted_paper(stage).pk,
        "theirs": neighbour.village.pk,
        "their_home": neighbour.home.pk,
        "their_entry": theirs,
        "their_draft": their_draft.pk,
        "their_category": their_draft.categories.first().pk,
        "their_month": closed.pk,
        "their_seal": closed.seal_id,
    }


def _rows_of_ratings(stage: Stage) -> None:
    mine = {"village": stage.village, "subject": stage.home}
    StarScheme.objects.create(village=stage.village, code="s", version=1, data={}, in_force=True)
    Veto.objects.create(
        **mine, code="v", document="d", decided_on=NOON, lapses_on=NOON + timedelta(1)
    )
    Decision.objects.create(**mine, scheme="s", about="a", granted=True, decided_at=NOON)
    Rating.objects.create(
        **mine, scheme="s", stars=[], missing=[], score=0, reasons=[], rule_version="1", digest=b""
    )


def _another_proposal(stage: Stage) -> Proposal:
    return Proposal.objects.create(
        village=stage.village,
        kind=Proposal.Kind.LOCK,
        about="x",
        content_sha256=b"",
        proposed_by_id=stage.clerk.person_id,
        proposed_at=NOON,
        expires_at=NOON,
    )


def _submitted_paper(stage: Stage) -> RuleBook:
    book = RuleBook.objects.create(
        village=stage.village,
        version=50,
        title="x",
        origin=RuleBook.Origin.TRANSCRIBED,
        transcribed_by="x",
        transcribed_from="x",
    )
    book.state = RuleBook.State.SUBMITTED
    book.save()
    return book


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in found if column.name != "id"]


def _copying(table: str, row: str, changes: dict[str, str]) -> str:
    columns = _columns(table)
    values = ", ".join(changes.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return (
        f"INSERT INTO public.{table} ({names}) SELECT {values} FROM public.{table}"
        f" WHERE {row} ORDER BY id LIMIT 1"
    )


def _broken_by(cursor, statement: str) -> str:
    cursor.execute("SAVEPOINT before")
    try:
        cursor.execute(statement)
    except psycopg2.Error as error:
        return error.diag.constraint_name or str(error)
    else:
        return f"accepted {cursor.rowcount}"
    finally:
        cursor.execute("ROLLBACK TO before")


def test_i05_every_constraint_of_scoring_holds(committed_db):
    ids = _full_stage()
    statements = {
        f"scoring_{name}": _copying(f"scoring_{table}", row, changes).format(**ids)
        for name, (table, row, changes) in CASES.items()
    }
    statements |= {f"scoring_{name}": sql.format(**ids) for name, sql in STATEMENTS.items()}
    server = psycopg2.connect(superuser_url(committed_db.name))
    with server, server.cursor() as cursor:
        broken = {name: _broken_by(cursor, statement) for name, statement in statements.items()}
    server.close()
    assert broken == {name: name for name in statements}


def test_every_constraint_of_scoring_has_its_case(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid::regclass::text LIKE 'scoring_%%'"
            " AND contype IN ('c', 'u', 'x', 'f')"
            " UNION SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid"
            " WHERE indrelid::regclass::text LIKE 'scoring_%%' AND indisunique"
        )
        names = {name for (name,) in cursor.fetchall()}
    ours = {name for name in names if not name.endswith(NOT_OURS) and "_fk_" not in name}
    cases = {f"scoring_{name}" for name in (*CASES, *STATEMENTS)}
    assert ours == cases


@pytest.mark.parametrize("item", ["plus", "minus"])
def test_i05_item_of_another_village_scores_nothing_here(stage, neighbour, item):
    points = 5 if item == "plus" else -5
    stage.items[item] = neighbour.items[item]
    with pytest.raises(NoRuleInForce):
        stage.enter(points, item=item)
    assert not Month.objects.filter(village=stage.village).exists()


def test_i05_household_of_another_village_is_unknown_here(stage, neighbour):
    with pytest.raises(NoSuchSubject):
        stage.enter(5, home=neighbour.home)


def test_i05_entry_of_another_village_is_not_reversed_here(stage, neighbour):
    theirs = neighbour.enter(5)
    row = stage.reversal(theirs)
    with pytest.raises(NoSuchSubject):
        stage.post(row)
    stage.enter(5)
    with pytest.raises(NotReversible):
        stage.post(stage.reversal(theirs, subject_id=stage.home.pk))

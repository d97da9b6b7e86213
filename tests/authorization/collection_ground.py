"""What the addresses of collection name in one village of the matrix."""

from datetime import date

from households.models import Assignment, CollectionForm, CollectionRound
from households.operations.forms import draft_form, put_in_use
from households.operations.rounds import RoundPlan, draft_round
from tests.factories import NOON, make_person, make_posting
from tests.households.collection.stage import new_form, question, section
from tests.scoring.stage import Stage

Values = dict[str, str]
ROUND_PAGES = (
    "", "edit/", "assign/", "assign/<slug>/", "progress/", "progress/table/", "checks/", "papers/",
    "papers/print/",
)  # fmt: skip
CHOICE = {
    "code": "farms",
    "kind": "choice",
    "label": "在种地吗",
    "options": [{"code": "yes", "label": "在种"}, {"code": "no", "label": "没种"}],
}


def draft_of(stage: Stage) -> CollectionForm:
    """A draft of the township's, called after the village."""
    start = new_form(section(CHOICE, question()), title=stage.village.name, code="")
    return draft_form(township=stage.village.township, start=start, by=stage.clerk, at=NOON)


def round_of(stage: Stage) -> CollectionRound:
    """A round of the township's that is not open yet, called after the village."""
    start = new_form(section(question()), title=f"{stage.village.name}轮次", code="")
    drafted = draft_form(township=stage.village.township, start=start, by=stage.clerk, at=NOON)
    asked = put_in_use(form=drafted, by=stage.clerk, at=NOON)
    title = f"{stage.village.name}{CollectionRound.objects.count()}"
    plan = RoundPlan(title, date(2026, 11, 1), date(2026, 12, 1), [asked])
    for name in ("陈采集", "方采集"):
        make_posting(person=make_person(name=name), role="collector", village=stage.village)
    return draft_round(township=stage.village.township, plan=plan, by=stage.clerk, at=NOON)


def check_in(stage: Stage, prepared: Values) -> int:
    """A second visit that was drawn in the round."""
    row = Assignment.objects.create(
        village=stage.village, round_id=int(prepared["number"]), subject=stage.home,
        collector=make_person(name="何采集"), purpose="check", assigned_at=NOON,
    )  # fmt: skip
    return row.pk


def collection_values(stage: Stage) -> dict[str, Values]:
    """By address what its parts are."""
    draft = {"number": str(draft_of(stage).pk)}
    prepared = {"number": str(round_of(stage).pk)}
    forms, rounds = "staff/forms/<number>/", "staff/rounds/<number>/"
    return {
        forms: draft,
        f"{forms}preview/": draft,
        f"{forms}questions/": draft,
        **{f"{forms}questions/<code>/{page}": {**draft, "code": "land"} for page in ("", "when/")},
        **{f"{rounds}{page}": prepared for page in ROUND_PAGES},
        f"{rounds}papers/<subject>/": {**prepared, "subject": str(stage.home.pk)},
        f"{rounds}checks/<assignment>/": {**prepared, "assignment": str(check_in(stage, prepared))},
    }

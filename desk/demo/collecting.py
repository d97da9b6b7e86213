"""Collection in the demo: an open round, and households for the collectors who can log in."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from desk.demo.accounts import holders
from desk.demo.places import GUANWANGMIAO, PREFIXES
from households.models import CollectionForm
from households.operations.assigning import How, assign, share
from households.operations.forms import draft_form, from_pack, put_in_use
from households.operations.rounds import RoundPlan, draft_round, open_round
from households.operations.visiting import assign_contacts
from households.queries.assignments import collectors_in
from households.queries.subjects import household_ids
from trail.actor import Actor
from trail.clock import business_date
from villages.models import Township
from villages.queries import villages_of

# As in the scheme: 77 collectors for 5,302 households, ten contact households for a person.
HOUSEHOLDS, CONTACTS = 69, 10
LASTS = timedelta(days=60)
FILES = ("household", "collective", "operator")
# Star households claim their stars; elsewhere a household looks at itself in eight aspects.
SELF_ASSESSMENTS = {PREFIXES[GUANWANGMIAO]: "star_claim"}


def begin(*, township: Township, prefix: str, by: Actor, at: datetime) -> None:
    """Open a round with the forms that come along; each demo collector gets the first households.

    Where others are posted as collectors, too, they share all the rest evenly.
    """
    forms = [_in_use(township, pack, by=by, at=at) for pack in FILES]
    _in_use(township, SELF_ASSESSMENTS.get(prefix, "self_assessment"), by=by, at=at)
    today = business_date(at)
    plan = RoundPlan(_("%s年农户信息采集") % today.year, today, today + LASTS, forms)
    round_ = draft_round(township=township, plan=plan, by=by, at=at)
    open_round(round_=round_, by=by, at=at)
    demo = holders(township=township, prefix=prefix, role="collector")
    for person, village in demo:
        own = household_ids(village_id=village.pk)[:HOUSEHOLDS]
        given = dict.fromkeys(own, person.pk)
        assign(round_=round_, village=village, collector_of=given, by=by, at=at)
        contacts = own[:CONTACTS]
        assign_contacts(village=village, person=person, subject_ids=contacts, by=by, at=at)
    villages = villages_of(township_id=township.pk)
    here = collectors_in(village_ids=[village.pk for village in villages], on=today)
    known = {person.pk for person, _village in demo}
    staffed = [one for one in villages if {person.pk for person in here[one.pk]} - known]
    if staffed:
        share(round_=round_, villages=staffed, how=How.EVENLY, by=by, at=at)


def _in_use(township: Township, pack: str, *, by: Actor, at: datetime) -> CollectionForm:
    drafted = draft_form(township=township, start=from_pack(pack), by=by, at=at)
    return put_in_use(form=drafted, by=by, at=at)

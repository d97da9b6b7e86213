"""Collection in the demo: an open round, and households for the collectors who can log in."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from desk.demo.accounts import holders
from households.operations.assigning import assign
from households.operations.forms import draft_form, from_pack, put_in_use
from households.operations.rounds import RoundPlan, draft_round, open_round
from households.operations.visiting import assign_contacts
from households.queries.subjects import household_ids
from trail.actor import Actor
from trail.clock import business_date
from villages.models import Township

# As in the scheme: 77 collectors for 5,302 households, ten contact households for a person.
HOUSEHOLDS, CONTACTS = 69, 10
LASTS = timedelta(days=60)


def begin(*, township: Township, prefix: str, by: Actor, at: datetime) -> None:
    """Open a round with the pack form of households; each demo collector gets the first ones."""
    drafted = draft_form(township=township, start=from_pack("household"), by=by, at=at)
    form = put_in_use(form=drafted, by=by, at=at)
    today = business_date(at)
    plan = RoundPlan(_("%s年农户信息采集") % today.year, today, today + LASTS, [form])
    round_ = draft_round(township=township, plan=plan, by=by, at=at)
    open_round(round_=round_, by=by, at=at)
    for person, village in holders(township=township, prefix=prefix, role="collector"):
        own = household_ids(village_id=village.pk)[:HOUSEHOLDS]
        given = dict.fromkeys(own, person.pk)
        assign(round_=round_, village=village, collector_of=given, by=by, at=at)
        contacts = own[:CONTACTS]
        assign_contacts(village=village, person=person, subject_ids=contacts, by=by, at=at)

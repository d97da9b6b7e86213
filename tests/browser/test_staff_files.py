"""Files of households, their acts and lists in a real Chromium: readable at every width."""

import pytest

from households.models import Member
from households.operations.files import departures
from households.operations.files.keeping import When
from tests.browser.test_month_close import faults_of
from tests.desk.staff_stage import Office, open_office
from tests.factories import make_id_number, make_member
from trail import clock

pytestmark = pytest.mark.browser


@pytest.fixture
def office(live_site: str) -> Office:
    return open_office()


def test_a_file_and_what_is_done_with_it_are_readable(live_site, office):
    home = office.stage.home
    head = make_member(household=home, id_number=make_id_number(), phone="13812345678")
    wife = make_member(household=home, name="李梅", relation="妻")
    child = make_member(household=home, name="张小宝", relation="孙子")
    Member.objects.filter(pk=child.pk).update(state=Member.State.AWAITING_CONSENT)
    departures.move_away(
        subject=home, member=wife, when=When(clock.today(), "外出务工"),
        by=office.stage.clerk, at=clock.now(),
    )  # fmt: skip
    file = f"/staff/households/{home.pk}/"
    paths = [
        "/staff/households/", "/staff/households/?q=zs", "/staff/households/add/",
        "/staff/households/consents/", "/staff/households/duplicates/", file,
        *(f"{file}acts/{act}/" for act in ("add", "head", "split", "merge", "consent")),
        *(f"{file}people/{head.pk}/{act}/" for act in ("edit", "move", "death", "erase", "copy")),
    ]  # fmt: skip
    assert faults_of(live_site, office.lin, paths) == []

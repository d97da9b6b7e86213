"""A village whose October is ready to be closed, and the people who look at it."""

from dataclasses import dataclass

from django.test import Client

from accounts.models import User
from notices.models import Notice
from scoring.operations import closing
from scoring.queries import months
from tests.factories import make_staff, make_township
from tests.scoring.stage import Stage, beside, set_stage
from trail import clock

MONTH = "2026-10"


@dataclass
class Office:
    """Lin prepares and Wei confirms in the village; Zhao does both in another township."""

    stage: Stage
    neighbour: Stage
    lin: Client
    wei: Client
    zhao: Client
    people: dict[str, User]

    @property
    def base(self) -> str:
        return f"/staff/months/{MONTH}/{self.stage.village.slug}/"

    def month(self):
        return months.by_name(village_id=self.stage.village.pk, month=MONTH)

    def text(self, path: str = "", *, who: Client | None = None, status: int = 200) -> str:
        response = (who or self.lin).get(self.base + path)
        assert response.status_code == status, response
        return response.content.decode()

    def act(self, step: str, who: Client, **fields) -> str:
        """Press a button, as the page would send it; the text of the page that follows."""
        response = who.post(self.base + step, fields, follow=True)
        assert response.status_code == 200, response
        return response.content.decode()

    def review(self) -> str:
        last = closing.figures.month_figures(village_id=self.stage.village.pk, month=MONTH)
        return self.act("review/", self.lin, act="reviewed", seen=last.last_entry_id)

    def proposal(self, step: str) -> str:
        """The number the second person's page carries."""
        page = self.text(step, who=self.wei)
        return page.split('name="proposal" value="')[1].split('"')[0]

    def lock(self) -> None:
        """Both persons lock, and the worker carries it out."""
        self.review()
        self.act("lock/", self.lin, act="propose")
        self.act("lock/", self.wei, act="approve", proposal=self.proposal("lock/"))
        closing.close(village=self.stage.village, month=MONTH, at=clock.now())

    def notice(self) -> Notice:
        return Notice.objects.get(village=self.stage.village, month=MONTH)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def open_office() -> Office:
    """Set the stage; October holds three entries."""
    stage = set_stage(township=make_township())
    neighbour = beside(stage)
    elsewhere = make_township(code="440783104", name="苍城镇")
    people = {
        "lin": make_staff(name="林文书", role="village_clerk", village=stage.village),
        "wei": make_staff(name="魏监督", role="supervision_member", village=stage.village),
        "zhao": make_staff(name="赵镇长", role="township_administrator", township=elsewhere),
    }
    for points in (5, 8, -2):
        stage.enter(points, item="plus" if points > 0 else "minus")
    neighbour.enter(5)
    clients = {name: logged_in(user) for name, user in people.items()}
    return Office(stage, neighbour, **clients, people=people)

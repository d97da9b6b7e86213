"""A township with two villages and the people who staff it; a township next to it."""

from dataclasses import dataclass, field

from django.test import Client

from accounts.models import User
from tests.desk.staff_stage import logged_in
from tests.factories import make_person, make_staff, make_township, make_village
from villages.models import Person, Township, Village

STAFF = {
    "lin": ("林经办", "township_clerk"),
    "zhao": ("赵镇长", "township_administrator"),
    "sun": ("孙安全", "security_administrator"),
}


@dataclass
class Town:
    """Lin proposes, Zhao and Sun confirm; Wen writes for the first village; Qian is elsewhere."""

    township: Township
    village: Village
    sister: Village
    elsewhere: Village
    users: dict[str, User]
    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clients = {name: logged_in(user) for name, user in self.users.items()}

    def person(self, name: str) -> Person:
        return self.users[name].person

    def get(self, who: str, path: str, status: int = 200) -> str:
        answer = self.clients[who].get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()

    def post(self, who: str, path: str, status: int = 200, **fields) -> str:
        answer = self.clients[who].post(path, fields, follow=True)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()


def open_town() -> Town:
    township, beside = make_township(), make_township(code="440783104", name="苍城镇")
    village = make_village(township=township)
    users = {
        key: make_staff(name=name, role=role, township=township)
        for key, (name, role) in STAFF.items()
    }
    users["wen"] = make_staff(name="文书记", role="village_clerk", village=village)
    users["qian"] = make_staff(name="钱经办", role="township_clerk", township=beside)
    return Town(
        township=township,
        village=village,
        sister=make_village(township=township, name="刘庄村", number=201),
        elsewhere=make_village(township=beside, name="苍江村", number=227),
        users=users,
    )


def newcomer(town: Town, name: str = "新来的") -> Person:
    """Somebody whom the township's clerk has just added."""
    person = make_person(name=name)
    person.added_in = town.township
    person.save()
    return person

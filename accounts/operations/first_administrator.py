"""The first persons of a township, before anybody can grant a role there."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import queries
from accounts.operations.invitations import make_link
from accounts.roles import Action, actions_of
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError
from villages.models import Township
from villages.operations import NewPosting, add_person, open_posting

ENOUGH = 2


class AdministratorsExist(DomainError):
    """Two persons can already grant roles: whoever comes next is granted one by them."""

    code = "administrators_exist"


class NotAnAdministrator(DomainError):
    """The role could not grant roles, so it would help nobody."""

    code = "not_an_administrator"


@transaction.atomic
def create_administrator(
    *, name: str, username: str, role: str, township: Township, by: Actor, at: datetime
) -> str:
    """The token of a link with which a new person becomes administrator of a township.

    Raises AdministratorsExist, NotAnAdministrator, UnfitUsername or UsernameTaken.
    """
    if Action.APPROVE_ROLE not in actions_of(role):
        raise NotAnAdministrator(_("这个职务不能批准授权，请用 township_administrator。"))
    # Two commands at once stand in line.
    queries.lock_township(township_id=township.pk)
    on: date = business_date(at)
    if queries.role_granters(township_id=township.pk, on=on, at=at) >= ENOUGH:
        raise AdministratorsExist(
            _("%s已经有两个人能批准授权，请他们在“人员”里添加。") % township.name
        )
    person = add_person(name=name, by=by, at=at)
    open_posting(
        posting=NewPosting(person=person, role=role, township=township, from_on=on), by=by, at=at
    )
    return make_link(person=person, username=username, by=by, at=at)[1]

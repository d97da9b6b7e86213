"""What is typed of a person, cleaned as an import cleans it, and how it differs from the file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from households import digests
from households.errors import FactsUnfit, HasLeftBefore, LivesElsewhere
from households.identity import birth_date_of, is_male, is_under_14
from households.importing.cleaning import (
    clean_id,
    clean_name,
    clean_note,
    clean_phone,
    clean_relation,
)
from households.importing.dates import clean_birth
from households.importing.problems import Problem
from households.models import Member
from trail.changes import Change

PLAIN = ("name", "relation", "sex", "birth_on", "away", "note")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is kept of a person; numbers in full."""

    name: str
    relation: str
    sex: str = ""
    birth_on: date | None = None
    id_number: str = ""
    phone: str = ""
    away: bool | None = None
    note: str = ""


def facts_of(member: Member) -> Facts:
    """What is on file of a member."""
    return Facts(
        **{name: getattr(member, name) for name in PLAIN},
        id_number=member.id_number,
        phone=member.phone,
    )


def cleaned(typed: Mapping[str, str], *, on: date) -> Facts:
    """The facts somebody typed; raises FactsUnfit with a sentence for each wrong field.

    An ID says birth and sex itself. Empty is empty: the caller decides what that means.
    """
    problems: dict[str, Problem] = {}

    def taken(name: str, result: object) -> object:
        if isinstance(result, Problem):
            problems[name] = result
            return None
        return result

    number = typed.get("id_number", "").strip()
    found = Facts(
        name=str(taken("name", clean_name(typed.get("name", "")))),
        relation=str(taken("relation", clean_relation(typed.get("relation", "")))),
        sex=_choice(typed.get("sex", "")),
        birth_on=_birth(typed.get("birth_on", ""), problems, on=on),
        id_number=str(taken("id_number", clean_id(number, on=on)) or "") if number else "",
        phone=str(taken("phone", clean_phone(typed.get("phone", ""))) or ""),
        away={"yes": True, "no": False}.get(typed.get("away", "")),
        note=str(taken("note", clean_note(typed.get("note", ""))) or ""),
    )
    if problems:
        fields = {name: f"{one.reason}。{one.fix}" for name, one in problems.items()}
        raise FactsUnfit(" ".join(fields.values()), fields=fields)
    return told_by_id(found)


def told_by_id(facts: Facts) -> Facts:
    """The same facts with the birth and the sex the ID tells, if there is one."""
    if not facts.id_number:
        return facts
    sex = Member.Sex.MALE if is_male(facts.id_number) else Member.Sex.FEMALE
    return replace(facts, birth_on=birth_date_of(facts.id_number), sex=sex.value)


def columns_of(facts: Facts) -> dict[str, object]:
    """The facts as columns, with the digests they are found by."""
    number, phone = facts.id_number, facts.phone
    return {
        **{name: getattr(facts, name) for name in PLAIN},
        "id_number": number,
        "id_hmac": digests.of_id(number) if number else None,
        "id_tail_hmac": digests.of_id_tail(number) if number else None,
        "phone": phone,
        "phone_hmac": digests.of_phone(phone) if phone else None,
        "phone_tail_hmac": digests.of_phone_tail(phone) if phone else None,
    }


def changes_between(before: Facts, after: Facts) -> list[Change]:
    """What differs, as the trail keeps it: everything of a person as digests."""
    return [
        Change(f"households.member.{name}", _kept(old), _kept(new), personal=True)
        for name in (*PLAIN, "id_number", "phone")
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]


def refuse_known_id(*, village_id: int, number: str, but: Member | None = None) -> None:
    """Raises LivesElsewhere or HasLeftBefore when the ID stands under another row."""
    if not number:
        return
    found = Member.objects.filter(village_id=village_id, id_hmac=digests.of_id(number))
    others = found.exclude(pk=but.pk) if but else found
    known = others.select_related("subject__unit").order_by("pk").last()
    if known is None:
        return
    home = {"group": known.subject.unit or "", "number": known.subject.number}
    if known.state in Member.GONE:
        if but is None:
            raise HasLeftBefore(
                _(
                    "这个人以前在%(group)s·%(number)s户，已经不在册。请到那一户办迁回，不要重新登记。"
                )
                % home
            )
        return
    raise LivesElsewhere(
        _("这个身份证号已经登记在%(group)s·%(number)s户名下，请先核对是不是同一个人。") % home
    )


def state_for(facts: Facts, *, on: date) -> str:
    """A child under 14 waits for a guardian's consent."""
    young = facts.birth_on is not None and is_under_14(facts.birth_on, on=on)
    return Member.State.AWAITING_CONSENT if young else Member.State.ACTIVE


def _birth(typed: str, problems: dict[str, Problem], *, on: date) -> date | None:
    result = clean_birth(typed.strip())
    if isinstance(result, Problem):
        problems["birth_on"] = result
    elif result is not None and not isinstance(result, date):
        problems["birth_on"] = Problem("birth_month", _("只有年月"), _("请写到日，如1985-03-07。"))
    elif result is not None and result > on:
        problems["birth_on"] = Problem("birth_future", _("日期在今天以后"), _("请核对。"))
    else:
        return result
    return None


def _choice(sex: str) -> str:
    return sex if sex in Member.Sex.values else ""


def _kept(value: object) -> str | int | None:
    if value is None or isinstance(value, str | int):
        return value
    return str(value)

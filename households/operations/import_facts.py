"""What a row of a sheet says of a person, in the words of the register."""

from collections.abc import Mapping

from households import digests
from households.importing.results import PersonRead
from households.importing.verdicts import HEADS
from households.models import Member
from households.queries import MemberOnFile

_SEXES: Mapping[str, str] = {"男": Member.Sex.MALE, "女": Member.Sex.FEMALE}


def plain_facts(person: PersonRead) -> dict[str, object]:
    """What the sheet says of a person, as the register keeps it, numbers apart."""
    return {
        "name": person.name,
        "relation": person.relation or ("户主" if person.is_head else ""),
        "sex": _SEXES.get(person.sex, ""),
        "birth_on": person.birth_on,
        "away": person.away,
        "note": person.note,
    }


def differences(known: MemberOnFile, person: PersonRead) -> dict[str, object]:
    """The facts a sheet gives that are not those on file; an empty cell gives none."""
    facts = plain_facts(person)
    if not person.relation and known.relation in HEADS:
        facts["relation"] = ""
    changed = {
        fact: value
        for fact, value in facts.items()
        if value not in ("", None) and value != getattr(known, fact)
    }
    if person.phone and digests.of_phone(person.phone) != known.phone_hmac:
        changed["phone"] = person.phone
    if known.id_hmac is None:
        changed["id_number"] = person.id_number
    return changed

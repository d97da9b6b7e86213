"""What must never stand on a public page of a village: names, ID numbers, phones."""

from dataclasses import dataclass

from households.models import Member, Subject
from trail.scope import reaching


@dataclass(frozen=True, slots=True)
class PrivateTexts:
    """Every full name, and every ID number and phone, of a village's register."""

    names: frozenset[str]
    numbers: frozenset[str]


def private_texts(*, village_id: int) -> PrivateTexts:
    """Read and decrypted in memory to be compared; neither shown nor kept.

    The village's whole register, whoever asks: what is out of reach would pass as harmless.
    """
    heads = Subject.objects.filter(village_id=village_id, kind=Subject.Kind.HOUSEHOLD)
    names = set(heads.values_list("name", flat=True))
    numbers: set[str] = set()
    members = Member.objects.filter(village_id=village_id)
    with reaching([village_id]):
        for name, id_number, phone in members.values_list("name", "id_number", "phone"):
            names.add(name)
            numbers |= {id_number, phone}
    return PrivateTexts(
        names=frozenset(plain for name in names if len(plain := "".join(name.split())) > 1),
        numbers=frozenset(number for number in numbers if number),
    )

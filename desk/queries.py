"""What the public home and village pages read: villages with their published notices."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet
from pypinyin import Style, lazy_pinyin

from notices import queries as notice_queries
from notices.models import Notice
from villages.models import Village


@dataclass(frozen=True, slots=True)
class VillageLine:
    """A village in a list: where it is, how it is spelt, how many notices it has."""

    name: str
    slug: str
    township: str
    spelling: str
    initials: str
    notices: int
    running: int

    @property
    def letter(self) -> str:
        """The heading it stands under."""
        return self.spelling[:1].upper()


@dataclass(frozen=True, slots=True)
class Running:
    """The notices on show today: how many, in how many villages, the last day of the latest."""

    notices: int
    villages: int
    until_on: date | None


def village_lines(*, on: date) -> list[VillageLine]:
    """Every village, by township and then A–Z, in one query."""
    shown = Q(notices__state=Notice.State.PUBLISHED)
    rows = Village.objects.annotate(
        shown=Count("notices", filter=shown),
        running=Count("notices", filter=shown & Q(notices__until_on__gte=on)),
    ).values_list("name", "slug", "township__code", "township__name", "shown", "running")
    lines = [
        (code, VillageLine(name, slug, township, _spelt(name), _initials(name), shown, running))
        for name, slug, code, township, shown, running in rows
    ]
    lines.sort(key=lambda line: (line[0], line[1].spelling, line[1].slug))
    return [line for _code, line in lines]


def matching(lines: list[VillageLine], typed: str) -> list[VillageLine]:
    """The villages whose name, township, pinyin or initials hold what was typed."""
    wanted = "".join(typed.split()).lower()
    return [
        line
        for line in lines
        if wanted in line.township + line.name
        or line.spelling.startswith(wanted)
        or line.initials.startswith(wanted)
    ]


def newest_notices(*, on: date) -> QuerySet[Notice]:
    """Published notices of all villages: running ones first, the soonest end first."""
    return notice_queries.in_reading_order(notice_queries.published(), on=on)


def running_notices(*, on: date) -> Running:
    """The public's 本月公示, in one query."""
    found = (
        notice_queries.published()
        .filter(until_on__gte=on)
        .order_by()
        .aggregate(
            notices=Count("pk"), villages=Count("village", distinct=True), until_on=Max("until_on")
        )
    )
    return Running(**found)


def _spelt(name: str) -> str:
    return "".join(lazy_pinyin(name))


def _initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))

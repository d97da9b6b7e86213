"""What stands in each kind of export."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from desk.exporting.tables import Cell
from desk.telling import told
from files.models import Export
from households.masks import ID_NUMBER_MASK, PHONE_MASK
from households.models import Member
from households.queries import files
from scoring.models import Entry
from scoring.queries.ledger import entries_of_month
from trail.queries import events_of_month
from trail.showing import masked

PIECE = 500


def headings(what: str) -> list[str]:
    """The first line of the table."""
    return {
        Export.What.REGISTER: [
            _("村"), _("组"), _("户号"), _("姓名"), _("与户主关系"), _("状态"), _("身份证号"),
            _("联系电话"),
        ],
        Export.What.LEDGER: [
            _("村"), _("组"), _("户号"), _("笔号"), _("类型"), _("条目"), _("分"), _("发生日期"),
            _("记账月份"),
        ],
        Export.What.AUDIT: [_("编号"), _("时间"), _("办了什么"), _("代码"), _("请求编号")],
    }[Export.What(what)]  # fmt: skip


def rows(export: Export, *, village_id: int) -> Iterator[list[Cell]]:
    """The rows of one village."""
    if export.what == Export.What.REGISTER:
        for member in files.living_in(village_id=village_id):
            yield _member(member, full=export.full)
    elif export.what == Export.What.LEDGER:
        for entry in entries_of_month(village_id=village_id, month=export.month):
            yield _entry(entry)
    else:
        yield from _events(village_id, export.month)


def _member(member: Member, *, full: bool) -> list[Cell]:
    (id_head, id_tail), (head, tail) = ID_NUMBER_MASK, PHONE_MASK
    number, phone = member.id_number, member.phone
    return [
        *_home(member),
        member.name,
        member.relation,
        member.get_state_display(),
        number if full else masked(number, head=id_head, tail=id_tail),
        phone if full else masked(phone, head=head, tail=tail),
    ]


def _entry(entry: Entry) -> list[Cell]:
    return [
        *_home(entry),
        entry.pk,
        entry.get_kind_display(),
        entry.item.name if entry.item else "",
        entry.points,
        entry.occurred_on.isoformat(),
        entry.month,
    ]


def _home(row: Member | Entry) -> list[Cell]:
    subject = row.subject
    return [row.village.name, subject.unit.name if subject.unit else "", subject.number]


def _events(village_id: int, month: str) -> Iterator[list[Cell]]:
    found = events_of_month(village_id=village_id, month=month)
    for begin in range(0, len(found), PIECE):
        for line in told(found[begin : begin + PIECE]):
            event = line.event
            at = event.at.isoformat(timespec="seconds")
            yield [event.pk, at, line.sentence, event.what, event.request_id]

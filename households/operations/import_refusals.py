"""What only the register can say against a row of a file, in words for its owner."""

from django.utils.translation import gettext as _

from households.importing.problems import CellProblem, Problem
from households.models import Subject


class Refused(Exception):
    """A row, or all rows of a household, cannot be written; carries the cell that says why."""

    def __init__(self, cell: CellProblem) -> None:
        super().__init__(cell.problem.code)
        self.cell = cell


def no_such_village(township: str) -> Problem:
    """The village is none of the township's, or could be several of them."""
    return Problem(
        "village_unknown",
        _("%(township)s没有叫这个名字的村，或对得上不止一个") % {"township": township},
        _("请照本乡镇的村名填写；若是别的乡镇的村，请导入那个乡镇。"),
    )


def other_village(own: str) -> Problem:
    """The row belongs to another village than the one that is imported."""
    return Problem(
        "village_other",
        _("这一行是别的村的，这次只导入%(village)s") % {"village": own},
        _("请从表里删去这一行，让那个村自己导入，或者请乡镇导入。"),
    )


def household_closed() -> Problem:
    """The household's file is closed."""
    return Problem("household_closed", _("这一户已销户"), _("请核对户号；一个户号不能再给别的户。"))


def number_of_others() -> Problem:
    """The number is that of a household of other people."""
    return Problem(
        "number_taken",
        _("档案里这个户号是另一户，户主和成员都对不上"),
        _("请核对组别和户号：不同的户要有不同的户号。"),
    )


def number_of_several() -> Problem:
    """Several households of the register could be meant."""
    return Problem(
        "number_ambiguous",
        _("档案里有不止一户对得上这个户号"),
        _("请把户号写得和档案里完全一样，如 001。"),
    )


def lives_elsewhere(home: Subject) -> Problem:
    """The person is a member of another household of the village; a move is an act of its own."""
    group = home.unit.name if home.unit else ""
    return Problem(
        "lives_elsewhere",
        _("这个人已在本村%(group)s%(number)s号户的档案里")
        % {"group": group, "number": home.number},
        _("请核对组别和户号；如确已换户，请先办迁户，导入不会把人迁走。"),
    )


def has_left() -> Problem:
    """The person was recorded as having left this very household."""
    return Problem(
        "has_left",
        _("档案里这个人已从这一户迁出"),
        _("请从表里删去这一行；如已迁回，请先在档案里办迁回。"),
    )


def somebody_was_erased() -> Problem:
    """The person is new to a file of which somebody was erased, and may be the very one."""
    return Problem(
        "maybe_erased",
        _("这一户有人要求删除过个人资料，这一行可能就是他，没有导入"),
        _("请核对：是他，从表里删去这一行；确实是另一个人，请在农户页面“登记成员”。"),
    )


def several_of_the_name() -> Problem:
    """Several members without an ID on file have this name."""
    return Problem(
        "name_twice",
        _("这一户的档案里有不止一个同名、没有身份证号的人"),
        _("请先在档案里给他们补上身份证号。"),
    )


def also_in(village: str) -> Problem:
    """A warning: the same ID is registered in another village of the township."""
    return Problem(
        "also_elsewhere",
        _("这个身份证号在%(village)s也有登记") % {"village": village},
        _("请两村核对：一个人只在一个村建档；这一行照常导入。"),
    )


def other_head_on_file() -> Problem:
    """A warning: the file's head is not the one of the register, who stays a member."""
    return Problem(
        "other_head",
        _("档案里这一户的户主是另一个人"),
        _("现以表里的户主为准；请在档案里改正原户主与户主的关系。"),
    )

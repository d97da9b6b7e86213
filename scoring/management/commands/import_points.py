import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.engine.rates import redemption_rate
from scoring.importing.reading import read_book
from scoring.importing.results import PointsBook
from scoring.operations import points_import
from scoring.operations.points_import import BookRefused
from scoring.queries.points_import import PointsFigures, figures, together
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.scope import reaching
from villages.models import Township
from villages.queries import township_by_code, villages_of

BY = Actor.system("scoring.import_points")
SHOWN_AT_MOST = 10


class Command(BaseCommand):
    help = "Enter a year's points workbook: households, entries and redemptions, month by month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--township", required=True, metavar="CODE", help="9-digit code")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: Path, township: str, **options: Any) -> None:
        try:
            book = read_book(file, on=clock.today())
            found, written = _import(book, township_by_code(township), dry_run=options["dry_run"])
            report = _report(found, written=written, left_out=book.left_out)
        except BookRefused as refusal:
            report = _report({}, refused=[bad.as_dict() for bad in refusal.refused])
        except DomainError as refusal:
            report = _report({}, refused=[_whole_file(refusal)])
        except Township.DoesNotExist as error:
            raise CommandError(
                _("没有代码为 %(code)s 的乡镇，请先导入区划。") % {"code": township}
            ) from error
        except OSError as error:
            raise CommandError(
                _("读不了文件 %(file)s：%(why)s") % {"file": file, "why": error.strerror}
            ) from error
        self._show(report, as_json=options["json"], dry_run=options["dry_run"])
        if report["refused"]:
            raise SystemExit(1)

    def _show(self, report: Mapping[str, Any], *, as_json: bool, dry_run: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        refused = report["refused"]
        if refused:
            self.stderr.write("\n".join(map(_refusal_line, refused[:SHOWN_AT_MOST])))
            if len(refused) > SHOWN_AT_MOST:
                self.stderr.write(
                    _("还有 %(count)s 处，用 --json 看全部。")
                    % {"count": len(refused) - SHOWN_AT_MOST}
                )
            self.stderr.write(
                _("有 %(count)s 处问题，整个文件没有导入。") % {"count": len(refused)}
            )
            return
        for name, found in report["villages"].items():
            self.stdout.write(_figures_line(name, found))
        self.stdout.write(_figures_line(_("合计"), report))
        self.stdout.write(_("兑换率（已兑换 ÷ 累计加分）：%(rate)s") % report)
        if report["left_out"]:
            titles = "、".join(report["left_out"])
            self.stdout.write(_("没有用到的工作表：%(titles)s") % {"titles": titles})
        outcome = _("只检查，没有写入。") if dry_run else _("新记账 %(written)s 笔。") % report
        self.stdout.write(outcome)


def _import(
    book: PointsBook, township: Township, *, dry_run: bool
) -> tuple[dict[str, PointsFigures], int]:
    """Figures by village: of the workbook on a dry run, of the database after an import."""
    if dry_run:
        plan = points_import.check_points(book=book, township=township)
        if plan.refused:
            raise BookRefused(plan.refused)
        return {planned.village.name: planned.figures() for planned in plan.villages}, 0
    with reaching(village.pk for village in villages_of(township_id=township.pk)):
        entered = points_import.import_points(book=book, township=township, by=BY, at=clock.now())
    stored = {
        planned.village.name: figures(village_id=planned.village.pk)
        for planned in entered.plan.villages
    }
    return stored, entered.written


def _report(
    villages: Mapping[str, PointsFigures],
    *,
    written: int = 0,
    left_out: Sequence[str] = (),
    refused: Sequence[Mapping[str, object]] = (),
) -> dict[str, Any]:
    total = together(villages.values())
    return {
        "villages": {name: asdict(found) for name, found in villages.items()},
        **asdict(total),
        "rate": redemption_rate(redeemed=total.redeemed, gross=total.gross),
        "written": written,
        "left_out": list(left_out),
        "refused": list(refused),
    }


def _whole_file(refusal: DomainError) -> dict[str, object]:
    """A refusal that no row is to blame for."""
    return {"sheet": "", "row": 0, "column": "", "value": "", "reason": str(refusal), "fix": ""}


def _refusal_line(bad: Mapping[str, object]) -> str:
    if not bad["row"]:
        return str(bad["reason"])
    where = _("工作表“%(sheet)s”第 %(row)s 行“%(column)s”列“%(value)s”") % bad
    return f"{where}：{bad['reason']}。{bad['fix']}"


def _figures_line(name: str, found: Mapping[str, Any]) -> str:
    months = found["months"]
    if not months:
        return _("%(name)s：%(households)s 户，没有记账") % {"name": name, **found}
    return _(
        "%(name)s：%(households)s 户，加减分 %(entries)s 笔，兑换 %(redemptions)s 笔；"
        "累计加分 %(gross)s，减分 %(minus)s，已兑换 %(redeemed)s，可兑积分 %(spendable)s；"
        "%(first)s 到 %(last)s"
    ) % {"name": name, "first": months[0], "last": months[-1], **found}

import hashlib
import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from households.importing.problems import RowProblem
from households.importing.reading import read_file
from households.operations.importing import ImportMode, ImportReport, import_households
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from trail.scope import reaching
from villages.models import Township
from villages.queries import township_by_code, villages_of

SHOWN_AT_MOST = 10


class Command(BaseCommand):
    help = "Bring a township's register of households up to its own sheet (xlsx or csv)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--township", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
        parser.add_argument(
            "--skip-bad-rows", action="store_true", help="write the good rows all the same"
        )
        parser.add_argument("--json", action="store_true", help="the whole report as JSON")

    def handle(
        self, *, file: Path, township: str, dry_run: bool, skip_bad_rows: bool, **options: object
    ) -> None:
        good_rows = ImportMode.SKIP_BAD_ROWS if skip_bad_rows else ImportMode.ALL_OR_NOTHING
        mode = ImportMode.CHECK if dry_run else good_rows
        report = self._import(file, _township(township), mode)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
        else:
            self._tell(report, mode)
        if report.refused and not skip_bad_rows:
            bad = {"count": len(report.refused)}
            raise CommandError(_("有%(count)s行不能导入，什么也没有写进去") % bad)

    def _import(self, file: Path, township: Township, mode: ImportMode) -> ImportReport:
        try:
            read = read_file(file, on=clock.today())
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            with reaching(village.pk for village in villages_of(township_id=township.pk)):
                return import_households(
                    read=read,
                    file_sha256=digest,
                    township=township,
                    mode=mode,
                    by=Actor.system("households.import_households"),
                    at=clock.now(),
                )
        except OSError as error:
            facts = {"file": file, "why": error.strerror}
            raise CommandError(_("读不了文件 %(file)s：%(why)s") % facts) from error
        except DomainError as refusal:
            raise CommandError(f"{file.name}: {refusal}") from refusal

    def _tell(self, report: ImportReport, mode: ImportMode) -> None:
        outcome = _("已写入%(count)s人") % {"count": report.written}
        if mode is ImportMode.CHECK:
            outcome = _("只检查，没有写入")
        figures = report.as_dict() | {
            "refused": len(report.refused),
            "warned": len(report.warned),
            "outcome": outcome,
        }
        summary = _(
            "工作表“%(sheet)s”：%(households)s户，%(people)s人。"
            "新增%(accepted)s，更新%(updated)s，没有变化%(unchanged)s，"
            "出错%(refused)s，提醒%(warned)s。%(outcome)s。"
        )
        self.stdout.write(summary % figures)
        if report.refused and all(bad.code == "village_unknown" for bad in report.refused):
            self.stdout.write(_("文件里的村都不在这个乡镇，请核对 --township 的代码。"))
        self._list(_("出错"), report.refused)
        self._list(_("提醒"), report.warned)

    def _list(self, title: str, problems: list[RowProblem]) -> None:
        line = _("%(title)s 第%(row)s行 %(column)s %(value)s：%(reason)s。%(fix)s")
        for problem in problems[:SHOWN_AT_MOST]:
            self.stdout.write(line % (problem.as_dict() | {"title": title}))
        more = {"title": title, "count": len(problems) - SHOWN_AT_MOST}
        if len(problems) > SHOWN_AT_MOST:
            self.stdout.write(_("%(title)s还有%(count)s行，用 --json 看全部") % more)


def _township(code: str) -> Township:
    try:
        return township_by_code(code)
    except Township.DoesNotExist as error:
        words = _("没有代码是 %(code)s 的乡镇，请先导入区划")
        raise CommandError(words % {"code": code}) from error

import hashlib
import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from households.importing.problems import RowProblem
from households.importing.reading import read_file
from households.operations.importing import ImportMode, ImportReport, import_households
from trail import clock
from trail.actor import Actor
from trail.errors import DomainError
from villages.models import Township
from villages.queries import township_by_code

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
            raise CommandError(f"有{len(report.refused)}行不能导入，什么也没有写进去")

    def _import(self, file: Path, township: Township, mode: ImportMode) -> ImportReport:
        try:
            return import_households(
                read=read_file(file, on=clock.today()),
                file_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
                township=township,
                mode=mode,
                by=Actor.system("households.import_households"),
                at=clock.now(),
            )
        except OSError as error:
            raise CommandError(f"读不了文件 {file}：{error.strerror}") from error
        except DomainError as refusal:
            raise CommandError(f"{file.name}：{refusal}") from refusal

    def _tell(self, report: ImportReport, mode: ImportMode) -> None:
        outcome = f"已写入{report.written}人"
        if mode is ImportMode.CHECK:
            outcome = "只检查，没有写入"
        self.stdout.write(
            f"工作表“{report.sheet}”：{report.households}户，{report.people}人。"
            f"新增{report.accepted}，更新{report.updated}，没有变化{report.unchanged}，"
            f"出错{len(report.refused)}，提醒{len(report.warned)}。{outcome}。"
        )
        self._list("出错", report.refused)
        self._list("提醒", report.warned)

    def _list(self, title: str, problems: list[RowProblem]) -> None:
        for problem in problems[:SHOWN_AT_MOST]:
            self.stdout.write(
                f"{title} 第{problem.row}行 {problem.column} {problem.value}："
                f"{problem.reason}。{problem.fix}"
            )
        if len(problems) > SHOWN_AT_MOST:
            self.stdout.write(f"{title}还有{len(problems) - SHOWN_AT_MOST}行，用 --json 看全部")


def _township(code: str) -> Township:
    try:
        return township_by_code(code)
    except Township.DoesNotExist as error:
        raise CommandError(f"没有代码是 {code} 的乡镇，请先导入区划") from error

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.operations.checking import check
from scoring.queries import months
from villages.queries import village_by_code


class Command(BaseCommand):
    help = "Check ledgers, seals, totals and notices against each other; exit 1 on a problem."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--village", help="12-digit code; without it, every village")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        code = options["village"]
        villages = [village_by_code(str(code))] if code else months.villages_with_entries()
        verdicts = [check(village_id=found.pk, village=found.code) for found in villages]
        problems = [problem for verdict in verdicts for problem in verdict.problems]
        report = {
            "ok": not problems,
            "entries": sum(verdict.entries for verdict in verdicts),
            "seals": sum(verdict.seals for verdict in verdicts),
            "problems": [asdict(problem) for problem in problems],
        }
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for problem in problems:
                where = f" entry {problem.entry}" if problem.entry else ""
                self.stdout.write(f"village {problem.village}{where}: {problem.what}")
            self.stdout.write(f"{report['entries']} entries, {report['seals']} seals checked")
        if problems:
            raise CommandError(f"{len(problems)} problems found", returncode=1)

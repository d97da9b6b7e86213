import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.engine.errors import WitnessIsRefused
from scoring.operations import breaks
from scoring.operations.checking import check
from scoring.queries import months, witness
from scoring.queries.verifying import Problem, Verdict
from trail import clock
from trail.actor import Actor
from villages.models import Village
from villages.queries import find_village

BY = Actor.system("manage.py verify_ledger")


def _village(code: str) -> Village:
    village = find_village(code)
    if village is None:
        raise CommandError(_("没有代码是 %s 的村") % code, returncode=2)
    return village


class Command(BaseCommand):
    help = "Check ledgers, seals, totals and notices against each other; exit 1 on a problem."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--village", help="12-digit code; without it, every village")
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--witness", type=Path, metavar="FILE", help="check against a witness too"
        )
        parser.add_argument(
            "--public-key", default="", metavar="HEX", help="who must have signed the witness"
        )
        parser.add_argument(
            "--stop", action="store_true", help="stop broken ledgers until supervision signs"
        )

    def handle(self, *args: object, **options: object) -> None:
        code, stop = str(options["village"] or ""), bool(options["stop"])
        villages = [_village(code)] if code else months.villages_with_entries()
        against = _against(options["witness"], key=str(options["public_key"]), village=code)
        verdicts = [_verdict(village, stop=stop) for village in villages]
        if stop:
            breaks.stop_all(problems=against, by=BY, at=clock.now())
        problems = [*against, *(found for verdict in verdicts for found in verdict.problems)]
        report = {
            "ok": not problems,
            "entries": sum(verdict.entries for verdict in verdicts),
            "seals": sum(verdict.seals for verdict in verdicts),
            "problems": [asdict(problem) for problem in problems],
        }
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(problems)
            self.stdout.write(f"{report['entries']} entries, {report['seals']} seals checked")
        if problems:
            raise CommandError(f"{len(problems)} problems found", returncode=1)

    def _tell(self, problems: list[Problem]) -> None:
        for problem in problems:
            where = f" entry {problem.entry}" if problem.entry else ""
            self.stdout.write(f"village {problem.village}{where}: {problem.what}")


def _verdict(village: Village, *, stop: bool) -> Verdict:
    if stop:
        return breaks.examine(village=village, by=BY, at=clock.now())
    return check(village_id=village.pk, village=village.code)


def _against(path: object, *, key: str, village: str) -> list[Problem]:
    """What the witness says against the ledgers; nothing when none is given."""
    if not isinstance(path, Path):
        return []
    try:
        witness.genuine(path, key=key)
        return witness.differences(path, village=village)
    except (WitnessIsRefused, OSError) as error:
        raise CommandError(f"the witness {path} is refused: {error}", returncode=2) from error

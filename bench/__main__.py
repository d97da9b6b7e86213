"""`python -m bench`: run the rows asked for, print the table, write the JSON."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bench import closes, importing, pages, posting, reading
from bench.ground import Ground
from bench.measuring import Row, measure
from bench.telling import as_document, as_lines, circumstances

ROUNDS, QUICK_ROUNDS = 9, 3


def rows(ground: Ground, *, quick: bool) -> dict[int, Callable[[], Row]]:
    """Every row by its number; making one prepares its data."""
    tenth = 10 if quick else 1
    return {
        1: lambda: posting.one_post(ground, amount=20 if quick else 100),
        2: lambda: posting.batch_post(ground, amount=2_000 if quick else 10_000),
        3: lambda: posting.eight_writers(ground, amount=10 if quick else 50),
        4: lambda: reading.verify(ground, small=100_000 // tenth, large=400_000 // tenth),
        5: lambda: reading.sums(ground, entries=240_000 // tenth),
        6: lambda: reading.ratings(ground, villages=1 if quick else 4),
        7: lambda: closes.close(ground, times=2 if quick else 4),
        8: lambda: pages.notice(ground, amount=5 if quick else 20),
        9: lambda: importing.register(ground, large=100_000 // tenth),
        10: lambda: pages.lists(ground, amount=2 if quick else 5),
    }


def main() -> None:
    """Take the rows one after the other."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", default="", help="numbers, such as 1,2,8 (default: all)")
    parser.add_argument("--quick", action="store_true", help="small and rough")
    parser.add_argument("--rounds", type=int, help=f"turns a row (default {ROUNDS})")
    parser.add_argument("--json", type=Path, default=Path("bench/results.json"))
    options = parser.parse_args()
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    ground = Ground()
    offered = rows(ground, quick=options.quick)
    chosen = [int(number) for number in options.rows.split(",") if number] or list(offered)
    seen = circumstances()
    _say([json.dumps(seen)])
    outcomes = []
    try:
        for number in sorted(set(chosen)):
            row = offered[number]()
            outcomes.append(measure(row, rounds=rounds, settle=ground.settle))
            _say(as_lines(outcomes[-1]))
    finally:
        ground.rivals.stop()
        document = as_document(seen, outcomes)
        options.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _say(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

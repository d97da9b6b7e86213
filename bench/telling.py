"""The outcome as a table for people and as JSON for programs."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from django.db import connection

from bench.measuring import Bar, Outcome, Spread, is_met

SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
WIDEST = 46


def circumstances() -> dict[str, object]:
    """Machine, versions and how safely the server writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s) name", [list(SETTINGS)])
        server = dict(cursor.fetchall())
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        "postgres": server,
    }


def as_lines(outcome: Outcome) -> list[str]:
    """The row as a few lines of the table."""
    row = outcome.row
    lines = ["", f"{row.number}. {row.title} ({outcome.rounds} rounds)"]
    for way in row.ways:
        seen = outcome.rates[way.name]
        lines.append(
            f"   {way.name:<{WIDEST}} {_figure(seen.median):>9} {row.unit}/s"
            f"   {_figure(seen.least)} – {_figure(seen.most)}"
        )
    lines += [_bar_line(bar, seen) for bar, seen in outcome.bars]
    lines += [f"   {fact.name}: {fact.value}{_mark(fact.met)}" for fact in row.facts]
    return lines


def as_data(outcome: Outcome) -> dict[str, object]:
    """The row for the JSON file."""
    row = outcome.row
    return {
        "number": row.number,
        "title": row.title,
        "unit": row.unit,
        "rounds": outcome.rounds,
        "ways": [
            {"name": way.name, "amount": way.amount, "per_second": asdict(outcome.rates[way.name])}
            for way in row.ways
        ],
        "bars": [_bar_data(bar, seen) for bar, seen in outcome.bars],
        "facts": [asdict(fact) for fact in row.facts],
    }


def as_document(seen: Mapping[str, object], outcomes: Sequence[Outcome]) -> dict[str, object]:
    """The whole run for the JSON file."""
    return {**seen, "rows": [as_data(outcome) for outcome in outcomes]}


def _bar_line(bar: Bar, seen: Spread) -> str:
    sign = "≥" if bar.at_least else "≤"
    aim = f", aim {sign} {_figure(bar.aim)}" if bar.aim is not None else ""
    against = f"{bar.kind} against {bar.against}" if bar.against else "per second"
    return (
        f"   → {bar.of}, {against}: {_figure(seen.median)}"
        f" ({_figure(seen.least)} – {_figure(seen.most)});"
        f" reach {sign} {_figure(bar.reach)}{aim}{_mark(is_met(bar, seen, bar.reach))}"
    )


def _bar_data(bar: Bar, seen: Spread) -> dict[str, object]:
    aimed = bar.aim is not None and is_met(bar, seen, bar.aim)
    met = is_met(bar, seen, bar.reach)
    return {**asdict(bar), "seen": asdict(seen), "reached": met, "aim_met": aimed}


def _mark(met: bool | None) -> str:
    return {True: "  [met]", False: "  [MISSED]", None: ""}[met]


def _figure(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"

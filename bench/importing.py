"""Row 9: the register of 17,000 persons, beside calamine and COPY; memory of 100,000 rows."""

import io
import json
import tempfile
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from python_calamine import CalamineWorkbook

from bench.ground import Ground
from bench.measuring import Bar, Fact, Row, Way, timed
from bench.memory import import_file, peak_of
from desk.demo.places import SHITAI
from households.identity import check_digit
from villages.queries import township_by_code, villages_of

WORKBOOK = Path(settings.BASE_DIR) / "demo" / "shitai_households.xlsx"
HEADER = ["村", "组别", "户号", "户主姓名", "姓名", "与户主关系", "性别", "身份证号", "联系电话"]
PERSONS_A_HOUSEHOLD, HOUSEHOLDS_A_GROUP = 4, 250
MOST_MEGABYTES = 300


def register(ground: Ground, *, large: int) -> Row:
    """First import, checked and encrypted, taken back at its end."""
    rows = _read()
    width = max(len(row) for row in rows)
    columns = ", ".join(f"c{number} text" for number in range(width))
    ground.run_raw(f"CREATE TABLE bench.sheet ({columns})")
    ours = Way(
        "import, checked and encrypted", len(rows), timed(lambda: import_file(str(WORKBOOK)))
    )
    floor = Way("calamine + COPY", len(rows), lambda: _floor(ground))
    return Row(
        number=9,
        title=f"import of {len(rows):,} persons",
        unit="persons",
        ways=[ours, floor],
        bars=[Bar(ours.name, floor.name, "time", 6, 4)],
        facts=[_memory(ground, large)],
    )


def _read() -> list[list[object]]:
    book = CalamineWorkbook.from_path(WORKBOOK)
    return book.get_sheet_by_index(0).to_python()[2:]


def _floor(ground: Ground) -> float:
    ground.run_raw("TRUNCATE bench.sheet")

    def work() -> None:
        lines = ("\t".join(map(str, row)) for row in _read())
        with ground.raw.cursor() as cursor:
            cursor.copy_expert("COPY bench.sheet FROM STDIN", io.StringIO("\n".join(lines) + "\n"))

    return timed(work)()


def _memory(ground: Ground, large: int) -> Fact:
    with tempfile.TemporaryDirectory() as folder:
        table, path = Path(folder) / "table.json", Path(folder) / "large.xlsx"
        table.write_text(json.dumps([HEADER, *_invented(large)]))
        ground.rivals.seconds("workbook", table=str(table), path=str(path))
        bare, peak = peak_of("nothing", ""), peak_of("import_file", path)
    value = f"{peak} MB ({bare} MB with nothing to do); reach ≤ {MOST_MEGABYTES} MB"
    return Fact(f"peak memory of importing {large:,} rows", value, peak <= MOST_MEGABYTES)


def _invented(amount: int) -> list[list[str]]:
    """Persons with right numbers of a region that does not exist, four to a household."""
    places = villages_of(township_id=township_by_code(SHITAI).pk)
    rows = []
    for place in range(amount):
        home, member = divmod(place, PERSONS_A_HOUSEHOLD)
        group, number = divmod(home, HOUSEHOLDS_A_GROUP)
        village, head = places[group % len(places)], f"张{chr(0x4E00 + home % 8_000)}"
        name = f"{head}{chr(0x4E00 + member)}" if member else head
        born = date(1950, 1, 1) + timedelta(days=place % 20_000)
        first = f"999999{born:%Y%m%d}{place // 20_000 * 2 + 1:03}"
        rows.append(
            [village.name, f"{group + 1}组", f"{number + 1:03}", head, name,
             "其他" if member else "户主", "男", first + check_digit(first),
             f"139{place:08}"]
        )  # fmt: skip
    return rows

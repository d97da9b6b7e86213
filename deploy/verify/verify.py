#!/usr/bin/env python3
"""Check an export of the points ledger without the program that made it.

    python3 verify.py EXPORT [--json]

EXPORT is the zip of `manage.py export_ledger`, or the folder it was unpacked to. Needs Python 3.8
or newer and nothing else. Exit 0: nothing found; 1: something is wrong, each thing named.

Written from docs/ledger-format.md; it shares no code with the site. Entries are read one by one:
what is kept in memory is one village's sums per household, month and category.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

FORMAT, VERSION = "village-points-ledger", 1
WHAT = {
    "unreadable": "导出文件 {file} 第 {line} 行读不了",
    "incomplete": "导出文件 {file} 应有 {expected} 行，现在有 {found} 行",
    "foreign": "这一笔写的是别的村",
    "changed": "这一笔被改过：内容和它的指纹对不上",
    "rewritten": "这一笔连同指纹被改过：指纹不是封账时的那个",
    "removed": "这一笔封过账，现在不见了",
    "added": "这一笔是封账以后塞进来的",
    "late": "这一笔记进了已经锁定的月份 {month}",
    "seal_root": "第 {seal} 次封账：按指纹算不出它的根",
    "seal_chain": "第 {seal} 次封账：和上一次接不上",
    "seal_bounds": "第 {seal} 次封账：起止不对",
    "balance": "户 {subject}：余额不是各笔之和",
    "total": "户 {subject}：{month} 的月合计不是各笔之和",
    "notice_content": "公示 {notice}：内容和指纹、核对码对不上",
    "notice_seal": "公示 {notice}：写的那次封账不存在",
    "notice_sealed": "公示 {notice}：封账写得和账本里的不一样",
    "notice_form": "公示 {notice}：内容的写法不对",
    "notice_row": "公示 {notice}：{household} 写的当月、累计是 {stated}，账上是 {ledger}",
    "notice_unknown": "公示 {notice}：{household} 不在农户清单里",
    "notice_missing": "公示 {notice}：{household} 账上有加分，公示里没有",
    "notice_category": "公示 {notice}：各类别的加分、减分和账上不一样",
    "notice_total": "公示 {notice}：合计不对",
}
# What a line of each file must hold: i a number, t a text, x bytes as hex;
# m a number or null, o a text or null.
FIELDS = {
    "entries": "id:i village:i subject:i kind:t points:i category:m item:m rulebook:m occurred_on:t"
    " month:t source:t reverses:m recorded_at:t recorded_by:m digest:x",
    "seals": "number:i upto:i count:i root:x prev_root:x",
    "leaves": "seal:i id:i leaf:x",
    "months": "month:t state:t seal:m",
    "balances": "subject:i gross:i earned:i spendable:i",
    "totals": "subject:i month:t category:m plus:i minus:i spent:i entries:i",
    "subjects": "id:i kind:t group:t number:t state:t",
    "categories": "id:i name:t",
    "notices": "id:i number:t kind:t month:o corrects:m canonical:t content_sha256:x seal_root:x"
    " short_code:t",
}
SHAPES = {
    part: [tuple(field.split(":")) for field in fields.split()] for part, fields in FIELDS.items()
}
TYPES = {"i": (int,), "t": (str,), "x": (str,), "m": (int, type(None)), "o": (str, type(None))}
BAD = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, struct.error)
DAMAGE = (OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
MICROSECOND = timedelta(microseconds=1)
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def problem(about: dict, code: str, entry: int | None = None, **facts: object) -> dict:
    """What is wrong, in which village, at which entry when one can be named, and in words."""
    where = f" 第 {entry} 笔" if entry is not None else ""
    what = f"{about['code']} {about['name']}{where}：{WHAT[code].format(**facts)}"
    return {**facts, "village": about["code"], "entry": entry, "code": code, "what": what}


def opener(path: str) -> Callable[[str], BinaryIO]:
    """Opens files of the zip or the folder by their names."""
    folder = Path(path)
    if folder.is_dir():
        return lambda name: (folder / name).open("rb")
    return zipfile.ZipFile(path).open


def villages_in(open_file: Callable[[str], BinaryIO]) -> list:
    """What the manifest says there is; raises one of BAD when it is none of ours."""
    with open_file("manifest.json") as file:
        found = json.loads(file.read().decode())
    if (found["format"], found["version"]) != (FORMAT, VERSION):
        raise ValueError("another format")
    for about in found["villages"]:
        # The code is the name of a folder.
        if not (about["code"].isdigit() and "name" in about and dict(about["lines"])):
            raise ValueError("no village")
    return found["villages"]


class Stream:
    """Rows of one file with the next one in view; `head` is None at the end."""

    def __init__(self, rows: Iterator[dict]) -> None:
        self._rows = rows
        self.head = next(rows, None)

    def pop(self) -> dict:
        """The row in view; the next one comes into view."""
        row, self.head = self.head, next(self._rows, None)
        return row


class Tree:
    """The Merkle tree of docs/ledger-format.md §3: roots of its complete parts, largest first."""

    def __init__(self) -> None:
        self.count = 0
        self._parts = []

    def add(self, node: bytes) -> None:
        """Append a leaf."""
        self.count += 1
        size = self.count
        while size % 2 == 0:
            node = sha256(b"\x01" + self._parts.pop() + node).digest()
            size //= 2
        self._parts.append(node)

    def root(self) -> bytes:
        """The root over the leaves so far."""
        node, *larger = reversed(self._parts or [sha256(b"").digest()])
        for left in larger:
            node = sha256(b"\x01" + left + node).digest()
        return node


def text(value: str) -> bytes:
    """§1: length, then UTF-8."""
    data = value.encode()
    return struct.pack(">I", len(data)) + data


def number(value: int | None) -> bytes:
    """§1: a number that may be missing."""
    return b"\x00" if value is None else b"\x01" + struct.pack(">q", value)


def digest(row: dict) -> bytes:
    """§2: the digest of an entry, from what its line says."""
    moment = datetime.fromisoformat(row["recorded_at"]) - EPOCH
    return sha256(
        b"\x00\x01"
        + struct.pack(">qqq", row["id"], row["village"], row["subject"])
        + text(row["kind"])
        + struct.pack(">q", row["points"])
        + b"".join([number(row[key]) for key in ("category", "item", "rulebook")])
        + b"".join([text(row[key]) for key in ("occurred_on", "month", "source")])
        + number(row["reverses"])
        + struct.pack(">q", moment // MICROSECOND)
        + number(row["recorded_by"])
    ).digest()


def short_code(content: bytes, seal_root: bytes, notice: int) -> str:
    """§5: the code on paper."""
    whole = sha256(b"\x02" + content + seal_root + notice.to_bytes(8, "big")).digest()
    value = int.from_bytes(whole, "big") >> 256 - 60
    return "".join(SIGNS[value >> 5 * place & 31] for place in range(11, -1, -1))


def parsed(part: str, line: bytes) -> dict:
    """One line as its file must have it; raises one of BAD."""
    row = json.loads(line.decode())
    for key, kind in SHAPES[part]:
        if type(row[key]) not in TYPES[kind]:
            raise ValueError(key)
        if kind == "x":
            row[key] = bytes.fromhex(row[key])
    if part == "entries":
        row["computed"] = digest(row)
    return row


class Village:
    """Checks one village; `problems` is what was found."""

    def __init__(self, open_file: Callable[[str], BinaryIO], about: dict) -> None:
        self._open, self._about = open_file, about
        self.problems, self.counted = [], Counter()
        # (subject, month, category or 0) -> plus, minus, spent, entries
        self._sums = defaultdict(lambda: [0, 0, 0, 0])

    def check(self) -> None:
        """Everything of docs/ledger-format.md §6, and what the notices state."""
        self._seals = list(self._rows("seals"))
        self.counted["seals"] = len(self._seals)
        upto = {seal["number"]: seal["upto"] for seal in self._seals}
        self._closed = {
            row["month"]: upto[row["seal"]]
            for row in self._rows("months")
            if row["state"] != "open" and row["seal"] in upto
        }
        self._entries, self._leaves = Stream(self._checked()), Stream(self._rows("leaves"))
        self._follow_seals()
        self._check_balances()
        self._check_notices()
        self._check_totals()

    def _note(self, code: str, entry: int | None = None, **facts: object) -> None:
        self.problems.append(problem(self._about, code, entry, **facts))

    def _rows(self, part: str) -> Iterator[dict]:
        """The lines of one file; what cannot be read, or is missing, is noted."""
        name, line = f"{self._about['code']}/{part}.jsonl", 0
        try:
            with self._open(name) as file:
                for raw in file:
                    line += 1
                    try:
                        yield parsed(part, raw)
                    except BAD:
                        self._note("unreadable", file=name, line=line)
        except DAMAGE:
            self._note("unreadable", file=name, line=line + 1)
        expected = self._about["lines"].get(part)
        if line != expected:
            self._note("incomplete", file=name, expected=expected, found=line)

    def _checked(self) -> Iterator[dict]:
        """The entries; each one's digest is computed anew and its points are added up."""
        for row in self._rows("entries"):
            self.counted["entries"] += 1
            if row["village"] != self._about["id"]:
                self._note("foreign", row["id"])
            if row["computed"] != row["digest"]:
                self._note("changed", row["id"])
            if row["id"] > self._closed.get(row["month"], row["id"]):
                self._note("late", row["id"], month=row["month"])
            # A reversal's sign tells what it takes back.
            sides = {"award": 0, "deduction": 1, "reversal": 0 if row["points"] < 0 else 1}
            sums = self._sums[row["subject"], row["month"], row["category"] or 0]
            sums[sides.get(row["kind"], 2)] += row["points"]
            sums[3] += 1
            yield row

    def _follow_seals(self) -> None:
        tree, before = Tree(), {"number": 0, "root": b"", "upto": 0}
        for seal in self._seals:
            last = None
            while self._leaves.head and self._leaves.head["seal"] == seal["number"]:
                leaf = self._leaves.pop()
                last = leaf["id"]
                self._compare(last, leaf["leaf"])
                tree.add(leaf["leaf"])
            self._pass_over(seal["upto"])
            named = {"entry": last, "seal": seal["number"]}
            if (tree.root(), tree.count) != (seal["root"], seal["count"]):
                self._note("seal_root", **named)
            if (seal["prev_root"], seal["number"]) != (before["root"], before["number"] + 1):
                self._note("seal_chain", **named)
            if last is None or last != seal["upto"] or seal["upto"] <= before["upto"]:
                self._note("seal_bounds", **named)
            before = seal
        while self._leaves.head:
            leaf = self._leaves.pop()
            self._note("seal_bounds", entry=leaf["id"], seal=leaf["seal"])
        while self._entries.head:
            self._entries.pop()

    def _compare(self, sealed: int, leaf: bytes) -> None:
        self._pass_over(sealed - 1)
        if not self._entries.head or self._entries.head["id"] != sealed:
            self._note("removed", sealed)
        elif self._entries.pop()["digest"] != leaf:
            self._note("rewritten", sealed)

    def _pass_over(self, upto: int) -> None:
        while self._entries.head and self._entries.head["id"] <= upto:
            self._note("added", self._entries.pop()["id"])

    def _check_balances(self) -> None:
        """Gross is plus; earned is plus and minus; spendable is everything."""
        due = defaultdict(lambda: (0, 0, 0))
        for (subject, _month, _category), (plus, minus, spent, _) in self._sums.items():
            gross, earned, spendable = due[subject]
            due[subject] = gross + plus, earned + plus + minus, spendable + plus + minus + spent
        for row in self._rows("balances"):
            stated = row["gross"], row["earned"], row["spendable"]
            if due.pop(row["subject"], (0, 0, 0)) != stated:
                self._note("balance", subject=row["subject"])
        for subject in sorted(due):
            if due[subject] != (0, 0, 0):
                self._note("balance", subject=subject)

    def _check_totals(self) -> None:
        for row in self._rows("totals"):
            sums = self._sums.pop((row["subject"], row["month"], row["category"] or 0), None)
            if sums != [row["plus"], row["minus"], row["spent"], row["entries"]]:
                self._note("total", subject=row["subject"], month=row["month"])
        for subject, month, _category in sorted(self._sums):
            self._note("total", subject=subject, month=month)

    def _check_notices(self) -> None:
        figures = Figures(self._sums, self._rows("subjects"), self._rows("categories"))
        for row in self._rows("notices"):
            self.counted["notices"] += 1
            try:
                for found, facts in self._differences(figures, row):
                    self._note(found, notice=row["number"], **facts)
            except BAD:
                self._note("notice_form", notice=row["number"])

    def _differences(self, figures: Figures, row: dict) -> Iterator[tuple[str, dict]]:
        content_digest = sha256(row["canonical"].encode()).digest()
        code = short_code(content_digest, row["seal_root"], row["id"])
        seal = [seal for seal in self._seals if seal["root"] == row["seal_root"]]
        if (content_digest, code) != (row["content_sha256"], row["short_code"]):
            yield "notice_content", {}
        elif row["seal_root"] and not seal:
            yield "notice_seal", {}
        content = json.loads(row["canonical"])
        plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if plain != row["canonical"]:
            yield "notice_form", {}
        # Only these state the whole month; of others the content and the code are checked.
        if (row["kind"], row["corrects"]) == ("points", None):
            yield from self._stated(figures, row, content, seal)

    def _stated(
        self, figures: Figures, row: dict, content: dict, seal: list
    ) -> Iterator[tuple[str, dict]]:
        about = [content["format"], content["kind"], content["month"], content["village"]["code"]]
        if about != [1, "points", row["month"], self._about["code"]]:
            yield "notice_form", {}
        for one in seal:
            facts = {key: one[key] for key in ("number", "upto", "count")}
            if content["seal"] != {**facts, "root": one["root"].hex()}:
                yield "notice_sealed", {}
        # Group and number are sealed; which household that was stands beside the notice.
        subjects = row.get("subjects") or [0] * len(content["rows"])
        if len(subjects) != len(content["rows"]):
            yield "notice_form", {}
            subjects = [0] * len(content["rows"])
        yield from figures.differences(content, subjects)


class Figures:
    """What the ledger says of a month, as a notice must state it (§8)."""

    def __init__(self, sums: dict, subjects: Iterator[dict], categories: Iterator[dict]) -> None:
        self._plus = defaultdict(lambda: defaultdict(int))
        self._categories = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        names = {row["id"]: row["name"] for row in categories}
        for (subject, month, category), (plus, minus, _spent, _entries) in sums.items():
            self._plus[month][subject] += plus
            if category:
                line = self._categories[month][names.get(category, str(category))]
                line[0] += plus
                line[1] += minus
        self._households = {row["id"]: row for row in subjects if row["kind"] == "household"}
        self._called = {(row["group"], row["number"]): key for key, row in self._households.items()}

    def differences(self, content: dict, subjects: list) -> Iterator[tuple[str, dict]]:
        """Each household's figures, nobody left out, the categories, the sums."""
        plus, gross = self._plus.get(content["month"], {}), self._gross(content["month"])
        waiting = dict(self._households)
        for place, row in enumerate(content["rows"]):
            named = {"household": f"{row['group']}/{row['number']}"}
            known = subjects[place] or self._called.get((row["group"], row["number"]))
            found = waiting.pop(known, None)
            if found is None:
                yield "notice_unknown", named
                continue
            due = plus.get(found["id"], 0), gross[found["id"]]
            if (row["plus"], row["gross"]) != due:
                stated = f"{row['plus']}, {row['gross']}"
                yield "notice_row", {**named, "stated": stated, "ledger": "{}, {}".format(*due)}
        for left in waiting.values():
            if gross[left["id"]] and left["state"] != "closed":
                yield "notice_missing", {"household": f"{left['group']}/{left['number']}"}
        yield from self._sums(content)

    def _gross(self, upto: str) -> Counter:
        found = Counter()
        for month in [month for month in self._plus if month <= upto]:
            found.update(self._plus[month])
        return found

    def _sums(self, content: dict) -> Iterator[tuple[str, dict]]:
        due = [(name, *line) for name, line in self._categories.get(content["month"], {}).items()]
        lines = [(line["name"], line["plus"], line["minus"]) for line in content["categories"]]
        if sorted(lines) != sorted(due):
            yield "notice_category", {}
        if content["totals"] != {
            "households": len(content["rows"]),
            "plus": sum(plus for _, plus, _ in lines),
            "minus": sum(minus for *_, minus in lines),
            "gross": sum(row["gross"] for row in content["rows"]),
        }:
            yield "notice_total", {}


def verified(path: str) -> tuple[Counter, list]:
    """What was counted, and the problems, village by village."""
    counted, problems = Counter(villages=0, entries=0, seals=0, notices=0), []
    try:
        open_file = opener(path)
        villages = villages_in(open_file)
    except (*BAD, *DAMAGE):
        nowhere = {"code": "", "name": path}
        return counted, [problem(nowhere, "unreadable", file="manifest.json", line=1)]
    for about in villages:
        village = Village(open_file, about)
        village.check()
        counted.update(village.counted, villages=1)
        problems += village.problems
    return counted, problems


def main() -> int:
    """Read the arguments, say what was found."""
    parser = argparse.ArgumentParser(description="核对积分账本的导出文件")
    parser.add_argument("export", help="export_ledger 写出的 zip，或者解开后的文件夹")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON，给程序读")
    asked = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    counted, problems = verified(asked.export)
    if asked.json:
        report = json.dumps({"ok": not problems, **counted, "problems": problems})
    else:
        found = f"发现 {len(problems)} 个问题" if problems else "没有发现问题"
        whole = "核对了 {villages} 个村、{entries} 笔、{seals} 次封账、{notices} 份公示：{found}。"
        lines = [one["what"] for one in problems]
        report = "\n".join([*lines, whole.format(found=found, **counted)])
    sys.stdout.write(report + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

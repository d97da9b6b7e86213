"""Changing a form's content piece by piece: each function gives a new content, nothing is read.

A piece is a section or a question; all of them have different codes.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

Content = Mapping[str, Any]
Row = dict[str, Any]
UP, DOWN = -1, 1


class NoSuchPiece(LookupError):
    """The content has no section or question of this code."""


def sections_of(content: Content) -> list[Row]:
    """A copy of the sections, free to be changed."""
    return deepcopy(list(content.get("sections", [])))


def codes_of(content: Content) -> list[str]:
    """The codes of all sections and questions."""
    rows = sections_of(content)
    return [piece["code"] for row in rows for piece in (row, *row["questions"])]


def free_code(content: Content, stem: str) -> str:
    """A code that nothing has yet: q1, q2 …"""
    taken = set(codes_of(content))
    return next(code for n in range(1, len(taken) + 2) if (code := f"{stem}{n}") not in taken)


def question_of(content: Content, code: str) -> Row:
    """One question as it is written; raises NoSuchPiece."""
    row, place = _found(sections_of(content), code)
    if place is None:
        raise NoSuchPiece(code)
    question: Row = row["questions"][place]
    return question


def with_section(content: Content, title: str) -> Content:
    """One more section at the end."""
    new = {"code": free_code(content, "s"), "title": title, "questions": []}
    return {**content, "sections": [*sections_of(content), new]}


def renamed(content: Content, code: str, title: str) -> Content:
    """A section under another title; raises NoSuchPiece."""
    rows = sections_of(content)
    row, place = _found(rows, code)
    if place is not None:
        raise NoSuchPiece(code)
    row["title"] = title
    return {**content, "sections": rows}


def with_question(content: Content, section: str, question: Row) -> Content:
    """One more question at the end of a section; raises NoSuchPiece."""
    rows = sections_of(content)
    row, place = _found(rows, section)
    if place is not None:
        raise NoSuchPiece(section)
    row["questions"].append(question)
    return {**content, "sections": rows}


def replaced(content: Content, code: str, question: Row) -> Content:
    """Another question in the place of the one of this code; raises NoSuchPiece."""
    rows = sections_of(content)
    row, place = _found(rows, code)
    if place is None:
        raise NoSuchPiece(code)
    row["questions"][place] = question
    return {**content, "sections": rows}


def moved(content: Content, code: str, by: int) -> Content:
    """A section or question one place up or down; at the edge a question changes its section."""
    rows = sections_of(content)
    row, place = _found(rows, code)
    if place is None:
        _swap(rows, rows.index(row), by)
    elif 0 <= place + by < len(row["questions"]):
        _swap(row["questions"], place, by)
    elif 0 <= (next_ := rows.index(row) + by) < len(rows):
        question = row["questions"].pop(place)
        rows[next_]["questions"].insert(
            0 if by == DOWN else len(rows[next_]["questions"]), question
        )
    return {**content, "sections": rows}


def without(content: Content, code: str) -> Content:
    """The content without a section, with all its questions, or a question; raises NoSuchPiece."""
    rows = sections_of(content)
    row, place = _found(rows, code)
    if place is None:
        rows.remove(row)
    else:
        row["questions"].pop(place)
    return {**content, "sections": rows}


def options_of(labels: Sequence[str], before: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Options for these labels: a label that stays, or is only written anew, keeps its code."""
    kept = {one["label"]: one["code"] for one in before}
    taken = {kept[label] for label in labels if label in kept}
    free = iter(code for n in range(1, 200) if (code := f"o{n}") not in kept.values())
    options = []
    for place, label in enumerate(labels):
        code = kept.get(label, "")
        if not code and len(labels) == len(before) and before[place]["code"] not in taken:
            code = before[place]["code"]
        options.append({"code": code or next(free), "label": label})
    return options


def _found(rows: list[Row], code: str) -> tuple[Row, int | None]:
    """The section of this code, or the section and place of the question."""
    for row in rows:
        if row["code"] == code:
            return row, None
        for place, question in enumerate(row["questions"]):
            if question["code"] == code:
                return row, place
    raise NoSuchPiece(code)


def _swap(rows: list[Row], place: int, by: int) -> None:
    if 0 <= place + by < len(rows):
        rows[place], rows[place + by] = rows[place + by], rows[place]

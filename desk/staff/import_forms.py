"""What is typed on the pages of an import."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.exporting.reach import Place
from households.importing.columns import Choice, Glance
from households.importing.headings import NECESSARY, PLAINEST, Field
from households.importing.reading import Fix
from households.importing.texts import masked, shown

FIXED = "fixed"
LONGEST_TYPED = 200
MOST_HEADER_ROW = 1_000


class UploadForm(forms.Form):
    """A file, and of where it is when the visitor may import in several places."""

    place = forms.ChoiceField(label=gettext_lazy("哪里的农户表"))
    file = forms.FileField(
        label=gettext_lazy("农户表（.xlsx、.xls 或 .csv，最大 10 MB）"),
        max_length=200,
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("请先选一个文件。")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )

    def __init__(self, *args: Any, offered: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._places = {place.key: place for place in offered}
        choices = [(key, str(place)) for key, place in self._places.items()]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["place"].widget = forms.HiddenInput()
            self.fields["place"].initial = choices[0][0]

    @property
    def chosen(self) -> Place:
        """The place that was chosen."""
        return self._places[self.cleaned_data["place"]]


class ColumnsForm(forms.Form):
    """For each thing that is read: a column of the file, one value for all rows, or nothing."""

    def __init__(self, *args: Any, seen: Glance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._seen = seen
        layout = seen.layout
        columns = [(str(at), _heading(at, text)) for at, text in enumerate(layout.all_headings)]
        for wanted, words in PLAINEST.items():
            choices = [("", _("表里没有")), *columns, (FIXED, _("每一行都一样，填在框里"))]
            chosen = FIXED if wanted in layout.fixed else str(layout.columns.get(wanted, ""))
            self.fields[wanted.value] = forms.ChoiceField(
                label=words, choices=choices, required=False, initial=chosen
            )
            self.fields[f"fixed_{wanted.value}"] = forms.CharField(
                label=_("“%(what)s”每一行都填") % {"what": words},
                required=False,
                max_length=60,
                initial=layout.fixed.get(wanted, ""),
            )

    def clean(self) -> dict[str, Any]:
        """What must be there is there, and a fixed value is written out."""
        given = super().clean() or {}
        for wanted in Field:
            chosen, words = given.get(wanted.value), {"what": PLAINEST[wanted]}
            if wanted in NECESSARY and chosen == "":
                self.add_error(
                    wanted.value, _("必须有“%(what)s”。请选一列，或者写一个固定的。") % words
                )
            if chosen == FIXED and not given.get(f"fixed_{wanted.value}"):
                self.add_error(wanted.value, _("请在框里写“%(what)s”每一行填什么。") % words)
        return given

    def mapping(self) -> dict[str, Any]:
        """What was chosen, as it is kept."""
        layout, given = self._seen.layout, self.cleaned_data
        chosen = {wanted.value: given[wanted.value] for wanted in Field if given[wanted.value]}
        return {
            "sheet": layout.sheet.title,
            "header": [layout.first_header_row, layout.last_header_row],
            "columns": {name: int(place) for name, place in chosen.items() if place != FIXED},
            "fixed": {
                name: given[f"fixed_{name}"] for name, place in chosen.items() if place == FIXED
            },
        }

    def lines(self) -> list[dict[str, Any]]:
        """A line for each thing: its two fields, whether it must be there, and examples."""
        examples = self._seen.examples()
        layout = self._seen.layout
        return [
            {
                "column": self[wanted.value],
                "fixed": self[f"fixed_{wanted.value}"],
                "needed": wanted in NECESSARY,
                "known": wanted in layout.columns and wanted not in self._seen.twice,
                "examples": _examples(wanted, examples, layout.columns.get(wanted)),
            }
            for wanted in Field
        ]


def choice_asked(given: QueryDict, *, sheets: tuple[str, ...]) -> Choice | None:
    """Another sheet or header row, as the address asks for it; None when it does not."""
    if not {"sheet", "row"} & set(given):
        return None
    at = _number(given.get("sheet", ""), most=len(sheets))
    row = _number(given.get("row", ""), most=MOST_HEADER_ROW)
    two = row is not None and given.get("rows") == "2"
    return Choice(
        sheet=sheets[at - 1] if at else None,
        header_row=row,
        last_header_row=row + 1 if row and two else row,
    )


def typed_rows(given: QueryDict) -> Mapping[int, Fix]:
    """The rows in which anything was typed or ticked: fields are called `r17_phone`, `r17_out`."""
    cells: dict[int, dict[Field, str]] = {}
    out: set[int] = set()
    known = {wanted.value: wanted for wanted in Field}
    for name in given:
        row, _underscore, what = name.partition("_")
        number = _number(row.removeprefix("r"), most=1_048_576)
        text = str(given[name]).replace("\x00", "").strip()[:LONGEST_TYPED]
        if number is None or not row.startswith("r") or not text:
            continue
        if what == "out":
            out.add(number)
        elif what in known:
            cells.setdefault(number, {})[known[what]] = text
    return {row: Fix(cells.get(row, {}), row in out) for row in {*cells, *out}}


def _number(text: str, *, most: int) -> int | None:
    is_one = text.isascii() and text.isdecimal() and len(text) < 9
    return int(text) if is_one and 1 <= int(text) <= most else None


def _heading(at: int, text: str) -> str:
    first, last = divmod(at, 26)
    letters = (chr(64 + first) if first else "") + chr(65 + last)
    return _("%(letters)s列 %(heading)s") % {"letters": letters, "heading": shown(text)}


def _examples(wanted: Field, examples: list[list[str]], position: int | None) -> str:
    if position is None or position >= len(examples):
        return ""
    show = masked if wanted in (Field.ID_NUMBER, Field.PHONE) else shown
    return "、".join(show(text) for text in examples[position])

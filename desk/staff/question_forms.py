"""What is typed about one question of a collection form: only what its kind can have."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from households.engine.building import options_of
from households.engine.forms import LONGEST_HINT, LONGEST_LABEL, WITH_OPTIONS, Kind
from households.engine.wording import unsaid_words

NUMBERS = (Kind.NUMBER, Kind.MONEY)
# What the law and the phone make optional whatever anybody ticks.
NEVER_REQUIRED = (Kind.MONEY, Kind.PHOTO, Kind.LOCATION)
LONGEST_OPTIONS = 4_000
# Not the code of any form that comes with the product.
EMPTY = "empty"


class NewFormForm(forms.Form):
    """A form to begin with: one that comes with the product, or an empty one."""

    start = forms.ChoiceField(
        label=_("从哪里开始"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选从哪里开始。"), "invalid_choice": _("请选一个。")},
    )
    title = forms.CharField(label=_("空白表的名称"), max_length=60, required=False)
    purpose = forms.ChoiceField(label=_("空白表的用途"), required=False)
    subject_kind = forms.ChoiceField(label=_("空白表给谁填"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        packs: Mapping[str, str],
        purposes: list[tuple[str, Any]],
        kinds: list[tuple[str, Any]],
    ) -> None:
        super().__init__(data)
        starts = [*packs.items(), (EMPTY, _("空白表"))]
        for name, choices in (("start", starts), ("purpose", purposes), ("subject_kind", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("start") == EMPTY:
            for name, words in (
                ("title", _("请填空白表的名称。")),
                ("purpose", _("请选用途。")),
                ("subject_kind", _("请选给谁填。")),
            ):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return typed


class QuestionForm(forms.Form):
    """One question of a kind that is chosen already; `row` is it as the content has it."""

    label = forms.CharField(
        label=_("问什么"),
        max_length=LONGEST_LABEL,
        error_messages={
            "required": _("请填问题。"),
            "max_length": _("问题最多60个字，请写短一些。"),
        },
    )
    hint = forms.CharField(
        label=_("提示（可不填）"),
        max_length=LONGEST_HINT,
        required=False,
        error_messages={"max_length": _("提示最多120个字，请写短一些。")},
    )
    options = forms.CharField(
        label=_("选项，一行一个"),
        max_length=LONGEST_OPTIONS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("请填选项，一行一个，至少两个。")},
    )
    unit = forms.CharField(
        label=_("单位，例如亩、人（可不填）"),
        max_length=10,
        required=False,
        error_messages={"max_length": _("单位最多10个字。")},
    )
    decimals = forms.TypedChoiceField(
        label=_("小数"),
        coerce=int,
        required=False,
        choices=[(0, _("只填整数")), *((n, _("最多%(n)s位小数") % {"n": n}) for n in (1, 2, 3, 4))],
    )
    least = forms.DecimalField(
        label=_("最小（可不填）"),
        required=False,
        error_messages={"invalid": _("最小要填数字，例如0。")},
    )
    most = forms.DecimalField(
        label=_("最大（可不填）"),
        required=False,
        error_messages={"invalid": _("最大要填数字，例如1000。")},
    )
    required = forms.BooleanField(label=_("一定要填"), required=False)
    unsaid = forms.MultipleChoiceField(
        label=_("也可以答"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any, *, kind: Kind, row: Mapping[str, Any]) -> None:
        super().__init__(data, initial=self._initial(row))
        self._kind, self._row = kind, row
        unsaid = self.fields["unsaid"]
        assert isinstance(unsaid, forms.ChoiceField)  # noqa: S101
        unsaid.choices = list(unsaid_words().items())
        for name in self._not_for(kind):
            del self.fields[name]

    @staticmethod
    def _initial(row: Mapping[str, Any]) -> dict[str, Any]:
        labels = [one["label"] for one in row.get("options", [])]
        return {**row, "options": "\n".join(labels)}

    @staticmethod
    def _not_for(kind: Kind) -> set[str]:
        left = set() if kind in NUMBERS else {"unit", "decimals", "least", "most"}
        left |= {"decimals"} if kind is Kind.MONEY else set()
        left |= {"required"} if kind in NEVER_REQUIRED else set()
        return left | (set() if kind in WITH_OPTIONS else {"options"})

    def written(self, code: str) -> dict[str, Any]:
        """The question for the content, once what is typed is valid."""
        typed = self.cleaned_data
        row: dict[str, Any] = {"code": code, "kind": str(self._kind), "label": typed["label"]}
        for name in ("hint", "unit", "decimals", "required", "unsaid"):
            if typed.get(name):
                row[name] = typed[name]
        for name in ("least", "most"):
            if typed.get(name) is not None:
                row[name] = str(typed[name])
        if self._kind in WITH_OPTIONS:
            lines = [line.strip() for line in typed["options"].splitlines() if line.strip()]
            row["options"] = options_of(lines, self._row.get("options", []))
        if "only_if" in self._row:
            row["only_if"] = self._row["only_if"]
        return row

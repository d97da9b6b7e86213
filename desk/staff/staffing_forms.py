"""What is typed about persons, posts and units; each choice holds only what the visitor reaches."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.operations.granting import MOST_DEPUTY_DAYS
from accounts.registration import USERNAME
from accounts.roles import ROLES, held_in_township, held_in_village, role_name
from desk.forms import day_field, reason_field
from villages.models import Posting, Unit

PHONE = forms.RegexField(
    r"[0-9+() -]{5,30}",
    required=False,
    label=_("电话（可不填）"),
    error_messages={"invalid": _("电话只写数字，例如13800001111或0561-1234567。")},
)


class PersonForm(forms.Form):
    """A person who will hold posts or log in."""

    name = forms.CharField(
        max_length=60,
        label=_("姓名"),
        error_messages={"required": _("请填姓名。"), "max_length": _("姓名最多60个字。")},
    )
    phone = PHONE


class UnitForm(forms.Form):
    """A unit of a village, new or under another name."""

    kind = forms.ChoiceField(
        label=_("类型"),
        choices=Unit.Kind.choices,
        required=False,
        error_messages={"invalid_choice": _("请在列出的类型里选一个。")},
    )
    name = forms.CharField(
        max_length=40,
        label=_("名称"),
        error_messages={"required": _("请填名称。"), "max_length": _("名称最多40个字。")},
    )


class InviteForm(forms.Form):
    """The name of the log-in that the link opens, and why where a second person is asked."""

    username = forms.RegexField(
        rf"^{USERNAME.pattern}$",
        label=_("账号"),
        error_messages={
            "required": _("请填账号。"),
            "invalid": _("账号用3到40个小写字母、数字、点或横线，以字母或数字开头。"),
        },
    )
    because = reason_field(_("请写为什么要开。"), label=_("为什么"))

    def __init__(self, data: Any = None, *, two: bool) -> None:
        super().__init__(data)
        if not two:
            del self.fields["because"]


class EndForm(forms.Form):
    """At once, or after a last day."""

    when = forms.ChoiceField(
        label=_("什么时候结束"),
        choices=[("now", _("现在就结束")), ("day", _("到这一天为止"))],
        error_messages={"required": _("请选什么时候结束。"), "invalid_choice": _("请选一个。")},
    )
    last_day = day_field(_("最后一天"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("when") == "day" and not typed.get("last_day") and not self.errors:
            self.add_error("last_day", _("请填最后一天。"))
        return typed

    @property
    def ends(self) -> date | None:
        """The last day; None for at once."""
        return self.cleaned_data["last_day"] if self.cleaned_data["when"] == "day" else None


class GrantForm(forms.Form):
    """A posting to be proposed: a post, or standing in for somebody for some days."""

    role = forms.ChoiceField(
        label=_("职务"),
        required=False,
        error_messages={"invalid_choice": _("这里没有这个职务，请在列出的里选。")},
    )
    unit = forms.ChoiceField(
        label=_("片区（可不选）"),
        required=False,
        error_messages={"invalid_choice": _("这个村没有这个片区，请在列出的里选。")},
    )
    from_on = day_field(_("从哪天开始"))
    to_on = day_field(_("到哪天为止（不填就是没有定）"), required=False)
    route = forms.ChoiceField(
        label=_("产生方式"), choices=Posting.Route.choices, initial=Posting.Route.ASSIGNED
    )
    qualification = forms.CharField(label=_("资格（可不填）"), required=False, max_length=60)
    deputy_of = forms.ChoiceField(
        label=_("代替谁"),
        required=False,
        error_messages={"invalid_choice": _("这里没有这个人任职，请在列出的里选。")},
    )
    days = forms.IntegerField(
        label=_("代几天"),
        required=False,
        min_value=1,
        max_value=MOST_DEPUTY_DAYS,
        error_messages={
            "invalid": _("请填天数，例如7。"),
            "min_value": _("至少1天。"),
            "max_value": _("最多180天。"),
        },
    )
    because = reason_field(_("请写为什么要这样任职。"), label=_("为什么"))

    def __init__(
        self,
        data: Any,
        *,
        in_village: bool,
        units: Sequence[Unit],
        serving: Sequence[Posting],
        today: date,
    ) -> None:
        super().__init__(data, initial={"from_on": today})
        fits = held_in_village if in_village else held_in_township
        roles = [(role, role_name(role)) for role in ROLES if fits(role)]
        self._units = {str(unit.pk): unit for unit in units}
        self._serving = {str(row.pk): row for row in serving}
        self._choices("role", _("请选职务"), roles)
        self._choices("unit", _("整个村"), [(pk, row.name) for pk, row in self._units.items()])
        people = [(pk, f"{row.person.name} {row.post.name}") for pk, row in self._serving.items()]
        self._choices("deputy_of", _("不是代职"), people)
        if not units:
            del self.fields["unit"]

    def _choices(self, name: str, none: Any, rows: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", none), *rows]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("deputy_of"):
            if typed.get("days") is None and "days" not in self.errors:
                self.add_error("days", _("请填代几天。"))
        elif not typed.get("role") and "role" not in self.errors:
            self.add_error("role", _("请选职务，或者在下面选代替谁。"))
        return typed

    @property
    def chosen_unit(self) -> Unit | None:
        """The chosen unit of the village."""
        return self._units.get(self.cleaned_data.get("unit", ""))

    @property
    def instead_of(self) -> Posting | None:
        """The posting that is stood in for."""
        return self._serving.get(self.cleaned_data["deputy_of"])

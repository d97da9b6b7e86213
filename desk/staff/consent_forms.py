"""What is typed when somebody agrees, takes it back, or wants to be erased."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.staff.file_forms import OpenFile, WhenForm, member_of
from households.identity import is_under_14
from households.models import Channel, Consent
from households.operations.files.consents import Given
from trail import clock


class ConsentForm(WhenForm):
    """What a household or a person agreed to."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("同意什么"),
        choices=[
            ("", gettext_lazy("请选")),
            *(one for one in Consent.Purpose.choices if one[0] != Consent.Purpose.GUARDIAN),
        ],
        error_messages={"required": gettext_lazy("请选同意什么。")},
    )
    channel = forms.ChoiceField(label=gettext_lazy("怎么同意的"), choices=Channel.choices)

    def __init__(self, data: Any, file: OpenFile) -> None:
        super().__init__(data, file)
        del self.fields["note"]

    @property
    def given(self) -> Given:
        """The consent as it was given, by the head for the household."""
        typed = self.cleaned_data
        return Given(
            purpose=Consent.Purpose(typed["purpose"]),
            channel=Channel(typed["channel"]),
            given_by=Consent.GivenBy.HEAD,
            on=typed["on"],
        )


class WithdrawForm(WhenForm):
    """Which consent is taken back."""

    consent = forms.ChoiceField(
        label=gettext_lazy("撤回哪一条"),
        error_messages={
            "required": gettext_lazy("请选撤回哪一条。"),
            "invalid_choice": gettext_lazy("请在列出的里选。"),
        },
    )

    def __init__(self, data: Any, file: OpenFile) -> None:
        super().__init__(data, file)
        del self.fields["note"]
        choices = [("", _("请选")), *((str(one.pk), _consent_words(one)) for one in file.consents)]
        self.fields["consent"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Consent:
        """The consent that was chosen."""
        wanted = self.cleaned_data["consent"]
        return next(one for one in self.file.consents if str(one.pk) == wanted)


class AdmitForm(ConsentForm):
    """A guardian agrees for a child; who is 14 by now agrees alone."""

    def __init__(self, data: Any, file: OpenFile) -> None:
        super().__init__(data, file)
        del self.fields["purpose"]

    @property
    def given(self) -> Given:
        """The consent, by the guardian as long as the child is under 14."""
        typed, child = self.cleaned_data, member_of(self.file)
        young = child.birth_on is not None and is_under_14(child.birth_on, on=clock.today())
        return Given(
            purpose=Consent.Purpose.GUARDIAN if young else Consent.Purpose.FILE,
            channel=Channel(typed["channel"]),
            given_by=Consent.GivenBy.GUARDIAN if young else Consent.GivenBy.SELF,
            on=typed["on"],
            member=child,
        )


class EraseForm(WhenForm):
    """Why a person's data are erased; it cannot be taken back."""

    reason = forms.ChoiceField(
        label=gettext_lazy("为什么删"),
        choices=[
            ("asked", gettext_lazy("本人要求")),
            ("guardian", gettext_lazy("监护人要求")),
            ("not_needed", gettext_lazy("不再需要")),
            ("by_mistake", gettext_lazy("登记错了人")),
        ],
    )

    def __init__(self, data: Any, file: OpenFile) -> None:
        super().__init__(data, file)
        for name in ("on", "note"):
            del self.fields[name]


def _consent_words(consent: Consent) -> str:
    who = f"（{consent.member.name}）" if consent.member and consent.member.name else ""
    return f"{consent.get_purpose_display()}{who} {consent.given_on.isoformat()}"

"""What stands round the answers on a paper form."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms import day_field
from households.models import Channel, CollectionForm, SpokenBy
from households.operations.record_saying import Said
from trail.clock import SHANGHAI
from villages.models import Person


class PaperForm(forms.Form):
    """Who spoke, when it was filled in, who was there; the number makes a second press harmless."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    # The record it is written on top of, as it was when the page was opened.
    base = forms.RegexField(r"[0-9a-f-]{36}:[0-9]{1,4}", required=False, widget=forms.HiddenInput)
    filled_on = day_field(_("纸上写的日期"))
    spoken_by = forms.ChoiceField(
        label=_("谁说的"),
        choices=SpokenBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选谁说的。"), "invalid_choice": _("请选一个。")},
    )
    on_behalf_reason = forms.CharField(
        label=_("代录的原因（选了代录才填）"),
        max_length=60,
        required=False,
        error_messages={"max_length": _("原因最多60个字，请写短一些。")},
    )
    collector = forms.ChoiceField(
        label=_("谁去采的（可不选）"),
        required=False,
        error_messages={"invalid_choice": _("这个村没有这位采集员，请在列出的里选。")},
    )
    consent = forms.BooleanField(label=_("纸上签了同意采集"), required=False)

    def __init__(self, data: Any, *, people: Sequence[Person], initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial), prefix="paper")
        field = self.fields["collector"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("没有写")), *((str(one.pk), one.name) for one in people)]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        alone = typed.get("spoken_by") == SpokenBy.ON_BEHALF and not typed.get("on_behalf_reason")
        if alone and "on_behalf_reason" not in self.errors:
            self.add_error("on_behalf_reason", _("代录要写明原因。"))
        return typed

    @property
    def collector_id(self) -> int | None:
        """Who went there, if the paper says so."""
        chosen = self.cleaned_data.get("collector")
        return int(chosen) if chosen else None

    def said(
        self,
        form: CollectionForm,
        round_id: int,
        answers: Mapping[str, Any],
    ) -> Said:
        """The record, once what is typed is valid."""
        typed = self.cleaned_data
        number, _colon, revision = typed["base"].partition(":")
        return Said(
            uuid=typed["uuid"],
            revision=1,
            form_id=form.pk,
            channel=Channel.PAPER,
            spoken_by=typed["spoken_by"],
            filled_at=datetime.combine(typed["filled_on"], time(), tzinfo=SHANGHAI),
            round_id=round_id,
            base=(UUID(number), int(revision)) if number else None,
            on_behalf_reason=typed["on_behalf_reason"],
            answers=answers,
            consent=typed["consent"],
        )

import pytest

from notices import registry
from notices.registry import NoticeBuilder, UnknownKind, builder_for, register


def builder(kind: str) -> NoticeBuilder:
    return NoticeBuilder(kind=kind, title=str, build=None, labels=None)


def test_the_app_above_has_registered_the_points_notice():
    assert builder_for("points").build.__module__ == "scoring.notice_builders"


def test_builder_of_an_unknown_kind_is_refused(monkeypatch):
    monkeypatch.setattr(registry, "_builders", {})
    with pytest.raises(UnknownKind):
        builder_for("points")


def test_a_kind_has_one_builder(monkeypatch):
    monkeypatch.setattr(registry, "_builders", {})
    one = builder("points")
    register(one)
    register(one)
    with pytest.raises(ValueError, match="points"):
        register(builder("points"))
    assert builder_for("points") is one

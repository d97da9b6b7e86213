"""Templates ask nothing, call nobody outside, and hold no script or style of their own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, templates

TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
QUERY = re.compile(
    r"\.(objects|_default_manager|all|filter|exclude|exists|aggregate|values_list|\w+_set)\b"
)
# Of xmlns too: a namespace is a name, nobody fetches it.
OUTSIDE = re.compile(
    r"""(?<!xmlns=["'])(?<!xmlns:xlink=["'])\bhttps?://[^\s"'<>]+|"""
    r"""(?:src|href|action|srcset|poster)\s*=\s*["']?//[^\s"'>]+|url\(\s*["']?//[^\s)]+""",
    re.I,
)
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|<script\b(?![^>]*\ssrc\s*=)|\son[a-z]+\s*=\s*["']|javascript:""", re.I
)
STATIC_KINDS = {".css", ".js", ".svg", ".html", ".json", ".webmanifest"}


def _queries(text: str) -> list[str]:
    return [tag for tag in TAG.findall(text) if QUERY.search(tag)]


def _found(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[str]:
    for path in paths:
        text = path.read_text()
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path.relative_to(ROOT)}:{line}: {match[0].strip()}"


def _static() -> list[Path]:
    return [path for path in ROOT.glob("static/**/*") if path.suffix in STATIC_KINDS]


@pytest.mark.parametrize(
    "text",
    [
        "{% for row in village.subjects.all %}",
        "{{ notice.labels.exists }}",
        "{% if village.unit_set %}",
        "{{ Village.objects }}",
    ],
)
def test_guard_sees_a_query(text):
    assert _queries(text) == [text]


@pytest.mark.parametrize("text", ["{{ page.paginator.count }}", "{{ row.group }} all", "{{ all }}"])
def test_guard_lets_plain_values_pass(text):
    assert _queries(text) == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link href="//fonts.example/a.css">',
        "a { background: url(//img.example/a.png) }",
        "@import 'http://fonts.example/a.css'",
    ],
)
def test_guard_sees_another_host(text):
    assert len(OUTSIDE.findall(text)) == 1


def test_guard_lets_namespaces_and_own_addresses_pass():
    assert not OUTSIDE.search('<svg xmlns="http://www.w3.org/2000/svg"><a href="/v/"></a></svg>')


@pytest.mark.parametrize(
    "text",
    [
        "<style>a {}</style>",
        '<p style="color: red">',
        "<script>go()</script>",
        '<button onclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_guard_sees_inline_script_and_style(text):
    assert len(INLINE.findall(text)) == 1


def test_guard_lets_files_of_script_and_style_pass():
    assert not INLINE.search('<script src="/static/js/a.js"></script><p class="style">one = 1</p>')


def test_guard_reads_templates_and_static_files():
    assert len(templates()) > 10
    assert len(_static()) > 2


def test_templates_make_no_query():
    found = {str(path.relative_to(ROOT)): _queries(path.read_text()) for path in templates()}
    assert {path: tags for path, tags in found.items() if tags} == {}


def test_no_page_calls_another_host():
    assert list(_found(OUTSIDE, [*templates(), *_static()])) == []


def test_templates_hold_no_script_or_style():
    assert list(_found(INLINE, templates())) == []

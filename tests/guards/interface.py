"""The words people read: strings marked for gettext in code and in templates."""

import ast
import re

from tests.guards.tree import docstrings

HAN = re.compile(r"[\u3400-\u9fff]")
MARKERS = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext",
    "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?%\}.*?\{% endcomment %\}|<!--.*?-->", re.S)
BLOCK = re.compile(r"\{% blocktranslate.*?%\}(.*?)\{% endblocktranslate %\}", re.S)
PLAIN = re.compile(r"""\{% translate (["'])(.*?)\1.*?%\}|\b_\((["'])(.*?)\3\)""", re.S)
# The pattern of a date is a format, not a sentence.
DATE = re.compile(r"""\|(?:date|time):(["']).*?\1""")


def _marked(tree: ast.Module) -> list[ast.Constant]:
    return [
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) or getattr(node.func, "attr", "")) in MARKERS
        for argument in node.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def texts_of_code(source: str) -> list[tuple[int, str]]:
    """Line and text of every string marked for gettext."""
    return [(part.lineno, part.value) for part in _marked(ast.parse(source))]


def bare_in_code(source: str) -> list[tuple[int, str]]:
    """Line and text of every Chinese string that gettext never sees; docstrings apart."""
    tree = ast.parse(source)
    known = docstrings(tree) | {id(part) for part in _marked(tree)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and HAN.search(node.value)
        and id(node) not in known
    ]


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    """The text without what the pattern finds, on the same lines."""
    return pattern.sub(lambda match: "\n" * match[0].count("\n"), text)


def texts_of_template(text: str) -> list[tuple[int, str]]:
    """Line and text of every translated string of a template."""
    text = _blank(text, COMMENT)
    blocks = [(match.start(), match[1]) for match in BLOCK.finditer(text)]
    plain = [(match.start(), match[2] or match[4]) for match in PLAIN.finditer(text)]
    return [(text.count("\n", 0, start) + 1, words) for start, words in sorted(blocks + plain)]


def bare_in_template(text: str) -> list[tuple[int, str]]:
    """Line and text of every Chinese piece of a template that gettext never sees."""
    for known in (COMMENT, BLOCK, PLAIN, DATE):
        text = _blank(text, known)
    return [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if HAN.search(line)
    ]

"""A notice that is not published yet, as the public will see it: rendered, with its labels."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from notices import proof, queries
from notices.leaks import Line, lines_of
from notices.models import Notice
from notices.registry import builder_for
from notices.rows import rows_of


@dataclass(frozen=True, slots=True)
class Preview:
    """The page that two persons look at before it is published, and its lines as read."""

    html: SafeString
    lines: list[Line]


def preview(notice: Notice) -> Preview:
    """Title, every row with the label it would carry today, category totals, code."""
    body = queries.body_of(notice)
    content = body.content
    keys = [f"{row['group']}/{row['number']}" for row in content["rows"]]
    labels = builder_for(notice.kind).labels(village_id=notice.village_id, keys=keys)
    rows = rows_of(content, labels)
    html = render_to_string(
        "notices/_preview.html",
        {
            "notice": notice,
            "rows": rows,
            "named": any(row.label for row in rows),
            "totals": content["totals"],
            "rules": content["rules"],
            "categories": content["categories"],
            "code": proof.grouped(body.short_code),
        },
    )
    return Preview(html=html, lines=lines_of(html))

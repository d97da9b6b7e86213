"""Walks the whole site: every route with each village's arguments, then whatever is linked."""

import html
import re
import subprocess
from collections import Counter, deque
from dataclasses import dataclass, field

from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from households.models import Member
from tests import routes as resolver
from tests.authorization.asking import told
from tests.authorization.canaries import Country
from tests.authorization.ground import Values
from tests.authorization.routes import PART, Line, filled, parts, table

HREF = re.compile(r'(?:href|action)="(/[^"#]*)')
# Ends the walk's own log-in, or says nothing but in which size.
LEFT_OUT = re.compile(r"^/(staff/logout|admin/logout|size|static)/")
PROBED = (
    "/admin/households/member/", "/admin/households/subject/", "/staff/", "/staff/households/",
    "/staff/people/", "/api/v1/subjects/", "/api/v1/entries/",
)  # fmt: skip
PROBES = (
    "?id_number={mark}",
    "?subject__name__startswith=户",
    "?members__name__startswith=成",
    "?o=-1.2",
    "?_to_field=id_number",
    "?_popup=1",
    "?q={mark}",
)


@dataclass
class Seen:
    """What one visitor was shown: whole answers by address, and which routes answered well."""

    texts: dict[str, str] = field(default_factory=dict)
    routes: set[str] = field(default_factory=set)

    def holding(self, marks: dict[str, str]) -> list[str]:
        """Each forbidden mark that was shown, and where; said without the mark itself."""
        return sorted(
            f"{what} at {address}"
            for address, text in self.texts.items()
            for mark, what in marks.items()
            if mark in text
        )

    def shows(self, marks: set[str]) -> bool:
        return any(mark in text for mark in marks for text in self.texts.values())


def routes() -> set[str]:
    """Addresses that, as the reviewed table of the matrix says, answer some reader well."""
    return {line.address for line in _lines()}


def _lines() -> list[Line]:
    return [
        line
        for line in table()
        if "GET" in line.methods
        and line.answer in ("page", "moved")
        and line.needs not in ("method", "nobody")
        and not LEFT_OUT.match("/" + line.address)
    ]


def addresses(country: Country) -> list[str]:
    """Every route with the things of each of the three villages, and the desk's lists and rows."""
    found = ["/staff/invite/" + country.invitation + "/", f"/h/{country.card.token}/"]
    found += [
        _asked(line, values)
        for place in ("own", "near", "other")
        for line in _lines()
        for values in _values(country, place, line.address)
        if set(parts(line.address + line.body)) <= set(values)
    ]
    for page in admin.site._registry.values():
        base = f"/admin/{page.opts.app_label}/{page.opts.model_name}/"
        keys = page.model._default_manager.order_by("pk").values_list("pk", flat=True)
        found += [base, *(f"{base}{pk}/change/" for pk in _some(list(keys)))]
        found += [f"{base}{pk}/" for pk in keys[:1]]
    mark = sorted(country.marks[country.far.pk]["member.id_number"])[0]
    for base in PROBED:
        found += [base + probe.format(mark=mark[:6]) for probe in PROBES]
    return [address for address in dict.fromkeys(found) if not LEFT_OUT.match(address)]


def _asked(line: Line, values: Values) -> str:
    address, query = filled(line.address, values), filled(line.body, values)
    return f"/{address}?{query}" if query else f"/{address}"


def _values(country: Country, place: str, address: str) -> list[Values]:
    """What the parts of an address are called in one village: its own things and marked people."""
    found = country.ground.places[place]
    values = [found.values(address)]
    if address.startswith(("staff/households/<number>/", "api/v1/subjects/<pk>/")):
        for member in Member.objects.filter(village=found.stage.village, name__startswith="成员"):
            home, row = str(member.subject_id), str(member.pk)
            for revealed in ("id_number", "phone"):
                named = {"number": home, "pk": home, "member": row, "field": revealed}
                values.append({**values[0], **named})
    return values


def _some(keys: list[int]) -> list[int]:
    """The first, the middle and the last: those of three villages, one after another."""
    return sorted({keys[0], keys[len(keys) // 2], keys[-1]}) if keys else []


def crawl(client: Client, starts: list[str], *, links: int) -> Seen:
    """Ask for every address, and for so many links to each route found on the way, each once."""
    seen, waiting, followed = Seen(), deque(starts), Counter[str]()
    known = set(starts)
    client.raise_request_exception = False
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.status_code)
        seen.texts[address] = _text_of(answer)
        if answer.status_code < 400 and told(answer) != "login":
            seen.routes.add(_route(address))
        for link in _links(seen.texts[address]) if _is_page(answer) else []:
            if link not in known and followed[_route(link)] < links:
                followed[_route(link)] += 1
                known.add(link)
                waiting.append(link)
    return seen


def _is_page(answer: HttpResponse) -> bool:
    return answer["Content-Type"].startswith("text/html")


def _links(page: str) -> list[str]:
    found = (html.unescape(link) for link in HREF.findall(page))
    return [link for link in found if not LEFT_OUT.match(link)]


def _route(address: str) -> str:
    """The route, as the table has it."""
    try:
        found = resolve(address.partition("?")[0]).route
    except Resolver404:
        return "none"
    return PART.sub(r"<\1>", resolver.plain(found))


def _text_of(answer: HttpResponse) -> str:
    head = "\n".join(f"{name}: {value}" for name, value in answer.items())
    body = bytes(answer.content)
    if answer["Content-Type"] == "application/pdf":
        body = _pdf_text(body)
    return f"{head}\n{body.decode('utf-8', 'replace')}"


def _pdf_text(pdf: bytes) -> bytes:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout

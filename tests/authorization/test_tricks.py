"""What a collector and a clerk of one village try on another one (trust.md §4, 30 to 33)."""

import hashlib
import re
from collections.abc import Iterator, Sequence

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse

from households.models import Member, Subject
from tests.authorization.acts import ACTS
from tests.authorization.ground import Ground, lay_ground, logged_in
from tests.authorization.owned import EXPORT, IMPORT
from tests.authorization.routes import filled, parts, table
from tests.factories import NOON

WHO = ("collector", "village_clerk")
CANARY = "邻县丝雀"
OURS = (
    "trail", "villages", "accounts", "files", "jobs", "notices", "households", "scoring",
)  # fmt: skip
# Kept about every request, whatever it asks.
PASSING = {"trail_auditevent", "accounts_session", "jobs_call", "jobs_receipt", "jobs_job"}
RELATIONS = (
    "village__township__name__startswith", "subject__name__startswith", "members__name__contains",
    "household__id_number__startswith", "members__id_number__startswith", "person__phone__regex",
    "village_id", "village__id", "village__in", "pk__in", "id__gt", "user__password__startswith",
    "proposed_by__phone", "expand", "fields", "include", "search", "_to_field", "_popup", "e",
)  # fmt: skip
ORDERS = ("id_number", "members__id_number", "-village__township_id", "?", "password", "name,id")
SIZES = ("1000000000", "-1", "0", "99999999999999999999", "1e9", "NaN", "", "１２")


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def ground(db) -> Ground:
    """The other village's people carry a name that nobody here may see."""
    laid = lay_ground()
    other = laid.places["other"].stage.village
    for row in [*Subject.objects.filter(village=other), *Member.objects.filter(village=other)]:
        row.name = CANARY
        row.save(update_fields=["name"])
    return laid


def _state(where: str = "true") -> str:
    """A digest of every row of ours; `where` narrows it to tables that know a village."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            columns = {field.column for field in model._meta.concrete_fields}
            name = model._meta.db_table
            if model._meta.app_label not in OURS or name in PASSING:
                continue
            if where != "true" and "village_id" not in columns:
                continue
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))"
                f" FROM {name} AS t WHERE {where}"
            )
            digest.update(f"{name} {cursor.fetchone()[0]}\n".encode())
    return digest.hexdigest()


def _wrong(asked: str, answer: HttpResponse) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"{asked}: {answer.status_code}"
    if CANARY in bytes(answer.content).decode("utf-8", "replace"):
        yield f"{asked}: shows the other village's people"


def _lists() -> list[str]:
    """Addresses without parts that a log-in or an action opens; of the desk those of persons."""
    return sorted(
        {
            "admin/households/subject/",
            "admin/households/member/",
        }
        | {
            line.address
            for line in table()
            if "GET" in line.methods
            and not parts(line.address)
            and (line.actions or line.address.startswith("api/v1/"))
            and not line.address.startswith("admin/")
        }
    )


def _try_all(ground: Ground, addresses: list[str], *, who: Sequence[str] = WHO) -> None:
    clients = {name: logged_in(ground.users[name]) for name in who}
    before, wrong = _state(), []
    for name, client in clients.items():
        for address in addresses:
            wrong += _wrong(f"{name} {address}", client.get(address))
    assert wrong == []
    assert _state() == before


def test_t_31_no_filter_or_order_reaches_across_relations(ground):
    other = ground.places["other"].stage
    probes = [f"{name}={other.village.pk}" for name in RELATIONS]
    probes += [f"{name}={order}" for order in ORDERS for name in ("ordering", "o")]
    addresses = [f"/{address}?{probe}" for address in _lists() for probe in probes]
    _try_all(ground, addresses, who=["village_clerk"])


def test_t_32_no_size_or_cursor_shows_more(ground):
    last = ground.places["other"].by_route["api/v1/entries/<pk>/"]["pk"]
    probes = [f"{name}={size}" for size in SIZES for name in ("page_size", "page")]
    probes += [f"before={last}", f"cursor={last}", f"after={last}", "limit=1000000000"]
    addresses = [f"/{address}?{probe}" for address in _lists() for probe in probes]
    _try_all(ground, addresses, who=["village_clerk"])


def _variants(address: str, own: str) -> Iterator[str]:
    """Other ways to write the address of a thing of another village."""
    bare = address.rstrip("/")
    last = bare.rpartition("/")[2]
    yield from (address, f"{bare}.", f"{bare}./", f"//{address.lstrip('/')}", f"{address}/")
    yield from (f"{bare}.json", f"{bare}.csv", f"{bare}/?format=json", f"{address}.json")
    yield from (f"{own}%2e%2e/{last}/", f"{own}../{last}/", f"{own}?number={last}&number=1")
    yield from (f"{own}?village={last}", f"{own}?slug={last}&slug={last}", f"{own};{last}")
    yield from (address.upper(), bare.replace(last, f"0{last}") + "/", f"{bare}%00/")
    yield bare.replace(last, "00000000-0000-4000-8000-" + last[-12:].rjust(12, "0")) + "/"


def test_t_33_no_way_to_write_an_id_leads_to_another_village(ground):
    own, other = ground.places["own"], ground.places["other"]
    lines = {
        line.address
        for line in table()
        if line.actions and "GET" in line.methods and line.where in ("village", "own")
    }
    addresses = [
        variant
        for address in sorted(lines)
        if not address.startswith(("admin/", EXPORT, IMPORT))
        for variant in _variants(
            "/" + filled(address, other.values(address)), "/" + filled(address, own.values(address))
        )
    ]
    _try_all(ground, addresses)


def _fields() -> dict[str, object]:
    """The name of every column of ours, with what somebody would like it to be."""
    names = {
        field.attname
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.concrete_fields
    }
    return dict.fromkeys(sorted(names), "1")


def test_t_30_no_column_is_assigned_by_its_name(ground):
    """Every act once, with every column of every table beside what it asks for."""
    other = ground.places["other"].stage.village
    wishes = {**_fields(), "village_id": str(other.pk), "village": other.slug}
    wrong = []
    for address, acts in ACTS.items():
        for name, act in acts.items():
            with transaction.atomic():
                who, at, typed = act(ground)
                client = ground.visitor(who)
                before = _others(other.pk)
                kind = {"content_type": "application/json"} if at.startswith("api/") else {}
                answer = client.post(f"/{at}", {**wishes, **typed}, **kind)
                wrong += _wrong(f"{name} at /{address}", answer)
                if _others(other.pk) != before:
                    wrong.append(f"{name} at /{address}: changed another village or a log-in")
                transaction.set_rollback(True)
            ground.places["own"].stage.home.refresh_from_db()
    assert wrong == []


def _others(village_id: int) -> tuple[str, list[str]]:
    """The rows of the other village, whose each log-in is, and who holds which post."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, person_id, username, password FROM accounts_user ORDER BY id")
        users = cursor.fetchall()
        cursor.execute("SELECT person_id, post_id, village_id, township_id FROM villages_posting")
        return _state(f"village_id = {int(village_id)}"), sorted(
            map(str, users + cursor.fetchall())
        )


def test_the_digest_sees_a_change(ground):
    before = _state()
    Subject.objects.filter(village=ground.places["other"].stage.village).update(name="改了")
    assert _state() != before
    assert re.fullmatch(r"[0-9a-f]{64}", before)

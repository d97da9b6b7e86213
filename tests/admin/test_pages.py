"""What the pages of the desk look like: Chinese, masked, linked, and cheap."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse

from households.models import Member, Subject
from jobs.models import Job
from notices.models import NoticeBody
from scoring.models import Entry, Rating, RuleBook, Seal
from tests.admin.conftest import ROLES, furnish, keeper
from tests.admin.test_scope import PAGES, address, rows_of
from tests.databases import TRANSACTION
from tests.factories import make_id_number, make_posting, make_township, make_village
from trail import clock
from villages.models import CalendarRule, Person

NOT_TEXT = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.S)
WORD = re.compile(r"[A-Za-z]{2,}")
# What the site says, apart from what is stored.
SAID = re.compile(r"<(label|h1|h3|summary|caption|button|th)\b[^>]*>(.*?)</\1>", re.S)


def page_of(model) -> admin.ModelAdmin:
    return admin.site.get_model_admin(model)


def text_of(html: str) -> str:
    return " ".join(unescape(NOT_TEXT.sub(" ", html)).split())


def said_by(html: str) -> str:
    # A row's own heading is stored text.
    pieces = (m.group(2) for m in SAID.finditer(html) if 'class="field-' not in m.group(0))
    return text_of(" ".join(pieces))


def own_id(model, user) -> int:
    return max(rows_of(model, user))


def opened(client, model, pk: int) -> str:
    return client.get(address(page_of(model), "change", pk)).content.decode()


def test_every_page_speaks_chinese(world, enter):
    lin = enter(world.lin)
    for page in PAGES:
        own = own_id(page.model, world.lin)
        for url in (address(page, "changelist"), address(page, "change", own)):
            html = lin.get(url).content.decode()
            assert set(WORD.findall(said_by(html))) <= {"ID"}, url
            assert "None" not in text_of(html), url


def test_the_desk_itself_speaks_chinese(world, enter):
    html = enter(world.lin).get(reverse("admin:index")).content.decode()
    assert WORD.findall(text_of(html)) == []


def test_the_index_names_apps_and_models(world, enter):
    text = text_of(enter(world.lin).get(reverse("admin:index")).content.decode())
    for name in ("乡镇、村和任职", "两人审批", "家庭成员", "积分账本", "公示", "留痕记录"):
        assert name in text


def test_a_member_is_shown_masked_and_never_in_full(world, enter):
    lin = enter(world.lin)
    page = page_of(Member)
    for url in (address(page, "changelist"), address(page, "change", own_id(Member, world.lin))):
        html = lin.get(url).content.decode()
        assert f"**************{make_id_number()[-4:]}" in html
        assert "138****5678" in html
        assert "999999" not in html
        assert "13812345678" not in html


def test_a_person_is_shown_with_a_masked_phone(world, enter):
    person = world.lin.person
    person.phone = "13987654321"
    person.save()
    html = opened(enter(world.lin), Person, person.pk)
    assert "139****4321" in html
    assert "13987654321" not in html


def test_tokens_and_passwords_are_not_shown(world, enter):
    lin = enter(world.lin)
    household = Subject.objects.get(pk=own_id(Subject, world.lin))
    html = opened(lin, Subject, household.pk)
    assert household.name in html
    assert household.qr_token not in html
    html = opened(lin, type(world.lin), world.lin.pk)
    assert world.lin.username in html
    assert world.lin.password not in html


def test_digests_json_dates_and_lists_are_readable(world, enter):
    lin = enter(world.lin)
    digits = bytes(Entry.objects.get(pk=own_id(Entry, world.lin)).digest).hex()
    html = opened(lin, Entry, own_id(Entry, world.lin))
    assert f"{digits[:12]}…" in html
    assert digits[:13] not in html
    assert '{ "封账": ' in text_of(opened(lin, Job, own_id(Job, world.lin)))
    assert "还差的星: 好学星 星级" in text_of(opened(lin, Rating, own_id(Rating, world.lin)))
    book = RuleBook.objects.get(village=world.mine, state="in_force")
    assert "有效期: 2026年1月1日起" in text_of(opened(lin, RuleBook, book.pk))


def test_records_link_to_each_other_both_ways(world, enter):
    lin = enter(world.lin)
    household = own_id(Subject, world.lin)
    html = opened(lin, Subject, household)
    for model in (Entry, Member, Rating):
        link = f"{address(page_of(model), 'changelist')}?subject__id__exact={household}"
        assert link in html
        rows = lin.get(link).context["cl"].result_list
        assert {row.pk for row in rows} == {own_id(model, world.lin)}
    entry = Entry.objects.get(pk=own_id(Entry, world.lin))
    html = opened(lin, Entry, entry.pk)
    for row in (entry.subject, entry.rulebook, entry.item, entry.category, entry.village):
        assert address(page_of(type(row)), "change", row.pk) in html
    assert f"{address(page_of(Entry), 'changelist')}?reverses__id__exact={entry.pk}" in html


def test_a_page_links_only_to_lists_the_user_may_open(world, enter):
    world.lin.person.postings.exclude(post__code="village_clerk").update(to_on="2026-01-01")
    html = opened(enter(world.lin), type(world.mine), world.mine.pk)
    assert address(page_of(Subject), "changelist") in html
    assert address(page_of(Job), "changelist") not in html


def test_the_village_filter_offers_the_own_villages_only(world, enter):
    make_posting(person=world.lin.person, role="village_clerk", township=world.mine.township)
    neighbour = world.mine.township.villages.exclude(pk=world.mine.pk).get()
    elsewhere = world.zhao.person.postings.first().village_id
    lin = enter(world.lin)
    url = address(page_of(Subject), "changelist")
    [village_filter, *_] = lin.get(url).context["cl"].filter_specs
    assert village_filter.lookup_choices == [
        (str(world.mine.pk), "窦庄村"),
        (str(neighbour.pk), "刘庄村"),
    ]
    for chosen, villages in ((neighbour.pk, {neighbour.pk}), (elsewhere, set()), ("x", set())):
        rows = lin.get(url, {"village": chosen}).context["cl"].result_list
        assert {row.village_id for row in rows} == villages


def test_the_month_filter_offers_the_months_there_are(world, enter):
    lin = enter(world.lin)
    url = address(page_of(Entry), "changelist")
    [month_filter, *_] = lin.get(url).context["cl"].filter_specs
    assert month_filter.lookup_choices == [("2026-10", "2026-10")]
    for month, found in (("2026-10", 1), ("2026-09", 0)):
        assert len(lin.get(url, {"month": month}).context["cl"].result_list) == found


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.date_hierarchy], ids=lambda page: page.opts.label
)
def test_every_link_of_a_list_opens_when_a_year_and_a_filter_are_chosen(world, enter, page):
    lin, url, day = enter(world.lin), address(page, "changelist"), page.date_hierarchy
    row = page.model.objects.get(pk=own_id(page.model, world.lin))
    year = (getattr(row, day) or clock.today()).year
    listed = lin.get(url, {f"{day}__year": year})
    # What stands first in a filter is “all”.
    choices = [
        list(spec.choices(listed.context["cl"]))[1] for spec in listed.context["cl"].filter_specs
    ]
    for choice in choices:
        chosen = lin.get(url + choice["query_string"])
        links = set(re.findall(r'href="(\?[^"]+)"', chosen.content.decode()))
        assert len(links) > len(choices)
        refused = [link for link in links if lin.get(url + unescape(link)).status_code != 200]
        assert refused == []


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Member, "id_hmac__isnull"),
        (Member, "subject__qr_token__startswith"),
        (Subject, "qr_token__startswith"),
        (Subject, "name__regex"),
        (Person, "users__password__startswith"),
    ],
)
def test_a_hidden_column_cannot_be_guessed_by_filtering(world, enter, model, lookup):
    url = address(page_of(model), "changelist")
    assert enter(world.lin).get(url, {lookup: "a"}).status_code == 400


def test_a_household_is_found_by_number_and_by_the_beginning_of_its_name(world, enter):
    household = Subject.objects.get(pk=own_id(Subject, world.lin))
    lin = enter(world.lin)
    for query, found in ((household.number, 1), ("林家", 1), ("家人", 0), ("赵家", 0)):
        page = lin.get(address(page_of(Subject), "changelist"), {"q": query})
        assert len(page.context["cl"].result_list) == found, query


def test_pages_hold_fifty_rows_and_cannot_be_opened_all_at_once():
    assert {(page.list_per_page, page.list_max_show_all) for page in PAGES} == {(50, 50)}


def test_large_columns_are_left_out_of_lists(world, enter):
    lin = enter(world.lin)
    for model, column in ((Seal, "leaves"), (NoticeBody, "canonical")):
        rows = lin.get(address(page_of(model), "changelist")).context["cl"].result_list
        assert [column in row.get_deferred_fields() for row in rows] == [True]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.opts.label)
def test_a_list_of_three_asks_as_little_as_a_list_of_one(
    world, enter, page, django_assert_max_num_queries
):
    lin = enter(world.lin)
    url = address(page, "changelist")
    with django_assert_max_num_queries(13 + TRANSACTION) as one:
        lin.get(url)
    for code, name in (("340602102", "钱家人"), ("340602103", "孙家人")):
        township = make_township(code=code, name=name)
        CalendarRule.objects.create(township=township)
        village = make_village(township=township)
        furnish(village, name=name)
        keeper(village, name=name)
        for role in ROLES:
            make_posting(person=world.lin.person, role=role, village=village)
    with django_assert_max_num_queries(13 + TRANSACTION) as three:
        response = lin.get(url)
    assert len(response.context["cl"].result_list) >= 3
    assert len(three) == len(one)

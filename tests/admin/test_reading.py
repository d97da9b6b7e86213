"""A township clerk reads the desk without knowing how it is built: names, sentences, no codes."""

from accounts.models import Proposal, User
from jobs.models import Job
from notices.models import NoticeBody
from scoring.models import Balance, Correction, Decision, Entry, MonthlyTotal, Rating, StarScheme
from tests.admin.test_pages import opened, own_id, page_of, text_of
from tests.admin.test_scope import PAGES, address
from trail.models import AuditEvent
from villages.models import Post, Posting


def listed(client, model) -> str:
    return text_of(client.get(address(page_of(model), "changelist")).content.decode())


def test_every_list_is_headed_by_what_it_lists(world, enter):
    lin = enter(world.lin)
    for page in PAGES:
        html = lin.get(address(page, "changelist")).content.decode()
        assert f"<h1>{page.opts.verbose_name_plural}</h1>" in html
        assert "选择" not in html.partition("<h1>")[0]


def test_a_household_is_shown_by_group_number_and_name(world, enter):
    lin = enter(world.lin)
    household = Rating.objects.get(pk=own_id(Rating, world.lin)).subject
    shown = f"{household.unit.name}·{household.number}户 {household.name}"
    for model in (Entry, Balance, MonthlyTotal, Rating, Decision):
        assert shown in listed(lin, model)
        assert shown in text_of(opened(lin, model, own_id(model, world.lin)))


def test_a_rating_is_told_in_names_and_sentences(world, enter):
    lin = enter(world.lin)
    assert "星级文明户" in listed(lin, Rating)
    text = text_of(opened(lin, Rating, own_id(Rating, world.lin)))
    assert "星级文明户" in text
    assert "生态环保星：得到。人居环境整治要12分，有15分，够了" in text
    assert "要2次，有1次，还差1次" in text
    for code in ("needed", "environment", "learning"):
        assert code not in text


def test_a_rating_names_the_version_that_gave_it(world, enter):
    StarScheme.objects.create(
        village=world.mine, code="stars", name="新星级方案", version=9, data={}, in_force=True
    )
    lin = enter(world.lin)
    assert "星级文明户" in listed(lin, Rating)
    assert "新星级方案" not in listed(lin, Rating)
    assert "新星级方案" in listed(lin, Decision)


def test_a_decision_names_its_star(world, enter):
    lin = enter(world.lin)
    for text in (
        listed(lin, Decision),
        text_of(opened(lin, Decision, own_id(Decision, world.lin))),
    ):
        assert "生态环保星" in text
        assert "sheng-tai-huan-bao" not in text


def test_a_scheme_is_read_line_by_line(world, enter):
    text = text_of(opened(enter(world.lin), StarScheme, own_id(StarScheme, world.lin)))
    assert "生态环保星：人居环境整治满12分" in text
    assert "铜星：满5颗星" in text
    assert "criterion" not in text


def test_a_notice_is_told_in_totals_and_its_rows_are_counted(world, enter):
    text = text_of(opened(enter(world.lin), NoticeBody, own_id(NoticeBody, world.lin)))
    assert "合计：41户，加分205，减分0，累计369" in text
    assert "共41行" in text
    assert "027" not in text


def test_jobs_and_proposals_are_told_in_words(world, enter):
    Job.objects.filter(village=world.mine).update(key="340602104201:2026-10")
    lin = enter(world.lin)
    text = listed(lin, Job)
    assert "锁定月份 2026年10月 窦庄村" in text
    assert "close_month" not in text
    assert "月份 0号" in listed(lin, Proposal)
    assert "scoring.month" not in listed(lin, Proposal)


def test_a_job_that_counts_nothing_shows_no_count(world, enter):
    job = Job.objects.get(pk=own_id(Job, world.lin))
    lin = enter(world.lin)
    url = address(page_of(Job), "changelist")
    assert '<td class="field-total">0</td>' not in lin.get(url).content.decode()
    Job.objects.filter(pk=job.pk).update(done=0, total=7)
    html = lin.get(url).content.decode()
    assert '<td class="field-done">0</td><td class="field-total">7</td>' in html


def test_what_was_done_is_told_in_words(world, enter):
    text = listed(enter(world.lin), AuditEvent)
    assert "test.happened 村" in text


def test_a_posting_is_titled_by_person_and_post(world, enter):
    posting = Posting.objects.get(pk=own_id(Posting, world.lin))
    html = opened(enter(world.lin), Posting, posting.pk)
    assert f"<h2>{posting.person.name} {posting.post.name}</h2>" in html


def test_yes_and_no_are_words_and_posts_have_names(world, enter):
    lin = enter(world.lin)
    shown = opened(lin, User, world.lin.pk)
    assert "启用: 是" in text_of(shown)
    assert "<img" not in shown
    assert "village_clerk" not in listed(lin, Post)
    assert "village_clerk" not in opened(lin, Post, Post.objects.get(code="village_clerk").pk)


def test_entries_are_known_by_their_number(world, enter):
    entry = own_id(Entry, world.lin)
    lin = enter(world.lin)
    html = lin.get(address(page_of(Entry), "changelist")).content.decode()
    assert "笔号" in text_of(html)
    assert f'change/">{entry}</a>' in html.replace("?", "")
    assert f"<h2>第{entry}笔</h2>" in opened(lin, Entry, entry)


def test_a_correction_is_told_in_entries_and_points(world, enter):
    correction = Correction.objects.get(pk=own_id(Correction, world.lin))
    (changed, _new), (taken_back, _none) = correction.changes
    lin = enter(world.lin)
    text = text_of(opened(lin, Correction, correction.pk))
    assert f"第{changed}笔：改为3分" in text
    assert f"第{taken_back}笔：全部冲正" in text
    assert "2026-10的更正" in text
    assert "多记了2分" in listed(lin, Correction)


def test_the_search_box_has_a_name(world, enter):
    html = enter(world.lin).get(address(page_of(Entry), "changelist")).content.decode()
    assert '<span class="visually-hidden">查档案</span></label>' in html
    assert 'id="searchbar"' in html

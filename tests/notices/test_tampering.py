"""What a superuser can do to a published notice, and what the public is told then."""

import psycopg2
import pytest
from django.test import Client

from notices import queries
from tests.notices.stage import make_xiawan, put_on_show, registered

CHANGE = "UPDATE notices_noticebody SET canonical = replace(canonical, '\"plus\":1', '\"plus\":9')"


@pytest.fixture
def published(committed_db):
    with registered():
        yield put_on_show(make_xiawan())


@pytest.mark.parametrize(
    "statement",
    [
        CHANGE,
        "DELETE FROM notices_noticebody",
        "TRUNCATE notices_noticebody",
        "UPDATE notices_notice SET title = title || '。'",
        "UPDATE notices_notice SET until_on = until_on - 1",
        "DELETE FROM notices_notice WHERE false",
        "SET session_replication_role = replica; UPDATE notices_notice SET number = 'x'",
    ],
)
def test_i_21_even_a_superuser_is_refused(committed_db, published, statement):
    with (
        committed_db.as_superuser() as server,
        server.cursor() as cursor,
        pytest.raises(psycopg2.Error) as refused,
    ):
        cursor.execute(statement)
    assert refused.value.pgcode in {"VC001", "VC021"}


def test_i_21_an_altered_notice_is_called_out_by_its_code(committed_db, published):
    code = queries.body_of(published).short_code
    assert "与公示原件一致" in Client().get(f"/n/{code}/").content.decode()
    with committed_db.as_superuser() as server, server.cursor() as cursor:
        cursor.execute("ALTER TABLE notices_noticebody DISABLE TRIGGER ALL")
        cursor.execute(CHANGE)
    text = Client().get(f"/n/{code}/").content.decode()
    assert "与公示原件一致" not in text
    assert "有问题：这份公示的内容和核对码对不上" in text

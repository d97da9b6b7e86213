"""The site and the worker of the tests are real ones."""

import urllib.request

from celery import current_app
from django.db import connection

from tests.services import wait_for


def test_live_site_serves_pages_from_the_tests_own_database(live_site):
    with urllib.request.urlopen(f"{live_site}/admin/login/", timeout=10) as page:
        assert page.status == 200
    with urllib.request.urlopen(f"{live_site}/static/admin/css/base.css", timeout=10) as sheet:
        assert sheet.headers["Content-Type"].startswith("text/css")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'villages_app'"
        )
        assert cursor.fetchone()[0] >= 1


def test_worker_carries_out_a_task_sent_from_the_test(start_worker):
    worker = start_worker()
    current_app.send_task("jobs.sweep_jobs")
    wait_for(lambda: "jobs.sweep_jobs" in worker.log.read_text().split(" ready.")[1], patience=20)
    wait_for(lambda: "succeeded" in worker.log.read_text(), patience=20)


def test_killed_worker_is_gone(start_worker):
    worker = start_worker()
    worker.kill()
    assert not worker.alive
    assert start_worker().alive

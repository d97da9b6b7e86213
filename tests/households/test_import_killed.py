"""F-01, I-35: the worker that imports is killed; the import is done once, or nothing of it is."""

import threading

import pytest
from celery import current_app
from django.db import connections

from accounts.models import User
from households import work
from households.models import ImportBatch, Member, Subject
from households.operations import import_batches, import_confirming
from jobs.models import Job
from jobs.running import run
from tests.desk.import_stage import as_csv
from tests.factories import make_id_number, make_staff
from tests.households.stage import make_places, row
from tests.services import wait_for
from trail import clock
from trail.actor import Actor
from trail.scope import reaching
from villages.models import Township

FAILPOINTS = ("import:planned", "import:written")


def _rows(count: int) -> list[dict[str, str]]:
    return [
        row(f"张{number}", 户号=str(number), 身份证号=make_id_number(order=number))
        for number in range(1, count + 1)
    ]


def _confirmed(user: User, township: Township, *, count: int = 5) -> Job:
    at = clock.now()
    by = Actor(name=user.person.name, role="x", person_id=user.person_id, user_id=user.pk)
    with reaching(township.villages.values_list("pk", flat=True)):
        batch = import_batches.take_file(
            township=township, village=None, file_name="农户.csv", content=as_csv(*_rows(count)),
            by=by, at=at,
        )  # fmt: skip
        mapping = batch.mapping
        batch = import_batches.choose_columns(batch=batch, mapping=mapping, by=by, at=at)
        return import_confirming.confirm(batch=batch, skips_bad_rows=False, by=by, at=at)


def _clerk() -> tuple[User, Township]:
    township = make_places().township
    return make_staff(name="林经办", role="township_clerk", township=township), township


@pytest.mark.services
@pytest.mark.parametrize("point", FAILPOINTS)
def test_f01_i35_an_import_killed_at_a_failpoint_ends_as_an_undisturbed_one(
    committed_db, start_worker, tmp_path, point
):
    job = _confirmed(*_clerk())
    flag = tmp_path / "kill"
    flag.touch()
    start_worker(FAILPOINTS=f"{point}=kill9:{flag}", JOB_LEASE_SECONDS="3")
    current_app.send_task(job.kind, kwargs={"job_id": job.pk})
    wait_for(lambda: not flag.exists(), patience=30)
    assert Subject.objects.count() == 0
    assert ImportBatch.objects.get().state == "confirmed"

    def swept() -> bool:
        current_app.send_task("jobs.sweep_jobs")
        return Job.objects.get(pk=job.pk).state == Job.State.DONE

    wait_for(swept, patience=60)
    assert Job.objects.get(pk=job.pk).fence > 1
    assert Subject.objects.count() == 5
    assert ImportBatch.objects.get().state == "done"


@pytest.mark.services
def test_i35_two_workers_with_the_same_file_write_it_once(committed_db):
    user, township = _clerk()
    jobs = [_confirmed(user, township), _confirmed(user, township)]

    def carry_out(job: Job) -> None:
        run(job.pk, work.write_import)
        connections.close_all()

    threads = [threading.Thread(target=carry_out, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reaching(township.villages.values_list("pk", flat=True)):
        assert Member.objects.count() == 5
    assert sorted(batch.counts["written"] for batch in ImportBatch.objects.all()) == [0, 5]


@pytest.mark.services
def test_how_far_an_import_is_can_be_seen_and_it_can_be_stopped(committed_db, settings, tmp_path):
    user, township = _clerk()
    job = _confirmed(user, township)
    settings.FAILPOINTS = {"import:written": "sleep:3"}
    thread = threading.Thread(target=lambda: run(job.pk, work.write_import))
    thread.start()
    wait_for(lambda: Job.objects.get(pk=job.pk).done == 5, patience=20)
    batch = ImportBatch.objects.get()
    by = Actor(name="林", role="x", user_id=user.pk)
    import_confirming.cancel(batch=batch, by=by, at=clock.now())
    thread.join()
    assert Subject.objects.count() == 0
    assert ImportBatch.objects.get().state == "checked"
    assert Job.objects.get(pk=job.pk).state == Job.State.CANCELLED

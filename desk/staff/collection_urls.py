"""Addresses of forms and rounds of collection, all under /staff/."""

from django.urls import path

from desk.staff import (
    collection_assigning,
    collection_checks,
    collection_forms,
    collection_papers,
    collection_progress,
    collection_questions,
    collection_rounds,
)

FORM, ROUND = "forms/<int:number>/", "rounds/<int:number>/"
urlpatterns = [
    path("forms/", collection_forms.collection_forms, name="forms"),
    path("forms/add/", collection_forms.form_add, name="form_add"),
    path(FORM, collection_forms.form, name="form"),
    path(f"{FORM}preview/", collection_forms.form_preview, name="form_preview"),
    path(f"{FORM}questions/", collection_questions.question_add, name="question_add"),
    path(f"{FORM}questions/<slug:code>/", collection_questions.question, name="question"),
    path(
        f"{FORM}questions/<slug:code>/when/", collection_questions.condition, name="question_when"
    ),
    path("rounds/", collection_rounds.collection_rounds, name="rounds"),
    path("rounds/add/", collection_rounds.round_add, name="round_add"),
    path(ROUND, collection_rounds.round_, name="round"),
    path(f"{ROUND}edit/", collection_rounds.round_edit, name="round_edit"),
    path(f"{ROUND}assign/", collection_assigning.assign, name="round_assign"),
    path(
        f"{ROUND}assign/<slug:slug>/",
        collection_assigning.assign_village,
        name="round_assign_village",
    ),
    path(f"{ROUND}progress/", collection_progress.progress, name="progress"),
    path(f"{ROUND}progress/table/", collection_progress.progress_table, name="progress_table"),
    path(f"{ROUND}checks/", collection_checks.checks, name="round_checks"),
    path(f"{ROUND}checks/<int:assignment>/", collection_checks.check, name="round_check"),
    path(f"{ROUND}papers/", collection_papers.paper_list, name="round_papers"),
    path(f"{ROUND}papers/print/", collection_papers.paper_print, name="round_paper_print"),
    path(f"{ROUND}papers/<int:subject>/", collection_papers.paper_key, name="round_paper_key"),
]

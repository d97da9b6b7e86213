from django.db import migrations

from trail.guards import AppendOnly, RowSecurity, TenantParent, TenantReference

REFERENCES = (
    ("relation", "member"),
    ("relation", "other"),
    ("consent", "subject"),
    ("consent", "member"),
    ("assignment", "subject"),
    ("collectionrecord", "subject"),
    ("collectionrecord", "base"),
    ("collectionrecord", "merged"),
    ("visitduty", "subject"),
    ("visit", "subject"),
    ("filechange", "subject"),
    ("filechange", "other"),
    ("filechange", "member"),
    ("subjectsearch", "subject"),
    ("subjectsearch", "member"),
)
# What a villager said, agreed to or is found by; `filechange` names nobody.
PERSONAL = ("relation", "consent", "collectionrecord", "visit", "subjectsearch")


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0004_collection_visits_and_consents"),
        ("trail", "0005_villages_in_reach"),
    ]

    operations = [
        TenantParent("member"),
        TenantParent("collectionrecord"),
        *(TenantReference(model, field) for model, field in REFERENCES),
        *(RowSecurity(model) for model in PERSONAL),
        AppendOnly("filechange"),
    ]

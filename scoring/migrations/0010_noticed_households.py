import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from trail.guards import AppendOnly, TenantReference


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_labels_refer_by_village"),
        ("scoring", "0009_adoptions_by_two_persons"),
        ("villages", "0004_first_places_of_the_red_list"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticedHouseholds",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="主体"
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.notice",
                        verbose_name="公示",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="villages.village",
                        verbose_name="村",
                    ),
                ),
            ],
            options={"verbose_name": "公示里的户", "verbose_name_plural": "公示里的户"},
        ),
        TenantReference("noticedhouseholds", "notice"),
        AppendOnly("noticedhouseholds"),
    ]

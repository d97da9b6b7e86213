import django.db.models.deletion
from django.db import migrations, models

from trail.guards import AppendOnly, TenantReference


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_corrections_are_proposed"),
        ("notices", "0003_labels_refer_by_village"),
        ("scoring", "0004_break_signatures"),
        ("villages", "0004_first_places_of_the_red_list"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("changes", models.JSONField(verbose_name="改哪几笔")),
                (
                    "corrects",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.notice",
                        verbose_name="更正哪一份",
                    ),
                ),
                (
                    "month",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="scoring.month",
                        verbose_name="月份",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="accounts.proposal",
                        verbose_name="两人审批",
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
            options={
                "verbose_name": "更正",
                "verbose_name_plural": "更正",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="scoring_correction_has_its_reason",
                    )
                ],
            },
        ),
        TenantReference("correction", "month"),
        TenantReference("correction", "corrects"),
        TenantReference("correction", "proposal"),
        AppendOnly("correction"),
    ]

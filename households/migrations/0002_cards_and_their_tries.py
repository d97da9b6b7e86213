import django.db.models.deletion
from django.db import migrations, models

from trail.guards import TenantReference


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0001_subjects_and_members"),
        ("villages", "0003_units_stay_in_their_village"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network", models.CharField(max_length=50, verbose_name="网络地址")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "试码记录",
                "verbose_name_plural": "试码记录",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="subject",
            name="card_issued_at",
            field=models.DateTimeField(null=True, verbose_name="发卡时间"),
        ),
        migrations.AddField(
            model_name="subject",
            name="pin_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("card_issued_at__isnull", True), ("pin_hash", "")),
                    models.Q(
                        ("card_issued_at__isnull", False), models.Q(("pin_hash", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="households_subject_card_has_a_pin",
            ),
        ),
        migrations.AddField(
            model_name="cardtry",
            name="subject",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="households.subject",
                verbose_name="农户",
            ),
        ),
        migrations.AddField(
            model_name="cardtry",
            name="village",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="villages.village",
                verbose_name="村",
            ),
        ),
        migrations.AddIndex(
            model_name="cardtry",
            index=models.Index(fields=["network", "-at"], name="hh_cardtry_by_network"),
        ),
        migrations.AddIndex(
            model_name="cardtry",
            index=models.Index(fields=["at"], name="hh_cardtry_by_time"),
        ),
        migrations.AddConstraint(
            model_name="cardtry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("subject__isnull", True), ("village__isnull", True)),
                    models.Q(("subject__isnull", False), ("village__isnull", False)),
                    _connector="OR",
                ),
                name="households_cardtry_card_has_its_village",
            ),
        ),
        TenantReference("cardtry", "subject"),
    ]

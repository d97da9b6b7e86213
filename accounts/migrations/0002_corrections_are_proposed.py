from django.db import migrations, models

from trail.guards import TenantParent


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_users_and_proposals"),
    ]

    operations = [
        TenantParent("proposal"),
        migrations.AlterField(
            model_name="proposal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("lock", "锁定月份"),
                    ("publication", "发布公示"),
                    ("correction", "更正月份"),
                ],
                max_length=16,
                verbose_name="事项",
            ),
        ),
    ]

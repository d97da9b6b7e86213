import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The reference to (village, notice) checks a label already; a plain one cannot be distributed."""

    dependencies = [("notices", "0002_published_stays")]

    operations = [
        migrations.AlterField(
            model_name="noticelabel",
            name="notice",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="labels",
                to="notices.notice",
                verbose_name="公示",
            ),
        ),
    ]

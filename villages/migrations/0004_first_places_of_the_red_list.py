from django.db import migrations, models


class Migration(migrations.Migration):
    """How many places of its red list a village adopted to show; none until it does."""

    dependencies = [("villages", "0003_units_stay_in_their_village")]

    operations = [
        migrations.AddField(
            model_name="village",
            name="honour_rows",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="红榜公布前几名"),
        ),
    ]

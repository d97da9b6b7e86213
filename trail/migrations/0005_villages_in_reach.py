from django.db import migrations

from trail.guards import VILLAGES_IN_REACH


class Migration(migrations.Migration):
    dependencies = [("trail", "0004_tables_say_what_they_hold")]

    operations = [
        migrations.RunSQL(
            VILLAGES_IN_REACH, reverse_sql="DROP FUNCTION vc_guard.villages_in_reach()"
        ),
    ]

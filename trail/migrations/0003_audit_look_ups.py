from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trail", "0002_audit_purge")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["about", "-id"], name="trail_auditevent_by_object"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["request_id"], name="trail_auditevent_by_request"),
        ),
    ]

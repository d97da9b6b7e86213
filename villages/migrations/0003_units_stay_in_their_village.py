from django.db import migrations

from trail.guards import TenantReference


class Migration(migrations.Migration):
    """I-05: a unit lies inside a unit of its own village, a posting in a unit of its own."""

    dependencies = [("villages", "0002_posts")]

    operations = [
        TenantReference("unit", "parent"),
        TenantReference("posting", "unit"),
    ]

"""Refusals made before a reason was required say that none was kept."""

from django.db import migrations

FILL = """
UPDATE public.accounts_proposal SET reason = '（没有写明）'
 WHERE decision = 'refused' AND reason = '';
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_invitations")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

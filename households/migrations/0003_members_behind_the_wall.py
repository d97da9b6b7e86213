from django.db import migrations

from trail.guards import RowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0002_cards_and_their_tries"),
        ("trail", "0005_villages_in_reach"),
    ]

    operations = [RowSecurity("member")]

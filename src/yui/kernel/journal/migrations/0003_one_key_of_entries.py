from django.db import migrations

from yui.kernel.tenancy.public import lean_table


class Migration(migrations.Migration):
    """Entries have one key, not two: it is written once a person when a town is imported."""

    dependencies = [("journal", "0002_own_heads")]

    operations = [lean_table("journal_entry")]

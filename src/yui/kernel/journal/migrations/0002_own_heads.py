from django.db import migrations, models

_MINE = (
    "of_body_code = (SELECT code FROM tenancy_body"
    " WHERE id = (SELECT nullif(current_setting('yui.body_id', true), '')::bigint))"
)


class Migration(migrations.Migration):
    """A body reads the heads that other bodies keep of it."""

    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="deposit",
            index=models.Index(fields=["of_body_code", "number"], name="deposit_of_body"),
        ),
        migrations.RunSQL(
            f"CREATE POLICY journal_deposit_own_heads ON journal_deposit FOR SELECT USING ({_MINE})",
            "DROP POLICY journal_deposit_own_heads ON journal_deposit",
        ),
    ]

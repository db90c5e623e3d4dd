import django.db.models.deletion
from django.db import migrations, models

import yui.kernel.tenancy.scope
from yui.kernel.tenancy.public import EnableTenancy


class Migration(migrations.Migration):
    """The index of next critical dates."""

    initial = True

    dependencies = [("tenancy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="NextCriticalDate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("programme", models.CharField(max_length=60)),
                ("person", models.UUIDField()),
                ("on", models.DateField()),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=yui.kernel.tenancy.scope.current_body_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.body",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["body", "on"], name="next_critical_date_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("body", "programme", "person"), name="next_critical_date_once"
                    )
                ],
            },
        ),
        EnableTenancy("NextCriticalDate"),
    ]

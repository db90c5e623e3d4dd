from django.db import migrations, models


class Migration(migrations.Migration):
    """A declaration of support counts from a month on."""

    dependencies = [("child_allowance", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="supportdeclaration", name="from_month", field=models.DateField(null=True)
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_seal_names_and_stand_in")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="subject",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="sign_in_index",
            field=models.CharField(max_length=64, unique=True),
        ),
    ]

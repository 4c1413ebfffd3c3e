from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grassroots", "0001_live_at_the_base")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="readings",
            field=models.JSONField(default=dict),
        ),
    ]

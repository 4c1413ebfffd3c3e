from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grassroots", "0002_keep_campaign_readings")]

    operations = [
        migrations.CreateModel(
            name="PastHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hours", models.JSONField()),
                ("ends_on", models.DateField()),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="past_hours",
                        to="grassroots.home",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["home", "ends_on"], name="hours_end_once_a_day")
                ],
            },
        ),
    ]

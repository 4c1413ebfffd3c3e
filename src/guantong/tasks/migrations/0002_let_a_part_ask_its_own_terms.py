"""A part split from another may ask a day, a target and reports of its own."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]

    operations = [
        migrations.AddField("assignment", "split_on", models.DateField(null=True)),
        migrations.AddField("assignment", "due_on", models.DateField(null=True)),
        migrations.AddField(
            "assignment", "target", models.DecimalField(decimal_places=2, max_digits=14, null=True)
        ),
        migrations.AddField(
            "assignment", "target_unit", models.CharField(blank=True, default="", max_length=40)
        ),
        migrations.AddField("assignment", "report_days", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("assignment", "reason", models.CharField(blank=True, default="", max_length=500)),
    ]

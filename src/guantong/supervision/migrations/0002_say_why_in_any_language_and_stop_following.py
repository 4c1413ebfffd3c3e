"""A proposal's sentence for any reader, steps taken with another row, circulars that name matters, an end to following."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q
from django.db.models.functions import Left


def nothing(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Earlier sentences stand in the log with their row, so they stay as they are and are read from `about`."""


def fit_the_earlier_schema(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the earlier schema cannot hold: ended subscriptions, names as figures, sentences without Chinese words."""
    alias = schema_editor.connection.alias
    apps.get_model("supervision", "Subscription").objects.using(alias).filter(ended_at__isnull=False).delete()
    apps.get_model("supervision", "Figure").objects.using(alias).update(value=Left("value", 40))
    escalations = apps.get_model("supervision", "Escalation").objects.using(alias).filter(about="")
    for each in escalations.iterator(500):
        each.about = _chinese(each.said)[:500]
        each.save(update_fields=["about"])


def _chinese(said: object) -> str:
    if not isinstance(said, dict):
        return str(said)
    if "say" not in said:
        return str(said.get("zh", ""))
    return str(said["say"]) % {name: _chinese(value) for name, value in said.get("with", {}).items()}


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_follow_matters_to_their_end")]

    operations = [
        migrations.AddField("escalation", "said", models.JSONField(default=dict)),
        migrations.AlterField(
            "escalation", "about", models.CharField(blank=True, default="", max_length=500)
        ),
        migrations.AddField("step", "about", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("step", "about_ref", models.BigIntegerField(null=True)),
        migrations.AddField("subscription", "ended_at", models.DateTimeField(null=True)),
        migrations.AlterField("figure", "value", models.CharField(max_length=400)),
        migrations.RemoveConstraint("subscription", "office_follows_a_matter_once"),
        migrations.AddConstraint(
            "subscription",
            models.UniqueConstraint(
                fields=["matter", "office"],
                condition=Q(ended_at__isnull=True),
                name="office_follows_a_matter_once",
            ),
        ),
        migrations.RunPython(nothing, fit_the_earlier_schema),
    ]

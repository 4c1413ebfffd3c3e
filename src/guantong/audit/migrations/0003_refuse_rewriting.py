from django.db import migrations

from guantong.audit import triggers


def set_up(apps, schema_editor):
    triggers.set_up(schema_editor.connection)


def take_down(apps, schema_editor):
    triggers.take_down(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("audit", "0002_sign_the_log")]

    operations = [migrations.RunPython(set_up, take_down)]

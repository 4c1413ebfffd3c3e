from django.db import migrations

from guantong.audit import triggers


def renew(apps, schema_editor):
    """OR REPLACE on SQLite went past the triggers; verdicts had none."""
    triggers.take_down(schema_editor.connection)
    triggers.set_up(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("audit", "0003_refuse_rewriting")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]

"""Undoing a long import may be left to the worker."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("importing", "0001_bring_in_workbooks")]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="job",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", ""),
                    ("reading", "正在读取"),
                    ("checking", "正在检查"),
                    ("trying", "正在试导入"),
                    ("applying", "正在导入"),
                    ("undoing", "正在撤销"),
                ],
                max_length=10,
            ),
        ),
    ]

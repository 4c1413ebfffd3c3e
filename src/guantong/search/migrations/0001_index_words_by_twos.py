"""The table of words, on each database of its own kind. It fills itself: the worker builds it when there is none."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


SQLITE = ["CREATE VIRTUAL TABLE search_words USING fts5(words, tokenize='ascii', detail='none', prefix='2')"]
POSTGRESQL = [
    "CREATE TABLE search_words (rowid bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX search_words_words ON search_words USING gin (words) WITH (fastupdate = off)",
    "ALTER TABLE search_words ALTER COLUMN words SET STATISTICS 2000",
]


def set_up(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def take_down(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0004_keep_idempotency_keys'),
        ('organisation', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.BigIntegerField()),
                ('as_of', models.DateTimeField()),
                ('rebuilt_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=300, verbose_name='意思相同的词')),
                ('added_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('address', models.CharField(max_length=1000)),
                ('page', models.CharField(max_length=60)),
                ('shared', models.CharField(choices=[('nobody', '只有自己'), ('unit', '本单位的人'), ('link', '有链接的人')], default='nobody', max_length=8, verbose_name='谁能打开')),
                ('code', models.CharField(max_length=24, unique=True)),
                ('saved_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'shared'], name='search_save_unit_id_2de55e_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('dropped_at__isnull', True)), fields=('person', 'name'), name='own_view_named_once')],
            },
        ),
        migrations.RunPython(set_up, take_down),
    ]

"""Numbering, texts of an office, invitations; and cases found by their words: a full-text table on SQLite, an inverted
index on PostgreSQL, as for what is public (0029).

Whoever changes ``casework_casetext`` in a later migration runs ``make`` again after it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQLITE = (
    "CREATE VIRTUAL TABLE casework_case_pairs USING fts5("
    "pairs, content='casework_casetext', content_rowid='case_id', tokenize='ascii', detail='none', columnsize=0)",
    "CREATE TRIGGER casework_case_pairs_added AFTER INSERT ON casework_casetext BEGIN "
    "INSERT INTO casework_case_pairs (rowid, pairs) VALUES (new.case_id, new.pairs); END",
    "CREATE TRIGGER casework_case_pairs_gone AFTER DELETE ON casework_casetext BEGIN "
    "INSERT INTO casework_case_pairs (casework_case_pairs, rowid, pairs) "
    "VALUES ('delete', old.case_id, old.pairs); END",
    "CREATE TRIGGER casework_case_pairs_changed AFTER UPDATE ON casework_casetext BEGIN "
    "INSERT INTO casework_case_pairs (casework_case_pairs, rowid, pairs) "
    "VALUES ('delete', old.case_id, old.pairs); "
    "INSERT INTO casework_case_pairs (rowid, pairs) VALUES (new.case_id, new.pairs); END",
)
POSTGRESQL = ("CREATE INDEX casework_case_pairs ON casework_casetext USING gin (string_to_array(pairs, ' '))",)
UNMADE = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS casework_case_pairs_added",
        "DROP TRIGGER IF EXISTS casework_case_pairs_gone",
        "DROP TRIGGER IF EXISTS casework_case_pairs_changed",
        "DROP TABLE IF EXISTS casework_case_pairs",
    ),
    "postgresql": ("DROP INDEX IF EXISTS casework_case_pairs",),
}


def make(apps, schema_editor):
    unmake(apps, schema_editor)
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    for statement in UNMADE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def index_anew(apps, schema_editor):
    """Texts are cut otherwise than before: the task of every thirty seconds takes all of them up again."""
    apps.get_model("casework", "TextMark").objects.all().delete()
    apps.get_model("casework", "Case").objects.filter(text_marked=True).update(text_marked=False)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0035_disputed_items'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseText',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='casework.case')),
                ('pairs', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('email', models.EmailField(max_length=254)),
                ('made_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Numbering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('from_year', models.PositiveSmallIntegerField()),
                ('before', models.CharField(blank=True, max_length=24)),
                ('between', models.CharField(max_length=6)),
                ('after', models.CharField(blank=True, max_length=6)),
                ('width', models.PositiveSmallIntegerField()),
                ('elsewhere', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-from_year', '-id'],
            },
        ),
        migrations.CreateModel(
            name='OfficeText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(choices=[('counter', '受理窗口'), ('hours', '办公时间'), ('before', '申请之前'), ('fees', '收费说明'), ('receipt', '提交以后'), ('reply', '收到答复以后')], max_length=16)),
                ('version', models.PositiveIntegerField()),
                ('zh', models.TextField(blank=True, verbose_name='中文')),
                ('en', models.TextField(blank=True, verbose_name='英文')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'ordering': ['-version'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='staffchange',
            name='account_deed_is_known',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['agency', 'received_on', 'id'], name='cases_by_receipt'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['agency', 'state', 'id'], name='cases_by_state'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['agency', 'clerk', 'id'], name='cases_by_clerk'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['agency', 'number', 'id'], name='cases_by_number'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_on', None)), fields=['agency', 'clerk', 'division', 'due_on'], name='workload'),
        ),
        migrations.AddConstraint(
            model_name='staffchange',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['added', 'renamed', 'appointed', 'dismissed', 'deactivated', 'reactivated', 'password_reset', 'password_changed', 'second_factor_added', 'second_factor_removed', 'second_factor_reset', 'unlocked', 'locked', 'signed_out', 'linked', 'invited', 'invitation_taken'])), name='account_deed_is_known'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitation',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='numbering',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numberings', to='casework.agency'),
        ),
        migrations.AddField(
            model_name='numbering',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='officetext',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='casework.agency'),
        ),
        migrations.AddField(
            model_name='officetext',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('used_at', None), ('withdrawn_at', None), _connector='OR'), name='invitation_used_or_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('used_at', None), ('withdrawn_at', None)), fields=('staff',), name='one_open_invitation_a_person'),
        ),
        migrations.AddConstraint(
            model_name='numbering',
            constraint=models.CheckConstraint(condition=models.Q(('width__gte', 1), ('width__lte', 8)), name='serial_has_so_many_digits'),
        ),
        migrations.AddConstraint(
            model_name='numbering',
            constraint=models.CheckConstraint(condition=models.Q(('between', ''), _negated=True), name='year_and_serial_stand_apart'),
        ),
        migrations.AddConstraint(
            model_name='officetext',
            constraint=models.UniqueConstraint(fields=('agency', 'place', 'version'), name='one_office_text_a_version'),
        ),
        migrations.AddConstraint(
            model_name='officetext',
            constraint=models.CheckConstraint(condition=models.Q(('place__in', ['counter', 'hours', 'before', 'fees', 'receipt', 'reply'])), name='place_of_text_is_known'),
        ),
        migrations.AddConstraint(
            model_name='officetext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('zh', ''), _negated=True), ('en', ''), _connector='OR'), name='english_text_stands_beside_the_chinese'),
        ),
        migrations.RunPython(make, unmake),
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]

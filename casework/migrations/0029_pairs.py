"""What finds a text by its pairs of characters: a full-text table on SQLite, an inverted index on PostgreSQL.

The full-text table stores no text of its own; triggers keep it in step with every way of writing. Whoever changes
``casework_searchable`` in a later migration runs ``make`` again after it: SQLite copies a table that it changes, and
the copy has no triggers.
"""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE casework_pairs USING fts5("
    "pairs, content='casework_searchable', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)",
    "CREATE VIRTUAL TABLE casework_pairs_terms USING fts5vocab('casework_pairs', 'row')",
    "CREATE TRIGGER casework_pairs_added AFTER INSERT ON casework_searchable BEGIN "
    "INSERT INTO casework_pairs (rowid, pairs) VALUES (new.id, new.pairs); END",
    "CREATE TRIGGER casework_pairs_gone AFTER DELETE ON casework_searchable BEGIN "
    "INSERT INTO casework_pairs (casework_pairs, rowid, pairs) VALUES ('delete', old.id, old.pairs); END",
    "CREATE TRIGGER casework_pairs_changed AFTER UPDATE ON casework_searchable BEGIN "
    "INSERT INTO casework_pairs (casework_pairs, rowid, pairs) VALUES ('delete', old.id, old.pairs); "
    "INSERT INTO casework_pairs (rowid, pairs) VALUES (new.id, new.pairs); END",
)
POSTGRESQL = ("CREATE INDEX casework_pairs ON casework_searchable USING gin (string_to_array(pairs, ' '))",)
UNMADE = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS casework_pairs_added",
        "DROP TRIGGER IF EXISTS casework_pairs_gone",
        "DROP TRIGGER IF EXISTS casework_pairs_changed",
        "DROP TABLE IF EXISTS casework_pairs_terms",
        "DROP TABLE IF EXISTS casework_pairs",
    ),
    "postgresql": ("DROP INDEX IF EXISTS casework_pairs",),
}


def make(apps, schema_editor):
    unmake(apps, schema_editor)
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    for statement in UNMADE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    # What was published before is brought in by ``manage.py rebuild_wordsearch``.

    dependencies = [
        ("casework", "0028_before"),
    ]

    operations = [
        migrations.RunPython(make, unmake),
    ]

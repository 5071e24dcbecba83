"""A backup: the database as it was at one moment, every stored file, and a list of digests that proves both.

The folder can be read without this program: ``files.sha256`` is what ``sha256sum --check`` takes, the database is
PostgreSQL's own archive or an SQLite file. Keys are never in it.
"""

from .folder import Backup, faults_of
from .restoring import restore
from .taking import take, unfinished

__all__ = ["Backup", "faults_of", "restore", "take", "unfinished"]

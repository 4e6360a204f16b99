"""What goes wrong in the index, in words: a cache that is damaged, full, closed to us or held by another process."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from crm.errors import Busy, CrmError, Damaged, OutsideFailed, ReadOnly
from crm.locale import _

if TYPE_CHECKING:
    from crm.store.journal import Doc

PLACE = "data/cache/index.sqlite"
_BY_OTHERS = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_CLOSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN)
_OF_DAMAGE = ("malformed", "no such table", "no such column", "user-defined function raised")
"""What SQLite says of SQL that is right, where the layout or a document of the index is spoilt."""
_MISTAKES = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE)


def damaged() -> Damaged:
    """Say that the index does not hold, and that nothing is lost with it."""
    return Damaged(
        _("The index is damaged: {path}; no record is lost.").format(path=PLACE),
        _("Build it anew: crm check --repair"),
    )


def parsed(text: str) -> Doc:
    """Read a document of the index; raise Damaged for one that is none."""
    try:
        doc: Doc = json.loads(text)
    except ValueError as error:
        raise damaged() from error
    return doc


def explained(error: Exception) -> CrmError | None:
    """Return what an error that SQLite raised means to a person; None for what is a mistake in the program."""
    if not isinstance(error, sqlite3.DatabaseError | UnicodeDecodeError):
        return None
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return OutsideFailed(_("The disk is full: {path}.").format(path=PLACE), _("Free some space and repeat."))
    if primary in _CLOSED:
        return ReadOnly(
            _("No right to write here: {path}.").format(path=PLACE),
            _("Ask for write access to the folder, or work on a copy of it."),
        )
    if primary in _BY_OTHERS:
        return Busy(_("Another process is writing the index."), _("Wait until it ends, or stop it, and repeat."))
    if primary == sqlite3.SQLITE_IOERR:
        return OutsideFailed(
            _("The disk failed: {path}: {reason}.").format(path=PLACE, reason=error),
            _("Check the disk, then run `crm check`."),
        )
    is_mistake = primary in _MISTAKES or isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError)
    return None if is_mistake and not str(error).startswith(_OF_DAMAGE) else damaged()

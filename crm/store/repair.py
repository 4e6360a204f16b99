"""Mending a store: tables and index from the journal, what the journal lost from the tables, edits by hand adopted.

A file that is rewritten is first copied to `data/damaged/`. What only a backup can bring back is refused in words.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from sqlite3 import DatabaseError
from typing import TYPE_CHECKING

from crm.errors import CrmError, Damaged
from crm.locale import _
from crm.store import disk
from crm.store.check import at_rest
from crm.store.check_tables import rows, sound
from crm.store.damage import STATED, as_stated
from crm.store.gate import checked_batch
from crm.store.journal import Change, Doc, Line, Position, dump
from crm.store.rebuild import reopen_index
from crm.store.survey import Survey
from crm.store.tables import KINDS, PER_FILE, TableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm.store.commit import Store
    from crm.store.draft import Draft
    from crm.store.findings import HandEdit

    Accept = Callable[[str, Doc | None, Doc], Doc]

COMMAND = "check --repair"


def as_typed(_kind: str, _doc: Doc | None, fields: Doc) -> Doc:
    """Accept an edit by hand as it is."""
    return fields


def repair(store: Store, actor: str, accept: Accept = as_typed) -> list[str]:
    """Mend what `check` finds and return what was done, a sentence each.

    Open the store with `mending`. `accept` is given the kind, the record (None for a new one) and the fields of an
    edit by hand, and returns them as they are to be stored; what it raises refuses the edit. Raises Damaged where
    only a backup helps: nothing is changed then.
    """
    with at_rest(store, COMMAND), disk.explained(store.data):
        done, edits = _mend(store, actor)
    return done + _adopt(store, actor, edits, accept)


def _mend(store: Store, actor: str) -> tuple[list[str], list[HandEdit]]:
    """Mend everything but edits by hand: these are taken out of the tables and returned."""
    done: list[str] = []
    _end_last_line(store)
    with Survey(store) as survey:
        unknown = survey.scan.unknown
        _refuse_missing_month(survey)
        if unknown:
            _state_damage(survey, actor)
            _move_delivery(store)
            done.append(_("The journal: {n} damaged places are noted, its chain goes on.").format(n=len(unknown)))
    with Survey(store) as survey:
        survey.take()
        done += _restore_tables(survey)
        if survey.index_differs or done:
            reopen_index(store)
            done.append(_("The index is built anew."))
        if survey.delivery_differs:
            path = store.data / "delivery.json"
            _keep_copy(store, path.name, path)
            path.unlink()
            done.append(_("What plugins have heard is unknown: they hear what happens from now on."))
        return done, survey.edits


def _refuse_missing_month(survey: Survey) -> None:
    for stretch in survey.scan.unknown:
        if survey.month_is_missing(stretch):
            raise Damaged(
                _("A month of the journal is missing: look at data/journal/{file}, line {line}.").format(
                    file=stretch.file, line=stretch.line
                ),
                _("Restore the file from a backup, or the whole workspace: crm restore FILE DIR."),
            )


# --- the journal -----------------------------------------------------------------------------------------------------


def _state_damage(survey: Survey, actor: str) -> None:
    """Append a line that names the damage and brings a replay to the state that stands in tables and index."""
    store, end = survey.store, survey.scan.end
    line = Line(
        n=end.n + 1,
        time=max(store.clock(), end.time),
        actor=actor,
        via="cli",
        command=COMMAND,
        changes=list(_lost_changes(survey)),
        extra={STATED: as_stated(survey.scan.unknown)},
        prev=end.sum,
    )
    store.journal.append(line, end, end.file)


def _end_last_line(store: Store) -> None:
    """End a last line that was acknowledged and has lost its end: it may hold again, and what follows needs it."""
    with Survey(store) as survey:
        if survey.scan.unknown and survey.scan.torn is None:
            path = store.journal.folder / survey.scan.end.file
            if path.is_file() and not _ends_whole(path):
                disk.append(path, b"\n", survey.scan.end.offset)


def _ends_whole(path: Path) -> bool:
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 1, 0))
        return file.read() in (b"", b"\n")


def _lost_changes(survey: Survey) -> Iterator[Change]:
    """Yield what a replay of the damaged journal lacks."""
    for kind, plural in survey.plurals.items():
        numbers = {*survey.store.tables.numbers(plural), *survey.replay.numbers(kind)}
        for number in sorted(numbers):
            replayed = survey.replay.table(kind, plural, number)
            standing = _standing(survey, kind, replayed)
            for record_id in sorted(replayed.rows.keys() | standing.keys()):
                change = _lost_change(kind, record_id, replayed.get(record_id), standing.get(record_id))
                if change is not None:
                    yield change


def _lost_change(kind: str, record_id: int, replayed: Doc | None, standing: Doc | None) -> Change | None:
    if replayed is None or standing is None:
        doc = standing or replayed or {}
        rev = doc["rev"] + (standing is None)
        return Change(kind, record_id, rev, replayed, standing)
    if standing == replayed or standing["rev"] < replayed["rev"]:
        return None
    before = {key: value for key, value in replayed.items() if standing.get(key) != value and key != "rev"}
    after = {key: value for key, value in standing.items() if replayed.get(key) != value and key != "rev"}
    return Change(kind, record_id, standing["rev"], before, after)


def _standing(survey: Survey, kind: str, replayed: TableFile) -> dict[int, Doc]:
    """Return the records of a table file as far as they are known: from the file, from the index, from what is left."""
    path = survey.store.tables.path(replayed.plural, replayed.number)
    data = path.read_bytes() if path.exists() else b""
    table = sound(data, replayed)
    if table is not None:
        return _docs(table)
    indexed = _indexed(survey, kind, replayed.number)
    return indexed if indexed is not None else _newest(_docs(replayed), data, replayed.number)


def _docs(table: TableFile) -> dict[int, Doc]:
    return {record_id: json.loads(row) for record_id, row in table.rows.items()}


def _newest(docs: dict[int, Doc], data: bytes, number: int) -> dict[int, Doc]:
    """Return records with those that stand in a damaged file in a later revision."""
    for row in rows(data, number):
        if row.doc is not None and row.doc.get("rev", 0) > docs.get(row.id, {"rev": 0})["rev"]:
            docs[row.id] = row.doc
    return docs


def _indexed(survey: Survey, kind: str, number: int) -> dict[int, Doc] | None:
    """Return the records of a table file from the index, None where it is behind, has not the kind or fails."""
    store = survey.store
    span = (number * PER_FILE + 1, (number + 1) * PER_FILE)
    try:
        if store.number < survey.scan.end.n:
            return None
        found = store.index.db.execute(f'SELECT id, doc FROM "doc_{kind}" WHERE id BETWEEN ? AND ?', span)
        return {record_id: json.loads(text) for record_id, text in found}
    except (DatabaseError, ValueError, TypeError):
        return None


# --- tables and delivery ---------------------------------------------------------------------------------------------


def _restore_tables(survey: Survey) -> list[str]:
    """Write spoilt table files anew as the journal has them; a copy of each stays."""
    store, done = survey.store, []
    for kind, number in survey.spoilt:
        plural = survey.plurals[kind]
        path = store.tables.path(plural, number)
        _keep_copy(store, f"{plural}-{path.name}", path)
        if number in survey.replay.numbers(kind):
            disk.make_folder(path.parent)
            _replace(store, path, survey.replay.table(kind, plural, number).dump())
        else:
            path.unlink()
        done.append(_("Written anew: data/tables/{table}/{file}.").format(table=plural, file=path.name))
    if survey.kinds_differ:
        disk.make_folder(store.tables.folder)
        _replace(store, store.tables.folder / KINDS, survey.replay.noted(survey.plurals))
        done.append(_("Written anew: data/tables/{file}.").format(file=KINDS))
    store.tables = type(store.tables)(store.tables.folder)
    return done


def _keep_copy(store: Store, name: str, path: Path) -> None:
    if path.exists():
        folder = store.data / "damaged"
        disk.make_folder(folder)
        stamp = store.clock()[:19].replace(":", "").replace("-", "")
        shutil.copyfile(path, folder / f"{stamp}-{name}")


def _replace(store: Store, path: Path, data: bytes) -> None:
    folder = store.data / "tmp"
    disk.make_folder(folder)
    disk.write_new(folder / path.name, data)
    disk.rename(folder / path.name, path)
    disk.flush_folder(path.parent)


def _move_delivery(store: Store) -> None:
    """Point the notes of delivery to where their journal line ends now; unreadable ones are left to the survey."""
    path = store.data / "delivery.json"
    with suppress(OSError, ValueError, LookupError, TypeError):
        state = json.loads(path.read_bytes())
        n = state["position"][0]
        state["position"] = list(Position() if n == 0 else store.journal.find(n) or state["position"])
        _replace(store, path, dump(state).encode())


# --- edits by hand ---------------------------------------------------------------------------------------------------


def _adopt(store: Store, actor: str, edits: list[HandEdit], accept: Accept) -> list[str]:
    """Make one change set of the edits that were made by hand."""
    if not edits:
        return []
    with store.writing(actor=actor, via="cli", command=COMMAND) as draft:
        return [_adopt_one(draft, edit, accept) for edit in edits]


def _adopt_one(draft: Draft, edit: HandEdit, accept: Accept) -> str:
    now = draft.get(edit.kind, edit.id)
    try:
        if (now["rev"] if now else 0) != edit.rev:
            raise Damaged(_("The record was changed meanwhile."))
        fields = accept(edit.kind, now, edit.fields)
        drafted = {"rev": 1, **(now or {}), **fields, "id": edit.id}
        living = {name: value for name, value in drafted.items() if value is not None}
        checked_batch(draft.store.kinds[edit.kind], {edit.id: living})
    except CrmError as error:
        return _("{ref}: the edit by hand was not adopted: {reason}").format(ref=edit.ref, reason=error)
    if now is None:
        times = {"created": draft.time, "updated": draft.time}
        draft.recreate(edit.kind, edit.id, {"id": edit.id, "rev": 1, **times, **fields}, 1)
    else:
        draft.update(edit.kind, edit.id, fields)
    return _("{ref}: the edit by hand was adopted: {fields}.").format(ref=edit.ref, fields=", ".join(fields))

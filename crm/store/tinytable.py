"""The store as a TinyDB database: TinyDB's own verbs, each write of theirs one change set with its journal line.

`Table` is subclassed in the places that TinyDB names for it; what the verbs do with a table is TinyDB's own code.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, MutableMapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from crm.errors import InvalidValue, NotFound, Refused
from crm.locale import _
from crm.store import history
from crm.store.select import Selection, select
from crm.store.tables import PER_FILE, number_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tinydb.queries import QueryLike

    from crm.store.commit import Store
    from crm.store.draft import Draft
    from crm.store.journal import Doc
    from crm.store.schema import Kind

_KEPT_BY_THE_STORE = ("id", "rev", "created", "updated")
_EVERYTHING = Selection(trashed=None)

Writing = Callable[[str], "AbstractContextManager[Draft]"]
"""Opens a change set of the command that it is given the name of."""


class FolderStorage(Storage):
    """What TinyDB asks a storage for, answered from a store; each table writes by itself."""

    def __init__(self, store: Store, writing: Writing) -> None:
        self.store = store
        self.writing = writing

    def read(self) -> dict[str, dict[str, Any]]:
        """Return the tables by the plural of their kind, each a lazy mapping of documents by id as text."""
        return {kind.plural: _Documents(self.store, kind) for kind in self.store.kinds.values()}  # type: ignore[misc]

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Raise Refused: a table that is dropped could not be undone."""
        raise Refused(_("The tables of a workspace cannot be dropped."), _("Remove the records: table.truncate()."))


class FolderTable(Table):
    """One kind of record as a TinyDB table, in the order of ids, those in the trash included.

    A document has `id`, `rev`, `created` and `updated`, which the store keeps and nobody writes; a field set to None is
    cleared; what is removed is gone for good but for undo. An id is given once: after `truncate` they go on. Raise
    InvalidValue for an id of one's own far ahead of the next one, NotFound for a table that the workspace has not.
    """

    default_query_cache_capacity = 0  # another process may write at any time

    def __init__(self, storage: FolderStorage, name: str, **_options: Any) -> None:
        self._folder = storage
        self._kind = _kind_of(storage.store, name)
        super().__init__(storage, name, cache_size=0)

    def insert(self, document: Mapping[str, Any]) -> int:
        """Insert a document under the next id, or a `Document` under its own; return the id."""
        with self._folder.writing(f"tinydb {self.name}"):  # the id is given under the lock
            return super().insert(document)

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Update the documents that `cond` selects, or insert one where there are none, as one change set."""
        with self._folder.writing(f"tinydb {self.name}"):
            return super().upsert(document, cond)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return _Documents(self._folder.store, self._kind)  # type: ignore[return-value]

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self._folder.writing(f"tinydb {self.name}") as draft:
            table = _Drafted(draft, self._kind)
            updater(table)  # type: ignore[arg-type]
            table.settle()

    def _get_next_id(self) -> int:
        draft = self._folder.store.draft
        return (draft or self._folder.store.index).next_id(self._kind.name)


class FolderDB(TinyDB):
    """A workspace's records as a TinyDB database: `FolderDB(store, writing).table("deals")`.

    `writing(command)` opens a change set, such as `Workspace.writing`. Rights are not asked.
    """

    table_class = FolderTable  # type: ignore[assignment]
    default_storage_class = FolderStorage  # type: ignore[assignment]


class _Documents(Mapping[str, "Doc"]):
    """The documents of a kind by id as text, read when they are asked for."""

    def __init__(self, store: Store, kind: Kind) -> None:
        self._store = store
        self._kind = kind

    def stream(self) -> Iterator[Doc]:
        draft = self._store.draft
        if draft is None:
            return select(self._store.index, self._kind, _EVERYTHING)
        return iter(sorted(draft.select(self._kind, _EVERYTHING), key=_id_of))

    def __getitem__(self, key: str) -> Doc:
        source = self._store.draft or self._store.index
        doc = source.get(self._kind.name, int(key)) if key.isdecimal() else None
        if doc is None:
            raise KeyError(key)
        return doc

    def __iter__(self) -> Iterator[str]:
        return (str(doc["id"]) for doc in self.stream())

    def __len__(self) -> int:
        return sum(1 for _doc in self.stream())

    def items(self) -> ItemsView[str, Doc]:
        """Return the documents with their ids, read in one go."""
        return _Items(self)


class _Items(ItemsView[str, "Doc"]):
    def __iter__(self) -> Iterator[tuple[str, Doc]]:
        return ((str(doc["id"]), doc) for doc in self._mapping.stream())  # type: ignore[attr-defined]


class _Drafted(MutableMapping[int, "Doc"]):
    """The documents of a kind by id, for an updater of TinyDB: what it does to them is drafted.

    An updater has one document in its hands at a time; what it did to it is drafted when it asks for the next.
    """

    def __init__(self, draft: Draft, kind: Kind) -> None:
        self._draft = draft
        self._kind = kind
        self._held: tuple[int, Doc, Doc] | None = None

    def settle(self) -> None:
        """Draft what was done to the document at hand."""
        if self._held is not None:
            record_id, before, held = self._held
            self._held = None
            changed = {name: held.get(name) for name in [*held, *before] if held.get(name) != before.get(name)}
            self._draft.update(self._kind.name, record_id, _own(changed))

    def __getitem__(self, record_id: int) -> Doc:
        if self._held is None or self._held[0] != record_id:
            self.settle()
            doc = self._draft.get(self._kind.name, record_id)
            if doc is None:
                raise KeyError(record_id)
            self._held = (record_id, doc, deepcopy(doc))
        return self._held[2]

    def __setitem__(self, record_id: int, document: Doc) -> None:
        """Draft a new document; one that is there is never replaced by TinyDB."""
        self.settle()
        kind = self._kind.name
        if record_id == self._draft.next_id(kind):
            self._draft.create(kind, _own(document))
            return
        last = _last_near(self._draft.next_id(kind))
        if not 1 <= record_id <= last:
            raise InvalidValue(
                _("{id} cannot be the id of a new record.").format(id=record_id),
                _("Let the store give the id, or choose one from 1 to {last}.").format(last=last),
            )
        times = {"created": self._draft.time, "updated": self._draft.time}
        fields = {name: value for name, value in _own(document).items() if value is not None}
        rev = history.last_rev(self._draft.store, kind, record_id) + 1
        self._draft.recreate(kind, record_id, {"id": record_id, "rev": rev, **times, **fields}, rev)

    def __delitem__(self, record_id: int) -> None:
        if self._held is not None and self._held[0] == record_id:
            self._held = None
        self.settle()
        if self._draft.get(self._kind.name, record_id) is None:
            raise KeyError(record_id)
        self._draft.remove(self._kind.name, record_id)

    def __iter__(self) -> Iterator[int]:
        self.settle()
        return iter(sorted(doc["id"] for doc in self._draft.select(self._kind, _EVERYTHING)))

    def __len__(self) -> int:
        return sum(1 for _id in self)

    def clear(self) -> None:
        """Draft that every document is gone."""
        for record_id in self:
            del self[record_id]


def _kind_of(store: Store, name: str) -> Kind:
    for kind in store.kinds.values():
        if kind.plural == name:
            return kind
    raise NotFound(
        _("There is no table «{name}».").format(name=name),
        _("Known: {names}.").format(names=", ".join(kind.plural for kind in store.kinds.values())),
    )


def _own(fields: Doc) -> Doc:
    return {name: value for name, value in fields.items() if name not in _KEPT_BY_THE_STORE}


def _id_of(doc: Doc) -> int:
    record_id: int = doc["id"]
    return record_id


def _last_near(next_id: int) -> int:
    """Return the last id of the table file behind those that are there: none of them is to be left out."""
    return (number_of(next_id - 1) + 2) * PER_FILE

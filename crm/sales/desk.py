"""What the verbs see of the workspace: its records, settings, rights and the change set at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from datetime import date

    from crm.model.fields import Customs, Doc
    from crm.model.record import Record
    from crm.sales.collection import Collection
    from crm.sales.noun import Noun
    from crm.settings import Settings
    from crm.store.commit import Store
    from crm.store.draft import Draft
    from crm.store.query import QueryLike


class Guard(Protocol):
    """Who may do what."""

    def check(self, action: str, noun: str, doc: Doc | None) -> None:
        """Raise Refused unless the actor may do `action` (create, read, edit, delete, export, settings)."""

    def may(self, action: str, noun: str, doc: Doc | None) -> bool:
        """Tell whether the actor may do `action`."""

    def scope(self, noun: str) -> QueryLike | None:
        """Return the query of the records that the actor may read, None for all."""


class Desk(Protocol):
    """The workspace, as far as the verbs need it."""

    store: Store
    settings: Settings
    customs: Customs
    nouns: Mapping[str, Noun]
    warnings: list[str]
    dry_run: bool

    @property
    def actor(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def is_automatic(self) -> bool: ...
    @property
    def department(self) -> str: ...
    @property
    def guard(self) -> Guard: ...
    def today(self) -> date: ...
    def doc(self, kind: str, record_id: int) -> Doc | None: ...
    def record(self, ref: str) -> Record: ...
    def collection(self, noun: str) -> Collection[Any]: ...
    def person(self, login: str) -> str: ...
    def writing(self, command: str, **extra: Any) -> AbstractContextManager[Draft]: ...

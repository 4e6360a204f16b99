"""The workspace: the one object that the command line, the console and plugins go through.

It ties rights, verbs, hooks and history to the store; what a verb does is in `sales/`.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from crm.access import AccessGuard, PluginGuard
from crm.collections import Collections
from crm.customs import WorkspaceCustoms
from crm.entrance import bring_up, refuse_unknown_format
from crm.errors import Damaged, InvalidValue, NotFound, Refused
from crm.locale import _, language
from crm.model.fields import REF
from crm.plugin_loading import Plugins
from crm.registry import collection_class, register_kinds, register_nouns
from crm.settings import Settings, load_settings
from crm.store import identity
from crm.store.commit import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from collections.abc import Collection as Collection_
    from datetime import date
    from types import TracebackType

    from crm.model.fields import Customs, Doc
    from crm.model.record import Record
    from crm.past import Moment
    from crm.sales.collection import Collection
    from crm.sales.desk import Guard
    from crm.store.draft import Draft
    from crm.store.journal import Change
    from crm.store.schema import Kinds
    from crm.store.tinytable import FolderDB


_LOOKED_THROUGH = 200
"""How many of what has the words of a search are looked through for the one that is called so."""

T = TypeVar("T")


class Workspace(Collections):
    """One open workspace, used by one actor.

    `warnings` collects what went wrong without changing the outcome (a plugin that failed); `drafted` holds the
    changes of the last command when `dry_run` kept it from being committed; `written` is the number of the change set
    that the actor committed last, 0 for none.
    """

    def __init__(
        self,
        root: Path,
        actor: str,
        *,
        via: str = "python",
        settings: Settings | None = None,
        mending: bool = False,
    ) -> None:
        self.root = root
        self.via = via
        self.warnings: list[str] = []
        self.dry_run = False
        self.drafted: list[Change] = []
        self.written = 0
        if bring_up(root):
            settings = None
        self.settings = settings or load_settings(root)
        if refuse_unknown_format(root, self.settings) is None:
            _complete(root)
        self.plugins = Plugins(root, self.settings.account.plugins.disabled)
        self.nouns = register_nouns(self.settings, self.plugins)
        kinds = register_kinds(self.nouns, self.settings, self.plugins)
        self.store = self._open_store(kinds, mending=mending)
        self.customs: Customs = WorkspaceCustoms(self)
        self._actor = actor
        self._command = ""
        self._guard: Guard | None = None
        self._collections: dict[str, Collection[Any]] = {}
        self._reacting = False
        self._checking = False

    # --- who and when ------------------------------------------------------------------------------------------------

    @property
    def actor(self) -> str:
        """Return the login of who acts."""
        return self._actor

    @property
    def guard(self) -> Guard:
        """Return the rights of who acts."""
        if self._guard is None:
            self._guard = AccessGuard(self.settings, self.store, self._actor)
        return self._guard

    @property
    def is_automatic(self) -> bool:
        """Tell whether a plugin acts, or something from outside, rather than a person."""
        return self._reacting or self.via not in ("cli", "console", "python")

    @property
    def department(self) -> str:
        """Return the department of who acts, empty where none is known."""
        user = self.users.by_login(self.actor)
        return user.department if user is not None else ""

    def today(self) -> date:
        """Return today's date in the workspace's time zone."""
        return self.settings.today()

    def person(self, login: str) -> str:
        """Return the login of a user named by login, name or reference; while there are no users, any login."""
        return self.users.login_of(login)

    def share_rights(self, other: Workspace) -> None:
        """Act with the rights that the actor has in `other`, with collections of this workspace's own."""
        self.act_under(other.guard)

    def act_under(self, guard: Guard) -> None:
        """Act under other rights from here on, with collections of this workspace's own."""
        self._guard, self._collections = guard, {}

    def act_as(self, actor: str) -> None:
        """Act as another person from here on, with that person's rights and what is on disk now; for a server."""
        self._actor, self._guard, self._collections = actor, None, {}
        self.warnings, self.written = [], 0
        self.store.refresh()

    def serve(self, plugin: str) -> None:
        """Act as a plugin that answers a machine: named in the history, not bound by rights; for a server.

        A plugin that knows which person asks goes on with `act_as`.
        """
        self.act_as(plugin)
        self.via, self._guard = plugin, PluginGuard()

    @contextmanager
    def serving(self, plugin: str) -> Iterator[None]:
        """Act as a plugin that the clock woke, not bound by rights, and as before afterwards."""
        before = (self._actor, self.via, self._guard, self._collections)
        self._actor, self.via, self._guard, self._collections = plugin, plugin, PluginGuard(), {}
        self.store.refresh()
        try:
            yield
        finally:
            self._actor, self.via, self._guard, self._collections = before

    # --- records -----------------------------------------------------------------------------------------------------

    def collection(self, noun: str) -> Collection[Any]:
        """Return the records of a noun, named in the singular or the plural; raise InvalidValue for an unknown one."""
        if noun not in self._collections:
            found = self.nouns.get(noun) or next((one for one in self.nouns.values() if one.plural == noun), None)
            if found is None:
                raise InvalidValue(
                    _("There is no noun «{noun}».").format(noun=noun),
                    _("Known: {names}.").format(names=", ".join(self.nouns)),
                )
            self._collections[noun] = collection_class(found)(self, found)
        return self._collections[noun]

    def __getattr__(self, name: str) -> Collection[Any]:
        """Return the collection of a noun that a plugin brought, by its plural."""
        nouns = self.__dict__.get("nouns", {})
        if not any(noun.plural == name for noun in nouns.values()):
            raise AttributeError(name)
        return self.collection(name)

    def doc(self, kind: str, record_id: int) -> Doc | None:
        """Return a document as it stands in the change set at hand, else in the store."""
        draft = self.store.draft
        return draft.get(kind, record_id) if draft else self.store.index.get(kind, record_id)

    def record(self, ref: str) -> Record:
        """Return the record that a reference names; raise NotFound."""
        match = REF.fullmatch(ref)
        if match is None or match[1] not in self.nouns:
            raise NotFound(_("«{ref}» names no record.").format(ref=ref), _("Write noun/number, such as deal/12."))
        found: Record = self.collection(match[1]).get(ref)
        return found

    def find(self, text: str, *, nouns: Collection_[str] = (), limit: int = 20) -> list[Record]:
        """Return the records that have every word of `text` in them, or the digits of a phone.

        Those that are called so come first, then the newest; what may not be read takes nobody's place.
        """
        from crm.sales.nearness import nearness
        from crm.store.search import find

        kinds = [self.collection(noun).noun.name for noun in nouns]
        wide = max(limit * 2, _LOOKED_THROUGH)
        while True:
            places = find(self.store, text, kinds=kinds, limit=wide)
            found = list(self._readable(places))
            if len(found) >= limit or len(places) < wide:
                return sorted(found, key=lambda record: nearness(text, str(record.label)))[:limit]
            wide *= 10

    def _readable(self, places: Iterable[tuple[str, int]]) -> Iterator[Record]:
        for kind, record_id in places:
            doc = self.doc(kind, record_id)
            if doc is not None and self.guard.may("read", kind, doc):
                yield self.collection(kind).record(doc)

    def remembered(self, question: Hashable, answer: Callable[[], T]) -> T:
        """Return what `answer` reckons from records, kept until the next change set; nobody may change it.

        It is kept for who asks, with the rights at hand, the language and the day; `question` says all else that it
        depends on. Within a change set it is reckoned anew.
        """
        if self.store.draft is not None:
            return answer()
        given = (self.actor, type(self.guard), self.today(), language(), question)
        return self.store.index.memo.recall(self.store.index, given, answer)

    # --- writing -----------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, command: str, **extra: Any) -> Iterator[Draft]:
        """Do what is inside as one change set, all or nothing; within another one, as a part of it.

        Plugins hear of it when the outermost one is committed.
        """
        if self._checking:
            raise Refused(_("Nothing can be written while a change is being checked."))
        outermost, last = self.store.draft is None, self.store.last
        with self.store.writing(
            actor=self.actor,
            via=self.via,
            command=self._command or command,
            extra=extra,
            check=self._check,
            dry_run=self.dry_run,
        ) as draft:
            yield draft
        if outermost and not self._reacting and self.store.last is not last and self.store.last is not None:
            self.written = self.store.last.line.n
        if outermost and not self.dry_run and not self._reacting:
            self.deliver()

    @contextmanager
    def transaction(self, name: str) -> Iterator[Workspace]:
        """Do several things as one: all or nothing, one line of history, one undo."""
        with self.named(name), self.writing(name):
            yield self

    @contextmanager
    def named(self, command: str) -> Iterator[None]:
        """Give the change sets inside the name of a command, for history and undo."""
        before, self._command = self._command, command
        try:
            yield
        finally:
            self._command = before

    def _check(self, draft: Draft) -> None:
        vetoers = self.plugins.with_hook("check_change")
        self.drafted = draft.changes() if vetoers or self.dry_run else []
        if vetoers:
            from crm.proposal import Proposal

            self._checking = True
            try:
                for plugin in vetoers:
                    self.plugins.call(plugin, "check_change", crm=self, change=Proposal.of(draft))
            finally:
                self._checking = False

    def at(self, moment: Moment) -> Workspace:
        """Return the workspace as it stood at a past moment, read-only: see `crm.past.look_back`."""
        from crm.past import look_back

        return look_back(self, moment)

    def tinydb(self) -> FolderDB:
        """Return the records as a TinyDB database, `tinydb().table("deals")`; for an admin, as it asks no rights."""
        from crm.store.tinytable import FolderDB

        self.guard.check("settings", "table", None)
        return FolderDB(self.store, self.writing)

    # --- plugins -----------------------------------------------------------------------------------------------------

    def deliver(self) -> None:
        """Tell plugins what they have not heard yet; what fails becomes a warning."""
        if self._reacting or not self.plugins.all:
            return
        from crm.delivery import Delivery

        Delivery(self).run()

    def deliver_pending(self) -> None:
        """Tell plugins what a crash or a failure left untold."""
        if not self.plugins.all or not os.access(self.root / "data", os.W_OK):
            return
        note = self.store.index.meta("delivery")
        if note is not None and json.loads(note)["position"][0] >= self.store.number:
            return
        from crm.delivery import Delivery

        delivery = Delivery(self)
        if delivery.pending():
            delivery.run()

    @contextmanager
    def reacting(self, plugin: str, actor: str, note: Doc) -> Iterator[None]:
        """Act as a plugin that reacts: its writes carry `note`, are not bound by rights, and are announced later."""
        before = (self._actor, self.via, self._guard, self._reacting)
        self._actor, self.via, self._guard, self._reacting = actor, plugin, PluginGuard(), True
        try:
            with self.store.writing(actor=actor, via=plugin, command=f"{plugin}", extra=note) as draft:
                yield
                if not draft.changes():
                    draft.extra.pop("cursor")
        finally:
            self._actor, self.via, self._guard, self._reacting = before

    # --- opening and closing -----------------------------------------------------------------------------------------

    def _open_store(self, kinds: Kinds, *, mending: bool = False) -> Store:
        address = self.settings.account.store
        if not address:
            return Store(self.root / "data", kinds, mending=mending)
        from crm.stores import open_store

        return open_store(self.root, address, kinds, self.plugins, mending=mending)

    def reopen(self) -> None:
        """Open the store anew, in a child process that must not use its parent's."""
        self.store = self._open_store(self.store.kinds)
        self._guard = None

    def close(self) -> None:
        """Close the workspace."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def identity(self) -> str:
        """Return the workspace's own id, made with it: what exchange with other systems is keyed by; raise Damaged."""
        found = identity.read(self.root / "data")
        if not found:
            raise Damaged(f"data/{identity.FILE}: {identity.lost()}")
        return found


def _complete(root: Path) -> None:
    """Make what `data/` lacks where nobody ran `crm init`, as in a clone; a folder that is read-only stays as it is."""
    from crm.initialise import lay_out

    with suppress(OSError):
        lay_out(root)

"""What fields must know of a workspace to read a value: its currency, dates, dictionaries and existing records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue, NotFound
from crm.locale import _
from crm.model.dictionaries import Dictionary, Entry
from crm.model.pipeline import Title
from crm.sales.noun import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, tzinfo

    from crm.model.pipeline import Ladder
    from crm.settings import Settings
    from crm.workspace import Workspace


class WorkspaceCustoms:
    """The customs of one workspace."""

    def __init__(self, crm: Workspace) -> None:
        self.crm = crm
        self.settings: Settings = crm.settings

    @property
    def currency(self) -> str:
        """Return the account currency."""
        return self.settings.currency

    @property
    def phone_region(self) -> str:
        """Return the country whose numbers are written without a code."""
        return self.settings.country

    @property
    def time_zone(self) -> tzinfo:
        """Return the workspace's time zone."""
        return self.settings.time_zone

    def today(self) -> date:
        """Return today's date in the workspace's time zone."""
        return self.crm.today()

    def dictionary(self, name: str) -> Dictionary:
        """Return a dictionary by name; stages, pipelines, roles and departments are dictionaries too."""
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self.settings)
        if name == "document_kinds":
            return self._document_kinds()
        if name.startswith("option:"):
            noun, field = name[7:].split(".")
            return self._options(noun, field)
        return self.settings.dictionary(name)

    def _options(self, noun: str, name: str) -> Dictionary:
        field = next(one for one in self.settings.fields.of(noun) if one.name == name)
        return Dictionary(entries=tuple(Entry(id=option.id, title=option.title) for option in field.options))

    def _document_kinds(self) -> Dictionary:
        """Return the kinds of documents that plugins print, titled in the current language."""
        brought = self.crm.plugins.brought("register_document_kinds")
        titles = {name: str(options.get("title") or name) for _plugin, (name, _target, options) in brought}
        return _entries([(name, Title(_(title))) for name, title in titles.items()])

    def find_ref(self, kind: str, text: str) -> str:
        """Return the reference of an existing record by its number, its exact name, or the only name that has `text`.

        Raise NotFound when there is none, InvalidValue when several would do.
        """
        noun = self.crm.nouns.get(kind)
        if noun is None:
            raise InvalidValue(
                _("There is no noun «{noun}».").format(noun=kind),
                _("Known: {names}.").format(names=", ".join(self.crm.nouns)),
            )
        if text.isdecimal():
            record_id = self.crm.collection(kind).id_of(text)
            self.crm.collection(kind).doc(record_id)
            return f"{kind}/{record_id}"
        found = self._named(kind, text)
        if len(found) == 1:
            return f"{kind}/{found[0]}"
        if not found:
            raise NotFound(
                _("There is no {noun} called «{name}».").format(noun=kind, name=text),
                _("Add it first: crm {noun} add «{name}».").format(noun=kind, name=text),
            )
        raise InvalidValue(
            _("Several {noun} records fit «{name}»: {refs}.").format(
                noun=kind, name=text, refs=", ".join(f"{kind}/{number}" for number in found[:5])
            ),
            _("Give the number of the right one."),
        )

    def _named(self, kind: str, text: str) -> list[int]:
        store = self.crm.store
        exact = self._living(kind, store.having(kind, "=", fold(text)))
        if exact:
            return exact
        from crm.store.search import find

        return self._living(kind, [record_id for _kind, record_id in find(store, text, kinds=[kind], limit=6)])

    def _living(self, kind: str, ids: list[int]) -> list[int]:
        return [one for one in ids if "deleted" not in (self.crm.doc(kind, one) or {"deleted": ""})]


def _ladder(ladders: list[Ladder]) -> Dictionary:
    stages: dict[str, Entry] = {}
    for ladder in ladders:
        for stage in ladder.stages:
            stages.setdefault(stage.id, Entry(id=stage.id, title=stage.title))
    return Dictionary(entries=tuple(stages.values()))


def _entries(items: list[tuple[str, object]]) -> Dictionary:
    return Dictionary(entries=tuple(Entry(id=name, title=title) for name, title in items))  # type: ignore[arg-type]


_SPECIAL: dict[str, Callable[[Settings], Dictionary]] = {
    "stages": lambda settings: _ladder(list(settings.pipelines)),
    "lead_stages": lambda settings: _ladder([settings.leads]),
    "pipelines": lambda settings: _entries([(one.id, one.title) for one in settings.pipelines]),
    "roles": lambda settings: _entries([(name, role.title) for name, role in settings.access.roles.items()]),
    "departments": lambda settings: _entries([(one.id, one.title) for one in settings.departments.departments]),
}

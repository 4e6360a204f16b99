"""The nouns of a workspace: the built-in ones, those of plugins, each with the fields that the settings add.

A command needs few of them, so a noun that came with the program is imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from crm.sales.noun import Noun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.model.custom_fields import CustomField
    from crm.model.fields import Field
    from crm.model.record import Record
    from crm.plugin_loading import Plugin, Plugins
    from crm.sales.collection import Collection
    from crm.settings import Settings
    from crm.store.schema import Kind, Kinds

_CORE = {
    "lead": ("crm.model.lead:Lead", "crm.sales.leads:Leads"),
    "contact": ("crm.model.contact:Contact", "crm.sales.clients:Contacts"),
    "company": ("crm.model.company:Company", "crm.sales.clients:Companies"),
    "deal": ("crm.model.deal:Deal", "crm.sales.deals:Deals"),
    "activity": ("crm.model.activity:Activity", "crm.sales.activities:Activities"),
    "product": ("crm.model.product:Product", "crm.sales.products:Products"),
    "user": ("crm.model.user:User", "crm.sales.users:Users"),
}
"""The class of each built-in noun and the class of its collection."""
_FIELDS = {
    "text": "fields:Text",
    "long_text": "fields:LongText",
    "number": "fields:Number",
    "decimal": "fields:Quantity",
    "money": "fields:MoneyField",
    "date": "field_dates:Day",
    "time": "field_dates:Moment",
    "bool": "fields:Flag",
    "list": "field_lists:Texts",
}
V = TypeVar("V")


class OnDemand(Mapping[str, V]):
    """What is made by name when it is first asked for; `stamp` changes with all that it is made of."""

    def __init__(self, makers: Mapping[str, Callable[[], V]], stamp: str = "") -> None:
        self._makers = makers
        self._made: dict[str, V] = {}
        self.stamp = stamp

    def __getitem__(self, name: str) -> V:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def register_nouns(settings: Settings, plugins: Plugins) -> Mapping[str, Noun]:
    """Return every noun of a workspace by its name, in order: built-in, then those of plugins."""
    return OnDemand(_makers(plugins, settings))


def bare_nouns(plugins: Plugins) -> Mapping[str, Noun]:
    """Return the nouns as the program ships them, for help texts where there is no workspace."""
    return OnDemand(_makers(plugins, None))


def register_kinds(nouns: Mapping[str, Noun], settings: Settings, plugins: Plugins) -> Kinds:
    """Return what the store must know of each noun."""
    return OnDemand({name: _kind_maker(nouns, name) for name in nouns}, _stamp(nouns, settings, plugins))


def _kind_maker(nouns: Mapping[str, Noun], name: str) -> Callable[[], Kind]:
    return lambda: nouns[name].kind()


def _stamp(nouns: Mapping[str, Noun], settings: Settings, plugins: Plugins) -> str:
    """Return what changes with the columns of any kind: the program, the settings, what third parties bring."""
    foreign = [
        repr(nouns[options["noun"]].kind().columns)
        for plugin, (_target, _collection, options) in plugins.brought("register_entities")
        if not plugin.built_in and options["noun"] in nouns
    ]
    return repr([plugins.program, settings.plain("fields"), list(nouns), foreign])


def _makers(plugins: Plugins, settings: Settings | None) -> dict[str, Callable[[], Noun]]:
    makers = {name: _maker(target, collection, "crm", settings) for name, (target, collection) in _CORE.items()}
    for plugin, (target, collection, options) in plugins.brought("register_entities"):
        if plugin.built_in or _imports(plugins, plugin, target):
            makers[options["noun"]] = _maker(target, collection, plugin.name, settings)
    return makers


def _maker(target: str, collection: str, plugin: str, settings: Settings | None) -> Callable[[], Noun]:
    def make() -> Noun:
        entity: type[Record] = _imported(target)
        custom = custom_fields(settings, entity.noun) if settings is not None else {}
        return Noun(entity, custom, plugin=plugin, collection=collection)

    return make


def _imports(plugins: Plugins, plugin: Plugin, target: str) -> bool:
    """Import the class of a third party's noun; one that fails takes the plugin out, with its error."""
    try:
        plugins.load(plugin)
        _imported(target)
    except (Exception, SystemExit) as error:
        plugin.error = f"{type(error).__name__}: {error}"
        return False
    return True


def _imported(target: str) -> Any:
    from importlib import import_module

    module, _colon, name = target.partition(":")
    return getattr(import_module(module), name)


def custom_fields(settings: Settings, noun: str) -> dict[str, Field[Any]]:
    """Return the fields that `config/fields.yaml` adds to a noun."""
    fields: dict[str, Field[Any]] = {}
    written = settings.plain("fields")
    if not (written.get(noun) or written.get("plugins")):
        return fields
    from crm.model.fields import named

    for custom in settings.fields.of(noun):
        fields[custom.name] = named(_field(noun, custom), custom.name)
    return fields


def _field(noun: str, custom: CustomField) -> Field[Any]:
    common: dict[str, Any] = {
        "title": custom.title.text() or custom.name,
        "required": custom.required,
        "default": custom.default,
    }
    if custom.type.startswith("ref:"):
        from crm.model.fields import Ref

        return Ref(kind=custom.type[4:], **common)
    if custom.type == "choice":
        from crm.model.fields import Choice

        return Choice(dictionary=f"option:{noun}.{custom.name}", **common)
    if custom.type == "list" and custom.options:
        from crm.model.field_lists import Choices

        return Choices(dictionary=f"option:{noun}.{custom.name}", search=True, **common)
    kind: type[Field[Any]] = _imported(f"crm.model.{_FIELDS[custom.type]}")
    return kind(search=custom.type in ("text", "long_text", "list"), **common)


def collection_class(noun: Noun) -> type[Collection[Any]]:
    """Return the collection class of a noun, the plain one where it brings none of its own."""
    return _imported(noun.collection or "crm.sales.collection:Collection")  # type: ignore[no-any-return]

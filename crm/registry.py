"""The nouns of a workspace: the built-in ones, those of plugins, each with the fields that the settings add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.model.activity import Activity
from crm.model.company import Company
from crm.model.contact import Contact
from crm.model.deal import Deal
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Choices, Texts
from crm.model.fields import Choice, Field, Flag, LongText, MoneyField, Number, Quantity, Ref, Text, named
from crm.model.lead import Lead
from crm.model.product import Product
from crm.model.user import User
from crm.sales.noun import Noun

if TYPE_CHECKING:
    from crm.model.custom_fields import CustomField
    from crm.model.record import Record
    from crm.plugin_loading import Plugin, Plugins
    from crm.sales.collection import Collection
    from crm.settings import Settings

CORE: tuple[type[Record], ...] = (Lead, Contact, Company, Deal, Activity, Product, User)
_COLLECTIONS = {
    "lead": "crm.sales.leads:Leads",
    "contact": "crm.sales.clients:Contacts",
    "company": "crm.sales.clients:Companies",
    "deal": "crm.sales.deals:Deals",
    "activity": "crm.sales.activities:Activities",
    "product": "crm.sales.products:Products",
    "user": "crm.sales.users:Users",
}
_TYPES: dict[str, type[Field[Any]]] = {
    "text": Text,
    "long_text": LongText,
    "number": Number,
    "decimal": Quantity,
    "money": MoneyField,
    "date": Day,
    "time": Moment,
    "bool": Flag,
    "list": Texts,
}


def register_nouns(settings: Settings, plugins: Plugins) -> dict[str, Noun]:
    """Return every noun of a workspace by its name, in order: built-in, then those of plugins."""
    nouns = {
        entity.noun: Noun(entity, custom_fields(settings, entity.noun), collection=_COLLECTIONS[entity.noun])
        for entity in CORE
    }
    for plugin, (target, collection, _options) in plugins.brought("register_entities"):
        entity = _entity(plugins, plugin, target)
        if entity is None:
            continue
        fields = custom_fields(settings, entity.noun)
        nouns[entity.noun] = Noun(entity, fields, plugin=plugin.name, collection=collection)
    return nouns


def bare_nouns(plugins: Plugins) -> dict[str, Noun]:
    """Return the nouns as the program ships them, for help texts where there is no workspace."""
    nouns = {entity.noun: Noun(entity, {}, collection=_COLLECTIONS[entity.noun]) for entity in CORE}
    for plugin, (target, collection, _options) in plugins.brought("register_entities"):
        entity = _entity(plugins, plugin, target)
        if entity is not None:
            nouns.setdefault(entity.noun, Noun(entity, {}, plugin=plugin.name, collection=collection))
    return nouns


def _entity(plugins: Plugins, plugin: Plugin, target: str) -> type[Record] | None:
    """Import the class of a plugin's noun; a third party's that fails takes the plugin out, with its error."""
    if plugin.built_in:
        return _imported(target)  # type: ignore[no-any-return]
    try:
        plugins.load(plugin)
        return _imported(target)  # type: ignore[no-any-return]
    except (Exception, SystemExit) as error:
        plugin.error = f"{type(error).__name__}: {error}"
        return None


def _imported(target: str) -> Any:
    from importlib import import_module

    module, _colon, name = target.partition(":")
    return getattr(import_module(module), name)


def custom_fields(settings: Settings, noun: str) -> dict[str, Field[Any]]:
    """Return the fields that `config/fields.yaml` adds to a noun."""
    fields = {}
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
        return Ref(kind=custom.type[4:], **common)
    if custom.type == "choice":
        return Choice(dictionary=f"option:{noun}.{custom.name}", **common)
    if custom.type == "list" and custom.options:
        return Choices(dictionary=f"option:{noun}.{custom.name}", search=True, **common)
    return _TYPES[custom.type](search=custom.type in ("text", "long_text", "list"), **common)


def collection_class(noun: Noun) -> type[Collection[Any]]:
    """Return the collection class of a noun, the plain one where it brings none of its own."""
    return _imported(noun.collection or "crm.sales.collection:Collection")  # type: ignore[no-any-return]

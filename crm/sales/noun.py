"""A noun of a workspace: an entity with the fields that the workspace adds, as store, screens and scripts see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.field_lists import Refs
from crm.model.field_parts import Items, Parts
from crm.model.fields import MoneyField, Ref
from crm.model.money import Money
from crm.store.schema import Column, ColumnKind, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.fields import Customs, Doc, Field
    from crm.model.record import Record

SYSTEM = ("id", "rev", "created", "updated", "deleted")
_COLUMNS: dict[str, ColumnKind] = {
    "number": "integer",
    "bool": "bool",
    "money": "money",
    "time": "time",
    "date": "text",
}


def fold(text: str) -> str:
    """Return a name as it is compared: without case, quotes and double spaces."""
    return " ".join(text.casefold().translate(_QUOTES).split())


_QUOTES = str.maketrans("«»\"“”„'ё", "       е")


class Noun:
    """An entity and its fields in one workspace; `plugin` names who brought it, `collection` the class of its verbs."""

    def __init__(
        self, entity: type[Record], custom: Mapping[str, Field[Any]], *, plugin: str = "crm", collection: str = ""
    ) -> None:
        self.entity = entity
        self.name = entity.noun
        self.plural = entity.plural
        self.plugin = plugin
        self.collection = collection
        self.custom = dict(custom)
        self.fields: dict[str, Field[Any]] = {
            name: field for name, field in {**entity.fields, **custom}.items() if entity.owned or name != "owner"
        }
        self.required = [name for name, field in self.fields.items() if field.required]
        self.defaults = {
            name: field.default
            for name, field in entity.fields.items()
            if field.default is not None and field.default is not False
        }
        self._money = [name for name, field in self.fields.items() if isinstance(field, MoneyField)]
        self._searched = [(name, field) for name, field in self.fields.items() if field.search]
        self._keyed = [(name, field) for name, field in self.fields.items() if field.key]

    def kind(self) -> Kind:
        """Return what the store must know of this noun."""
        columns = {
            name: Column(name, _COLUMNS.get(field.sort, "text"))
            for name, field in self.fields.items()
            if field.column and field.sort not in ("list", "parts", "items")
        }
        columns.setdefault("updated", Column("updated", "time"))
        orders = tuple(
            order for order in self.entity.orders if all(name in _with_currencies(columns) for name in order)
        )
        tally = tuple(name for name in self.entity.tally if name in columns)
        money = frozenset(self._money)
        return Kind(self.name, self.plural, columns, orders, money, self.keys, self.text, self.view, tally)

    @property
    def card_fields(self) -> dict[str, Field[Any]]:
        """Return what a card of it shows: the fields, and the links that other records keep."""
        pointing = {name: field for name, (field, _by) in self.entity.pointing.items()}
        return {**self.fields, **self.entity.linked, **pointing}

    def view(self, doc: Doc) -> Mapping[str, Any]:
        """Return a document as queries see it: amounts of money compare as numbers."""
        money = {name: Money.from_json(doc[name]) for name in self._money if name in doc}
        return {**doc, **money} if money else doc

    def keys(self, doc: Doc) -> list[tuple[str, str]]:
        """Return the (field, value) pairs that find a document; its own name is one of them, folded."""
        found = [(name, value) for name, field in self._keyed if name in doc for value in field.keys(doc[name])]
        label = doc.get(self.entity.naming)
        if label:
            found.append(("=", fold(str(label))))
        return found

    def text(self, doc: Doc) -> str:
        """Return the words of a document that search looks in."""
        return "\n".join(field.words(doc[name]) for name, field in self._searched if name in doc)

    @property
    def linking(self) -> list[str]:
        """Return the names of the fields that link to other records."""
        return [name for name, field in self._keyed if isinstance(field, Ref | Refs | Items)]

    def links(self, doc: Doc, name: str) -> list[str]:
        """Return the references in one linking field of a document."""
        return list(self.fields[name].keys(doc[name])) if name in doc else []

    def field(self, name: str) -> tuple[Field[Any], str]:
        """Return the field of that name and the part of it that is meant: `tax_ids.inn`, or `inn` alone.

        Raise InvalidValue for a name that this noun does not have.
        """
        head, _dot, part = name.partition(".")
        field = self.fields.get(head)
        if field is not None and (not part or isinstance(field, Parts)):
            return field, part
        for other in self.fields.values():
            if isinstance(other, Parts) and not part and head in other.parts:
                return other, head
        raise self.unknown(name)

    def unknown(self, name: str) -> InvalidValue:
        """Say that there is no such field, and what its name may have been."""
        from difflib import get_close_matches

        near = get_close_matches(name, self.fields, 3, 0.5)
        remedy = _("Did you mean {names}?").format(names=", ".join(near)) if near else self._known()
        return InvalidValue(_("{noun} has no field «{name}».").format(noun=self.name, name=name), remedy)

    def _known(self) -> str:
        return _("It has: {names}.").format(names=", ".join(self.fields))

    def read(self, values: Mapping[str, object], customs: Customs, *, stored: Doc | None = None) -> Doc:
        """Return the document's fields for values as they were given or typed; None clears."""
        doc: Doc = {}
        for name, given in values.items():
            raw = given.replace("\x00", "") if isinstance(given, str) else given
            field, part = self.field(name)
            if part and isinstance(field, Parts):
                base = doc.get(field.name) or (stored or {}).get(field.name)
                doc.update(field.read_part(base, part, raw, customs))
            else:
                doc.update(field.read(raw, customs))
        return doc

    def export(self, doc: Doc) -> Doc:
        """Return a record's JSON as scripts get it: id, ref, rev, created, updated, owner, then every field.

        Records that belong to nobody (a product, a user) have null for owner. An absent value is null, an absent
        list empty; what the program does not know comes last, by name.
        """
        head = {"id": doc["id"], "ref": f"{self.name}/{doc['id']}", "rev": doc["rev"]}
        head |= {"created": doc.get("created"), "updated": doc.get("updated"), "owner": doc.get("owner")}
        empty: dict[str, Any] = {name: field.absent for name, field in self.fields.items() if name not in head}
        return {**head, **empty, **{name: doc[name] for name in sorted(doc) if name not in head}}


def _with_currencies(columns: Mapping[str, Column]) -> set[str]:
    return {*columns, *(f"{name}_currency" for name, column in columns.items() if column.kind == "money")}

"""Which record a row of a file means: found by phone, e-mail, tax id, name, id or any other field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.field_lists import Phones
from crm.model.field_parts import Parts
from crm.sales.import_map import known_headers
from crm.sales.noun import fold
from crm.store.values import Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.model.fields import Doc
    from crm.sales.desk import Desk
    from crm.sales.noun import Noun


class Matcher:
    """Finds the records of one noun by the fields of `names`, in their order: the first that finds any decides."""

    def __init__(self, crm: Desk, noun: Noun, names: tuple[str, ...]) -> None:
        self.crm = crm
        self.noun = noun
        self._kept: dict[str, Values] = {}
        self._ways = [self._way(name) for name in names]

    def find(self, fields: Doc) -> Doc | None:
        """Return the living record that the fields of a row mean, or None; raise InvalidValue when several do."""
        for way in self._ways:
            docs = [doc for one in dict.fromkeys(way(fields)) if (doc := self._living(one)) is not None]
            if len(docs) > 1:
                refs = ", ".join(f"{self.noun.name}/{doc['id']}" for doc in docs[:5])
                raise InvalidValue(
                    _("Several records fit: {refs}.").format(refs=refs),
                    _("Merge them first, or match by another field."),
                )
            if docs:
                return docs[0]
        return None

    def note(self, doc: Doc) -> None:
        """Know a record that was written since the file was opened."""
        for name, kept in self._kept.items():
            if name in doc:
                kept.note(doc[name], doc["id"])

    def _living(self, record_id: int) -> Doc | None:
        doc = self.crm.doc(self.noun.name, record_id)
        return None if doc is None or "deleted" in doc else doc

    def _way(self, name: str) -> Callable[[Doc], list[int]]:
        if name in ("id", "ref"):
            return self._by_id
        noun = self.noun
        meant = name if name in noun.fields or "." in name else known_headers(noun).get(name.casefold(), name)
        field, part = noun.field(meant)
        if field.name == noun.entity.naming:
            return lambda fields: self._having("=", fold(str(fields[field.name]))) if field.name in fields else []
        if field.key:
            return lambda fields: self._keyed(field.name, part, fields)
        kept = self._kept.setdefault(
            field.name, Values(self.crm.store.index, self.crm.store.kinds[noun.name], field.name)
        )
        return lambda fields: self._by_value(kept, field.name, fields.get(field.name))

    def _by_id(self, fields: Doc) -> list[int]:
        named = str(fields.get("*id") or fields.get("*ref") or "")
        number = named.removeprefix(f"{self.noun.name}/")
        return [int(number)] if number.isdecimal() else []

    def _having(self, field: str, value: str) -> list[int]:
        return self.crm.store.having(self.noun.name, field, value)

    def _keyed(self, name: str, part: str, fields: Doc) -> list[int]:
        if name not in fields:
            return []
        field, stored = self.noun.fields[name], fields[name]
        if part and isinstance(field, Parts):
            stored = {part: stored[part]} if part in stored else {}
        if isinstance(field, Phones):
            stored = [number for number in stored if number.startswith("+")]
        return [one for value in field.keys(stored) for one in self._having(name, value)]

    def _by_value(self, kept: Values, name: str, value: Any) -> list[int]:
        if value is None or isinstance(value, list | dict):
            return []
        ids = kept.ids(value)
        return [one for one in ids if (self.crm.doc(self.noun.name, one) or {}).get(name) == value]

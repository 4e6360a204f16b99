"""Fields with parts: requisites, a bank account, classifiers, and the lines of goods."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.fields import Customs, Doc, Field, Json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Parts(Field["dict[str, str]"]):
    """Named texts under one field: `tax_ids.inn`; a part may be written by its own name where no field has it.

    `titles` says what parts are called where any are `open_`.
    """

    sort = "parts"

    def __init__(
        self,
        title: str = "",
        parts: Mapping[str, str] | None = None,
        *,
        open_: bool = False,
        titles: Mapping[str, str] | None = None,
        **rest: Any,
    ):
        super().__init__(title, **rest)
        self.parts = dict(parts or {})
        self.open = open_
        self.titles = self.parts if titles is None else titles

    def value(self, stored: Json) -> dict[str, str]:
        """Return the parts that are known."""
        return dict(stored or {})

    @property
    def absent(self) -> Json:
        """Return no parts."""
        return {}

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the parts: a mapping, or `name=value` pairs separated by `;`."""
        pairs = raw.items() if isinstance(raw, dict) else self._pairs(str(raw))
        parsed = {}
        for name, value in pairs:
            if value not in ("", None):
                parsed[self.part(str(name))] = self.clean(str(name), value, customs)
        return parsed

    def _pairs(self, text: str) -> list[tuple[str, str]]:
        pairs = []
        for piece in filter(None, (part.strip() for part in text.split(";"))):
            name, equals, value = piece.partition("=")
            if not equals:
                raise self.wrong(text, _("name=value pairs are needed"))
            pairs.append((name.strip(), value.strip()))
        return pairs

    def part(self, name: str) -> str:
        """Return the name of a part; raise InvalidValue for one that this field does not have."""
        if not self.open and name not in self.parts:
            raise InvalidValue(
                _("{field} has no part «{name}».").format(field=self.name, name=name),
                _("It has: {names}.").format(names=", ".join(self.parts)),
            )
        return name

    def clean(self, name: str, value: object, customs: Customs) -> str:
        """Return the value of one part, without spaces around it."""
        return " ".join(str(value).split())

    def read_part(self, stored: Json, name: str, raw: object, customs: Customs) -> Doc:
        """Return the field with one part set, or cleared by an empty value."""
        parts = dict(stored or {})
        parts.pop(self.part(name), None)
        if raw not in ("", None):
            parts[name] = self.clean(name, raw, customs)
        return {self.name: parts or None}

    def words(self, stored: Json) -> str:
        """Return all parts, for search."""
        return " ".join(str(value) for value in stored.values())

    def keys(self, stored: Json) -> Iterable[str]:
        """Yield each part's value."""
        return [str(value) for value in stored.values()]


class Classifiers(Parts):
    """The operational classifiers of a client: loyalty, competitive offers, … each an entry of its dictionary (E33)."""

    def __init__(self, title: str = "", **rest: Any) -> None:
        super().__init__(title, open_=True, **rest)

    def clean(self, name: str, value: object, customs: Customs) -> str:
        """Return the id of the classifier's entry."""
        return customs.dictionary(f"classifiers.{name}").resolve(str(value).strip())


class Extras(Parts):
    """What one card has beyond its noun (E20): `extra.name=value`, or `extra.name:date=value` with a type.

    Values are kept as their type keeps them; a value without a type is read as the one that stands there.
    """

    types = ("text", "number", "decimal", "money", "date", "time", "bool")

    def __init__(self, title: str = "", **rest: Any) -> None:
        super().__init__(title, open_=True, **rest)

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the values: a mapping, or `name=value` pairs separated by `;`, each name with or without a type."""
        pairs = raw.items() if isinstance(raw, dict) else self._pairs(str(raw))
        extras: Doc = {}
        for name, value in pairs:
            extras.update(self.read_part({}, str(name), value, customs)[self.name] or {})
        return extras

    def read_part(self, stored: Json, name: str, raw: object, customs: Customs) -> Doc:
        """Return the field with one value set, or cleared by an empty one."""
        head, _colon, sort = name.rpartition(":")
        key, sort = (head.strip(), sort) if head and sort in self.types else (name.strip(), "")
        extras = dict(stored or {})
        if raw in ("", None):
            extras.pop(key, None)
        else:
            extras[key] = self._typed(key, sort or _type_of(extras.get(key)), raw, customs)
        return {self.name: extras or None}

    def _typed(self, key: str, sort: str, raw: object, customs: Customs) -> Json:
        from crm.model.field_dates import Day, Moment
        from crm.model.fields import Flag, MoneyField, Number, Quantity, Text

        kinds: dict[str, type[Field[Any]]] = {
            "text": Text, "number": Number, "decimal": Quantity, "money": MoneyField, "date": Day, "time": Moment,
            "bool": Flag,
        }  # fmt: skip
        if isinstance(raw, bool | int) and sort == "text":
            return raw
        field = kinds[sort]()
        field.name = f"{self.name}.{key}"
        return field.parse(raw, customs)


def _type_of(stored: Json) -> str:
    """Return the type that a stored value shows by itself."""
    if isinstance(stored, bool):
        return "bool"
    if isinstance(stored, int):
        return "number"
    if isinstance(stored, dict):
        return "money"
    return "date" if re.fullmatch(r"\d{4}-\d\d-\d\d", str(stored)) else "text"


class Requisites(Parts):
    """Tax ids and bank requisites: digits and capitals without spaces."""

    def clean(self, name: str, value: object, customs: Customs) -> str:
        """Return the requisite as it is printed on papers; names keep their spaces."""
        text = super().clean(name, value, customs)
        return text if name == "name" else text.replace(" ", "").upper()


class Items(Field["tuple[dict[str, str], ...]"]):
    """The lines of goods of a deal or a paper; how a line is built is in `items`."""

    sort = "items"
    many = True

    def value(self, stored: Json) -> tuple[dict[str, str], ...]:
        """Return the lines."""
        return tuple(stored or ())

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the lines as they are; texts are made into lines by the verbs, which know products and rates."""
        lines = list(raw) if isinstance(raw, list | tuple) else [raw]
        if any(not isinstance(line, dict) or "name" not in line for line in lines):
            raise self.wrong(raw, _("lines of goods such as «Доставка*1@9405%22» are needed"))
        return lines

    def words(self, stored: Json) -> str:
        """Return the names of the goods."""
        return " ".join(f"{line.get('sku', '')} {line.get('name', '')}" for line in stored)

    def keys(self, stored: Json) -> Iterable[str]:
        """Yield the products on the lines."""
        return [line["product"] for line in stored if "product" in line]

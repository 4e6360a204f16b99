"""Fields that hold several values: phones, e-mails, links, texts, entries of a dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import Refused
from crm.locale import _
from crm.model.email_address import fold
from crm.model.fields import Choice, Customs, Doc, Field, Json, Text, read_ref
from crm.model.phone import format_phone, normalize, search_key

if TYPE_CHECKING:
    from collections.abc import Iterable


class ManyOf(Field[tuple[str, ...]]):
    """Several values, each once, in the order they were given."""

    sort = "list"
    many = True
    separators = ";\n"

    def __init__(self, title: str = "", *, limit: int | None = None, **rest: Any) -> None:
        super().__init__(title, **rest)
        self.limit = limit

    def value(self, stored: Json) -> tuple[str, ...]:
        """Return the values."""
        return tuple(stored or ())

    def one(self, raw: object, customs: Customs) -> str:
        """Return one value; raise InvalidValue."""
        raise NotImplementedError

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the list of values, each once."""
        return self.limited(list(dict.fromkeys(self.one(part, customs) for part in self._parts(raw))))

    def _parts(self, raw: object) -> list[object]:
        if isinstance(raw, list | tuple | set | frozenset):
            return [part for part in raw if part not in ("", None)]
        text = str(getattr(raw, "ref", raw))
        if not any(separator in text for separator in self.separators):
            return [text.strip()] if text.strip() else []
        parts = [text]
        for separator in self.separators:
            parts = [piece for part in parts for piece in part.split(separator)]
        return [part.strip() for part in parts if part.strip()]

    def limited(self, values: list[str]) -> list[str]:
        """Return the values; raise Refused when there are more than the field may have."""
        if self.limit is not None and len(values) > self.limit:
            raise Refused(
                _("{field}: at most {limit}, and this would be {count}.").format(
                    field=self.name, limit=self.limit, count=len(values)
                ),
                _("Unlink one first: crm deal unlink ID contact/…"),
            )
        return values

    def add(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Add values that are not there yet."""
        return {self.name: self.limited(list(dict.fromkeys([*(stored or []), *self.parse(raw, customs)])))}

    def subtract(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Take values away."""
        gone = set(self.parse(raw, customs))
        missing = gone - set(stored or [])
        if missing:
            raise self.wrong(raw, _("it is not among: {values}").format(values=", ".join(stored or []) or "—"))
        return {self.name: [value for value in stored if value not in gone] or None}

    def words(self, stored: Json) -> str:
        """Return all values, for search."""
        return " ".join(stored)

    def keys(self, stored: Json) -> Iterable[str]:
        """Yield each value."""
        return list(stored)


class Texts(ManyOf):
    """Several lines of text."""

    def one(self, raw: object, customs: Customs) -> str:
        """Return the text on one line."""
        return " ".join(str(raw).split())


class Refs(ManyOf):
    """Links to several records of one kind."""

    separators = ";,\n"

    def __init__(self, title: str = "", kind: str = "", **rest: Any) -> None:
        super().__init__(title, **{"key": True, **rest})
        self.kind = kind

    def one(self, raw: object, customs: Customs) -> str:
        """Return one reference."""
        return read_ref(self, self.kind, raw, customs)


class Choices(ManyOf):
    """Several entries of a dictionary."""

    separators = ";,\n"

    def __init__(self, title: str = "", dictionary: str = "", **rest: Any) -> None:
        super().__init__(title, **rest)
        self.dictionary = dictionary

    def one(self, raw: object, customs: Customs) -> str:
        """Return an entry's id."""
        return customs.dictionary(self.dictionary).resolve(str(raw).strip())


class Emails(ManyOf):
    """E-mail addresses, folded."""

    separators = ";,\n"

    def __init__(self, title: str = "", **rest: Any) -> None:
        super().__init__(title, **{"key": True, "search": True, **rest})

    def one(self, raw: object, customs: Customs) -> str:
        """Return the folded address."""
        return fold(str(raw))


class Phones(ManyOf):
    """Phone numbers in E.164; what was typed is kept beside them under `<name>_typed`."""

    separators = ";,\n"

    def __init__(self, title: str = "", **rest: Any) -> None:
        super().__init__(title, **{"key": True, "search": True, **rest})

    @property
    def typed_name(self) -> str:
        """Return the name under which the typed texts are kept."""
        return self.name + "_typed"

    def read(self, raw: object, customs: Customs) -> Doc:
        """Return the numbers, and for each what was typed."""
        parts = [] if raw is None else self._parts(raw)
        if not parts:
            return {self.name: None, self.typed_name: None}
        found = [normalize(str(part), customs.phone_region) for part in parts]
        numbers = self.limited(list(dict.fromkeys(phone.number for phone in found)))
        typed = {phone.number: phone.typed for phone in found if phone.typed != phone.number}
        return {self.name: numbers, self.typed_name: typed or None}

    def one(self, raw: object, customs: Customs) -> str:
        """Return the number in E.164, or the typed text where it is not one."""
        return normalize(str(raw), customs.phone_region).number

    def add(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Add numbers; the typed texts of the others stay."""
        fresh = self.read(raw, customs)
        numbers = self.limited(list(dict.fromkeys([*(stored or []), *(fresh[self.name] or [])])))
        return {self.name: numbers}

    def words(self, stored: Json) -> str:
        """Return the numbers as they are written and as they are read."""
        return " ".join(f"{number} {format_phone(number)}" for number in stored)

    def keys(self, stored: Json) -> Iterable[str]:
        """Yield the reversed digits of each number, so that its last digits find it."""
        return [search_key(number) for number in stored]


__all__ = ["Choice", "Choices", "Emails", "ManyOf", "Phones", "Refs", "Text", "Texts"]

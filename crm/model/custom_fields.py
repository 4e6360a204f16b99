"""Fields that a workspace adds to the cards of its nouns, and the portrait of a client.

They are written down in `config/fields.yaml`; built-in fields are declared by the entities.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.locale import _
from crm.model.pipeline import Title
from crm.model.shape import Shape

FIELD_TYPES = (
    "text",
    "long_text",
    "number",
    "decimal",
    "money",
    "date",
    "time",
    "bool",
    "choice",
    "list",
)

NOUNS = (
    "lead",
    "contact",
    "company",
    "deal",
    "activity",
    "product",
    "quote",
    "invoice",
    "payment",
    "document",
)


class Option:
    """One choice of a custom field."""

    def __init__(self, option_id: str, title: Title) -> None:
        self.id = option_id
        self.title = title

    @classmethod
    def from_plain(cls, data: object) -> Option:
        """Read a plain value, or `{id, title}`; raises ValueError."""
        if isinstance(data, Mapping):
            if set(data) != {"id", "title"}:
                raise ValueError(_("An option is a text, or id and title."))
            return cls(str(data["id"]), Title.from_plain(data["title"]))
        return cls(str(data), Title(str(data)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Option) and (self.id, self.title) == (other.id, other.title)

    def __hash__(self) -> int:
        return hash((self.id, self.title))


class CustomField(Shape):
    """A field that the workspace adds to a noun; `type` is one of FIELD_TYPES or `ref:<noun>`."""

    name: str
    type: str = "text"
    title: Title = Title("")
    options: tuple[Option, ...] = ()
    required: bool = False
    default: Any = None


class Portrait(Shape):
    """Fields that must be filled for a client's card to count as complete."""

    company: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()


class CustomFields(Shape):
    """`config/fields.yaml`."""

    lead: tuple[CustomField, ...] = ()
    contact: tuple[CustomField, ...] = ()
    company: tuple[CustomField, ...] = ()
    deal: tuple[CustomField, ...] = ()
    activity: tuple[CustomField, ...] = ()
    product: tuple[CustomField, ...] = ()
    quote: tuple[CustomField, ...] = ()
    invoice: tuple[CustomField, ...] = ()
    payment: tuple[CustomField, ...] = ()
    document: tuple[CustomField, ...] = ()
    plugins: Mapping[str, tuple[CustomField, ...]] = {}
    portrait: Portrait = Portrait()

    def of(self, noun: str) -> tuple[CustomField, ...]:
        """Return the custom fields of a noun, none for one that has none."""
        if noun in NOUNS:
            fields: tuple[CustomField, ...] = getattr(self, noun)
            return fields
        return self.plugins.get(noun, ())

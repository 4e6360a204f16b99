"""A record: an immutable view of a document, typed by the fields of its class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from crm.locale import N_, _
from crm.model.field_dates import Moment
from crm.model.fields import Field, Text

if TYPE_CHECKING:
    from datetime import date, datetime

    from crm.model.field_lists import Refs
    from crm.model.fields import Doc


class Record:
    """One record of any kind; its class is also the register of its fields.

    `doc` is the JSON document as the store keeps it: read it, never write to it.
    """

    noun: ClassVar[str] = ""
    plural: ClassVar[str] = ""
    title_one: ClassVar[str] = ""
    title_many: ClassVar[str] = ""
    naming: ClassVar[str] = "name"
    typed_first: ClassVar[tuple[str, ...]] = ("name",)
    example: ClassVar[str] = ""
    fields: ClassVar[dict[str, Field[Any]]] = {}
    orders: ClassVar[tuple[tuple[str, ...], ...]] = (("updated",), ("owner", "updated"))
    tally: ClassVar[tuple[str, ...]] = ()
    """Columns by which the index keeps the numbers and sums of records ready."""
    owned: ClassVar[bool] = True
    by_hand: ClassVar[bool] = True
    """Whether people add such records and edit them; else only the program makes them, as it does calls."""
    born_with: ClassVar[tuple[str, ...]] = ()
    """Fixed fields that may be given when a record is added, and only then."""
    linked: ClassVar[dict[str, Field[Any]]] = {}
    """Links that other records keep and that are written from this one too, as a company's contacts."""
    pointing: ClassVar[dict[str, tuple[Refs, str]]] = {}
    """Links of other records to this one, which its card shows: how they look, and the field that holds them."""
    remembered: ClassVar[tuple[str, ...]] = ()
    """Fields with an address of which a mark stays when its person is forgotten, see `crm.model.forgotten`."""

    created = Moment(N_("Created"), column=True, fixed=True)
    updated = Moment(N_("Updated"), column=True, fixed=True)
    owner = Text(N_("Owner"), column=True, listed=True)

    __slots__ = ("doc",)
    doc: Doc

    def __init__(self, doc: Doc) -> None:
        object.__setattr__(self, "doc", doc)

    def __init_subclass__(cls) -> None:
        fields = {}
        for base in reversed(cls.__mro__):
            fields.update({name: field for name, field in vars(base).items() if isinstance(field, Field)})
        cls.fields = fields

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} is read-only: records are changed by the verbs of their collection")

    def __getattr__(self, name: str) -> Any:
        """Return a custom field's stored value."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.doc[name]
        except KeyError:
            raise AttributeError(f"{self.noun} has no field {name}") from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self.noun == other.noun and self.doc == other.doc

    def __hash__(self) -> int:
        return hash((self.noun, self.doc["id"], self.doc["rev"]))

    def __repr__(self) -> str:
        return f"<{self.ref} {self.label!r}>"

    @property
    def id(self) -> int:
        """Return the number of the record within its kind."""
        number: int = self.doc["id"]
        return number

    @property
    def rev(self) -> int:
        """Return the revision: 1 when created, one more with each change."""
        revision: int = self.doc["rev"]
        return revision

    @property
    def ref(self) -> str:
        """Return how other records name this one: `deal/12`."""
        return f"{self.noun}/{self.doc['id']}"

    @property
    def label(self) -> str:
        """Return what people call the record."""
        return str(self.doc.get(self.naming) or self.ref)

    @property
    def deleted(self) -> datetime | date | None:
        """Return when the record went to the trash, None for a living one."""
        return Moment().value(self.doc.get("deleted"))

    @classmethod
    def one(cls) -> str:
        """Return what one such record is called in the current language."""
        return _(cls.title_one) if cls.title_one else cls.noun

    @classmethod
    def many(cls) -> str:
        """Return what several such records are called in the current language."""
        return _(cls.title_many) if cls.title_many else cls.plural

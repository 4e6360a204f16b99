"""What `config/documents.yaml` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from crm.locale import N_
from crm.model.shape import Shape
from crm.plugins.quotes.numbering import NumberTemplate

if TYPE_CHECKING:
    from datetime import date


class KindSettings(Shape):
    """How documents of one kind are numbered; `first` is the number that the very first gets."""

    number: NumberTemplate = NumberTemplate("{n}")
    first: int = 1


class SellerSettings(Shape):
    """What documents need of our own company beyond `config/crm.yaml`; who signs and on what ground.

    `director_genitive` stands after «в лице»: «генерального директора Иванова Ивана Ивановича».
    """

    titles: ClassVar[Mapping[str, str]] = {
        "okpo": N_("OKPO"),
        "okdp": N_("Kind of activity by OKDP"),
        "ipn": N_("IPN of the payer of VAT"),
        "department": N_("Department that ships"),
        "director_title": N_("Title of the director"),
        "director_genitive": N_("In the person of"),
        "acts_on": N_("Acts on the ground of"),
        "registration": N_("Registration of a sole trader"),
        "city": N_("City where contracts are made"),
        "released_title": N_("Title of who hands goods over"),
        "released_by": N_("Who hands goods over"),
        "responsible_title": N_("Title of who answers for the paper"),
        "responsible": N_("Who answers for the paper"),
    }

    okpo: str = ""
    okdp: str = ""
    ipn: str = ""
    department: str = ""
    director_title: str = ""
    director_genitive: str = ""
    acts_on: str = ""
    registration: str = ""
    city: str = ""
    released_title: str = ""
    released_by: str = ""
    responsible_title: str = ""
    responsible: str = ""


class DocumentSettings(Shape):
    """How kinds are numbered, who we are on documents, and which set of documents closes a sale.

    `sellers` says the same as `seller` for one of several own companies, by its ИНН or ЄДРПОУ.
    """

    heading = N_("Documents")
    titles: ClassVar[Mapping[str, str]] = {
        "usual_set": N_("Usual set of documents"),
        "on_paid": N_("When an invoice is paid"),
        "signed_within": N_("Days to come back signed"),
        "seller": N_("We on documents"),
        "on_paid=offer": N_("Remind to make documents"),
        "on_paid=make": N_("Make documents at once"),
        "on_paid=nothing": N_("Do nothing"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"usual_set": "document_kinds"}

    kinds: Mapping[str, KindSettings] = {}
    seller: SellerSettings = SellerSettings()
    sellers: Mapping[str, SellerSettings] = {}
    sets: Mapping[str, tuple[str, ...]] = {}
    usual_set: tuple[str, ...] = ("act", "waybill", "vat_invoice")
    on_paid: Literal["offer", "make", "nothing"] = "offer"
    signed_within: int = 14

    def of(self, kind: str) -> KindSettings:
        """Return how documents of a kind are numbered."""
        return self.kinds.get(kind) or KindSettings()


class KindTemplate(NumberTemplate):
    """A template of numbers whose series are those of one kind alone."""

    __slots__ = ("kind",)

    def __init__(self, kind: str, template: NumberTemplate) -> None:
        super().__init__(template.text)
        self.kind = kind

    def series(self, day: date) -> str:
        """Return the series of a day, under the name of the kind."""
        return f"{self.kind} {super().series(day)}"

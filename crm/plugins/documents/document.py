"""A document: a paper made from an invoice or a deal, with all that stands on it as it stood on that day."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day, Moment
from crm.model.field_parts import Items, Parts
from crm.model.fields import Choice, Flag, LongText, MoneyField, Number, Ref, Text
from crm.model.record import Record
from crm.plugins.documents.titles import DETAILS
from crm.plugins.paper.titles import SIDE

PRINTED = ("kind", "invoice", "date", "comment", "details", "lines", "basis")
"""What people give; with the fixed fields it is what is printed."""
SIGNED_BY_CLIENT = ("act", "waybill", "upd", "contract")
"""Kinds that come back with the client's signature."""


class Document(Record):
    """A paper such as an act (акт) or a счёт-фактура: its lines, sums and requisites are those of its invoice.

    `basis` names what it is made under, `lang` is the language it is in. `details` are the requisites that only its
    form has; `text` is the text of a contract. `form` is the form with its edition, `template` the version of that
    form, `hash` the SHA-256 of the page, which is kept in `data/files`. `copies` are signed copies by their file names.
    """

    noun, plural = "document", "documents"
    title_one, title_many = N_("Document"), N_("Documents")
    example = "act --invoice 12"
    naming = "number"
    typed_first = ("kind",)
    born_with = ("number",)
    orders = (("kind", "series", "series_number"), ("date",), ("updated",), ("owner", "updated"))

    kind = Choice(N_("Kind"), "document_kinds", required=True, column=True, listed=True)
    number = Text(N_("Number"), search=True, listed=True, fixed=True)
    date = Day(N_("Date"), column=True, listed=True)
    invoice = Ref(N_("Invoice"), "invoice", listed=True)
    deal = Ref(N_("Deal"), "deal")
    company = Ref(N_("Company"), "company", listed=True, fixed=True)
    contact = Ref(N_("Contact"), "contact", fixed=True)
    lines = Text(N_("Lines of the invoice"))
    items = Items(N_("Items"), search=True, fixed=True)
    total = MoneyField(N_("Total"), column=True, listed=True, fixed=True)
    vat = MoneyField(N_("VAT"), fixed=True)
    vat_included = Flag(N_("Prices include VAT"), default=True, fixed=True)
    seller = Parts(N_("Seller"), open_=True, titles=SIDE, fixed=True)
    buyer = Parts(N_("Buyer"), open_=True, titles=SIDE, fixed=True)
    basis = Text(N_("Basis"))
    details = Parts(N_("Requisites of the form"), open_=True, titles=DETAILS)
    text = LongText(N_("Text of the contract"))
    lang = Text(N_("Language"), fixed=True, technical=True)
    comment = LongText(N_("Comment"))
    form = Text(N_("Form"), fixed=True, technical=True)
    template = Text(N_("Version of the form"), fixed=True, technical=True)
    hash = Text(N_("Hash"), fixed=True, technical=True)
    signed_at = Moment(N_("Signed copy received"), column=True, listed=True, fixed=True)
    copies = Parts(N_("Signed copies"), open_=True, fixed=True)
    series = Text(N_("Series"), column=True, fixed=True)
    series_number = Number(N_("Number in the series"), column=True, fixed=True)

"""What `config/invoices.yaml` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.locale import N_
from crm.model.shape import Shape
from crm.plugins.quotes.numbering import NumberTemplate


class InvoiceSettings(Shape):
    """How invoices are numbered, when they are to be paid, and what is printed on them besides.

    `first` begins both the printed and the exchange numbers. `quote_first` warns of an invoice that no accepted quote
    stands behind. `accountant` is the login that checks invoices; with `check_first` one is sent only when it is
    approved. `send_automatically` sends each to the accountant of the client. `asked_minutes` is how soon a client who
    asked has it. `signature` and `stamp` are facsimile pictures, files within `config/`.
    """

    heading = N_("Invoices")
    titles: ClassVar[Mapping[str, str]] = {
        "number": N_("Template of numbers"),
        "first": N_("First number"),
        "due_days": N_("Days to pay an invoice"),
        "quote_first": N_("Warn of an invoice without an accepted quote"),
        "terms": N_("Terms under every invoice"),
        "accountant": N_("Who checks invoices"),
        "check_first": N_("To the client only when approved"),
        "send_automatically": N_("Sent by itself as soon as it is issued"),
        "asked_minutes": N_("Minutes to answer a client who asks for an invoice"),
        "subject": N_("Subject of the letter"),
        "letter": N_("Text of the letter"),
        "signature": N_("Picture of the signature, within config/"),
        "stamp": N_("Picture of the stamp, within config/"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"accountant": "people"}

    number: NumberTemplate = NumberTemplate("{n}")
    first: int = 1
    due_days: int = 5
    quote_first: bool = True
    terms: str = ""
    accountant: str = ""
    check_first: bool = False
    send_automatically: bool = False
    asked_minutes: int = 30
    subject: str = ""
    letter: str = ""
    signature: str = ""
    stamp: str = ""

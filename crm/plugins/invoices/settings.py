"""What `config/invoices.yaml` holds."""

from __future__ import annotations

from crm.model.shape import Shape
from crm.plugins.quotes.numbering import NumberTemplate


class InvoiceSettings(Shape):
    """How invoices are numbered, when they are to be paid, and what is printed on them besides.

    `first` begins both the printed and the exchange numbers. `quote_first` warns of an invoice that no accepted quote
    stands behind. `accountant` is the login that checks invoices; with `check_first` one is sent only when it is
    approved. `send_automatically` sends each to the accountant of the client. `asked_minutes` is how soon a client who
    asked has it. `signature` and `stamp` are facsimile pictures, files within `config/`.
    """

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

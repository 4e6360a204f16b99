"""A movement of money as a record: what a statement said, and which invoices it paid."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day
from crm.model.field_lists import Refs
from crm.model.fields import Choice, Flag, LongText, MoneyField, Number, Ref, Text
from crm.model.record import Record

APPLIED, PARTLY, SUGGESTED = N_("applied"), N_("partly"), N_("suggested")
MANUAL, IGNORED = N_("manual"), N_("ignored")
STATUSES = (APPLIED, PARTLY, SUGGESTED, MANUAL, IGNORED)
WAITING = (SUGGESTED, MANUAL, PARTLY)
IN, OUT, INTERNAL = "in", "out", N_("internal")


class BankMovement(Record):
    """A line of a bank statement (движение по счёту), kept once however often the file is read.

    `invoices` are those it paid, or, while it is only `suggested`, those it may pay; `left` is what no invoice took.
    An outgoing movement that has invoices gave money back for them. `refused` are invoices that a person said it does
    not pay; `doubtful` is one that the file leaves in doubt. `own` is the company of ours whose account it is. `key` is
    that of `crm.plugins.bank.statement.Movement`.
    """

    noun, plural = "bank_movement", "bank_movements"
    title_one, title_many = N_("Bank movement"), N_("Bank movements")
    naming = "payer"
    by_hand = False
    typed_first = ()
    orders = (("date",), ("status", "date"), ("updated",), ("owner", "updated"))

    date = Day(N_("Date"), column=True, listed=True, fixed=True)
    direction = Choice(N_("Direction"), options=(IN, OUT, INTERNAL), column=True, fixed=True)
    amount = MoneyField(N_("Amount"), column=True, listed=True, fixed=True)
    payer = Text(N_("Payer"), search=True, listed=True, fixed=True)
    payer_inn = Text(N_("Payer's INN"), search=True, fixed=True)
    payer_account = Text(N_("Payer's account"), key=True, fixed=True)
    payee = Text(N_("Payee"), search=True, fixed=True)
    payee_inn = Text(N_("Payee's INN"), search=True, fixed=True)
    own = Text(N_("Our company"), fixed=True)
    account = Text(N_("Account"), fixed=True)
    number = Text(N_("Number"), listed=True, fixed=True)
    purpose = LongText(N_("Purpose"), search=True, listed=True, fixed=True)
    status = Choice(N_("Status"), options=STATUSES, column=True, listed=True, fixed=True)
    invoices = Refs(N_("Invoices"), "invoice", listed=True, fixed=True)
    payments = Refs(N_("Payments"), "payment", fixed=True)
    left = MoneyField(N_("Not applied"), fixed=True)
    points = Number(N_("Points"), fixed=True)
    refused = Refs(N_("Not for"), "invoice", fixed=True)
    why = Text(N_("Why"), fixed=True)
    doubtful = Flag(N_("In doubt"), fixed=True)
    statement = Ref(N_("Statement"), "bank_statement", fixed=True)
    key = Text(N_("Import key"), key=True, fixed=True, technical=True)
    comment = LongText(N_("Comment"), search=True)

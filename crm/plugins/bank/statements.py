"""The statements that were taken in, one record for each account of a file; movements say which they came with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import Refused
from crm.locale import N_, _
from crm.model.field_dates import Day
from crm.model.fields import LongText, MoneyField, Number, Text
from crm.model.money import Money
from crm.model.record import Record
from crm.plugins.bank.taking import currency_of
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from decimal import Decimal

    from crm.model.fields import Doc
    from crm.plugins.bank.totals import Sheet
    from crm.store.draft import Draft


class BankStatement(Record):
    """A statement (выписка) of one account as a file told it; `fresh` movements were not known before.

    `came` and `went` are the sums of its documents, the balances are those of the bank.
    """

    noun, plural = "bank_statement", "bank_statements"
    title_one, title_many = N_("Bank statement"), N_("Bank statements")
    naming = "file"
    by_hand = False
    typed_first = ()
    orders = (("until",), ("updated",), ("owner", "updated"))

    file = Text(N_("File"), search=True, listed=True, fixed=True)
    account = Text(N_("Account"), key=True, listed=True, fixed=True)
    own = Text(N_("Our company"), fixed=True)
    since = Day(N_("First day"), listed=True, fixed=True)
    until = Day(N_("Last day"), column=True, listed=True, fixed=True)
    opening = MoneyField(N_("Opening balance"), fixed=True)
    came = MoneyField(N_("Came in"), listed=True, fixed=True)
    went = MoneyField(N_("Went out"), listed=True, fixed=True)
    closing = MoneyField(N_("Closing balance"), listed=True, fixed=True)
    fresh = Number(N_("New movements"), listed=True, fixed=True)
    warnings = LongText(N_("Warnings"), fixed=True)
    comment = LongText(N_("Comment"), search=True)


class BankStatements(Collection[BankStatement]):
    """All statements."""

    def add(self, **values: object) -> BankStatement:
        """Refuse: statements come from files alone."""
        raise Refused(_("Bank statements are not added by hand."), _("Import one: crm bank import FILE"))

    def note(self, draft: Draft, sheet: Sheet, facts: Doc) -> str:
        """Keep what a file told of one account; `facts` are file, own, fresh and warnings. Return its reference."""
        currency = currency_of(sheet.account, self.crm.settings.currency)
        doc = {
            **facts,
            "account": sheet.account,
            "since": sheet.since.isoformat() if sheet.since else None,
            "until": sheet.until.isoformat() if sheet.until else None,
            "opening": _money(sheet.opening, currency),
            "came": _money(sheet.came, currency),
            "went": _money(sheet.went, currency),
            "closing": _money(sheet.closing, currency),
        }
        return self._create(draft, {name: value for name, value in doc.items() if value not in ("", None)}).ref


def _money(amount: Decimal | None, currency: str) -> Doc | None:
    return Money(amount, currency).to_json() if amount is not None else None

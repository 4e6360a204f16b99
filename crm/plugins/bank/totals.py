"""What a file tells of each account as a whole: days, balances, and totals that the documents have to come to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from crm.locale import _
from crm.plugins.bank.tags import Block, Blocks, Remarks, read_amount, read_date

Turnover = Mapping[tuple[str, bool], Decimal]
"""What came to an account (True) and what went from it (False)."""

_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Sheet:
    """What a file is about in one account; a day or a balance that it does not give is None."""

    account: str
    since: dt.date | None = None
    until: dt.date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    came: Decimal = _ZERO
    went: Decimal = _ZERO


def read_sheets(blocks: Blocks, accounts: tuple[str, ...], found: Turnover) -> tuple[Sheet, ...]:
    """Read what the file tells of its accounts; sections of one account, one a day, are put together."""
    sections: defaultdict[str, list[Block]] = defaultdict(list)
    for block in blocks.accounts:
        sections[account_of(block, accounts)].append(block)
    return tuple(_sheet(one, sections[one] or [blocks.header], found) for one in accounts)


def _sheet(account: str, sections: list[Block], found: Turnover) -> Sheet:
    since = [day for block in sections if (day := read_date(block.value("ДатаНачала")))]
    until = [day for block in sections if (day := read_date(block.value("ДатаКонца")))]
    return Sheet(
        account,
        min(since, default=None),
        max(until, default=None),
        read_amount(sections[0].value("НачальныйОстаток")),
        read_amount(sections[-1].value("КонечныйОстаток")),
        found.get((account, True), _ZERO),
        found.get((account, False), _ZERO),
    )


def account_of(block: Block, accounts: tuple[str, ...]) -> str:
    """Return the account of a section, the only one of the file where it names none."""
    return block.detail("РасчСчет") or (accounts[0] if len(accounts) == 1 else "")


def check_turnovers(blocks: Blocks, accounts: tuple[str, ...], found: Turnover, remarks: Remarks) -> None:
    """Compare what came and went with the totals of the bank; sections of one account, one a day, are added up."""
    came, went = _declared(blocks, accounts, "ВсегоПоступило"), _declared(blocks, accounts, "ВсегоСписано")
    in_text = _("Account {account}: the documents bring in {found}, the bank's total is {declared}.")
    out_text = _("Account {account}: the documents take out {found}, the bank's total is {declared}.")
    for totals, incoming, text in ((came, True, in_text), (went, False, out_text)):
        for account, declared in totals.items():
            total = found.get((account, incoming), _ZERO)
            if account and declared is not None and declared != total:
                remarks.add(0, text.format(account=account, found=total, declared=declared))


def _declared(blocks: Blocks, accounts: tuple[str, ...], tag: str) -> dict[str, Decimal | None]:
    """Add up a total of the bank by account; None where a section lacks it."""
    totals: dict[str, Decimal | None] = {}
    for block in blocks.accounts:
        account = account_of(block, accounts)
        amount, before = read_amount(block.value(tag)), totals.get(account, _ZERO)
        totals[account] = None if amount is None or before is None else before + amount
    return totals


def check_balances(sections: Iterable[Block], remarks: Remarks) -> None:
    """Compare the closing balance of each section with the opening one and the turnover."""
    for block in sections:
        tags = ("НачальныйОстаток", "ВсегоПоступило", "ВсегоСписано", "КонечныйОстаток")
        opening, came, went, closing = (read_amount(block.value(tag)) for tag in tags)
        if opening is None or came is None or went is None or closing is None:
            continue
        if opening + came - went != closing:
            text = _("the balances do not close: {opening} + {came} - {went} is not {closing}.")
            remarks.add(block.line, text.format(opening=opening, came=came, went=went, closing=closing))

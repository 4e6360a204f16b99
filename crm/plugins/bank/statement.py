"""A bank statement in 1CClientBankExchange (1.01-1.03) read into movements of money; nothing is stored here.

The reader is tolerant: a document it cannot read becomes a remark with its line, the others are kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple

from crm.locale import _
from crm.model.tax_ids import check
from crm.plugins.bank.encoding import decode_statement
from crm.plugins.bank.parties import Party, read_party
from crm.plugins.bank.tags import Block, Blocks, Remarks, cut_blocks, read_amount, read_date
from crm.plugins.bank.totals import Sheet, check_balances, check_turnovers, read_sheets

Direction = Literal["in", "out", "internal"]
Way = Literal["in", "out"]

PURPOSE_KEPT = 2000
"""How much of a purpose is kept; an order by the rules of the central bank has 210 characters."""


@dataclass(frozen=True)
class Movement:
    """Money on one account of ours; `amount` is above zero, in the currency of the account.

    A transfer between our accounts is two movements, `internal` both, one for each `account`. `certain` is false when
    the direction is only guessed or the file breaks off in the document. `key` is the same at every import of the
    same document; `kind` is what the bank calls the document, `line` where it begins in the file.
    """

    direction: Direction
    date: dt.date
    amount: Decimal
    number: str
    payer: Party
    payee: Party
    purpose: str
    kind: str
    key: str
    certain: bool
    line: int
    account: str = ""

    @property
    def incoming(self) -> bool:
        """Tell whether the money came to `account`; tells the two legs of an internal transfer apart."""
        return self.direction == "in" or (self.direction == "internal" and self.account == self.payee.account)


@dataclass(frozen=True)
class Statement:
    """The accounts a file is about, the movements in the order of the file, and sentences on what looked wrong."""

    accounts: tuple[str, ...]
    movements: tuple[Movement, ...]
    warnings: tuple[str, ...]
    sheets: tuple[Sheet, ...] = ()


class _Leg(NamedTuple):
    direction: Direction
    way: Way
    account: str
    certain: bool = True


def read_statement(data: bytes, own_accounts: Collection[str] = ()) -> Statement:
    """Read a statement file; `own_accounts` are accounts of ours beyond those that the file is about.

    Control totals that do not add up are warnings. Raises InvalidValue when the file is not of this format.
    """
    remarks = Remarks()
    blocks = cut_blocks(decode_statement(data), remarks)
    accounts = _accounts_of(blocks)
    ours = frozenset(accounts) | {"".join(account.split()) for account in own_accounts}
    drafts = [movement for block in blocks.documents for movement in _read_document(block, accounts, ours, remarks)]
    found = _turnover(drafts)
    check_turnovers(blocks, accounts, found, remarks)
    check_balances(blocks.accounts, remarks)
    sheets = read_sheets(blocks, accounts, found)
    return Statement(accounts, tuple(_count_keys(drafts)), remarks.sentences(), sheets)


def _turnover(movements: Iterable[Movement]) -> dict[tuple[str, bool], Decimal]:
    found: defaultdict[tuple[str, bool], Decimal] = defaultdict(Decimal)
    for movement in movements:
        found[movement.account, movement.incoming] += movement.amount
    return found


def _accounts_of(blocks: Blocks) -> tuple[str, ...]:
    named = ["".join(account.split()) for account in blocks.header.values("РасчСчет")]
    named += [block.detail("РасчСчет") for block in blocks.accounts]
    return tuple(dict.fromkeys(account for account in named if account.strip("0")))


def _read_document(block: Block, accounts: tuple[str, ...], ours: frozenset[str], remarks: Remarks) -> list[Movement]:
    amount = read_amount(block.value("Сумма"))
    if not amount:
        _skip(block, remarks, _("the amount “{text}” cannot be read").format(text=block.value("Сумма")[:40]))
        return []
    payer, payee = read_party(block, "Плательщик"), read_party(block, "Получатель")
    legs = _legs(block, payer, payee, accounts, ours)
    if not legs:
        _skip(block, remarks, _("neither account is ours, so it is unknown whether the money came or went"))
        return []
    dated = [(leg, date) for leg in legs if (date := read_date(_date_text(block, leg)))]
    if len(dated) < len(legs):
        bad = next(text for leg in legs if not read_date(text := _date_text(block, leg)))
        _skip(block, remarks, _("the date “{text}” cannot be read").format(text=bad))
        return []
    if not block.closed:
        remarks.add(block.line, _("the file breaks off inside this document: compare it with the bank."))
    _check(block, payer.inn if legs[0].direction == "in" else "", remarks)
    return [_draft(block, leg, date, abs(amount), payer, payee) for leg, date in dated]


def _check(block: Block, tax_id: str, remarks: Remarks) -> None:
    """Remark on what does not stop the reading: a payer's tax id with a wrong digit, a purpose that is cut."""
    number = block.value("Номер")[:40] or "?"
    if len(tax_id) in (10, 12) and (wrong := check("inn", tax_id)):
        remarks.add(block.line, _("document {number}: {wrong}").format(number=number, wrong=wrong))
    if (length := len(_purpose(block))) > PURPOSE_KEPT:
        text = _("document {number}: of the purpose of {length} characters {kept} are kept.")
        remarks.add(block.line, text.format(number=number, length=length, kept=PURPOSE_KEPT))


def _skip(block: Block, remarks: Remarks, reason: str) -> None:
    text = _("document {number} was skipped: {reason}.")
    remarks.add(block.line, text.format(number=block.value("Номер")[:40] or "?", reason=reason))


def _legs(
    block: Block, payer: Party, payee: Party, accounts: tuple[str, ...], ours: frozenset[str]
) -> tuple[_Leg, ...]:
    from_us, to_us = payer.account in ours, payee.account in ours
    if from_us and to_us:
        return _Leg("internal", "out", payer.account), _Leg("internal", "in", payee.account)
    if to_us:
        return (_Leg("in", "in", payee.account),)
    if from_us:
        return (_Leg("out", "out", payer.account),)
    came, went = block.detail("ДатаПоступило"), block.detail("ДатаСписано")
    if bool(came) == bool(went):
        return ()
    side = payee.account if came else payer.account
    way: Way = "in" if came else "out"
    return (_Leg(way, way, accounts[0] if len(accounts) == 1 else side, certain=False),)


def _date_text(block: Block, leg: _Leg) -> str:
    """Return the day the money came or went, or the day of the order; a date of zeros is no date.

    Of a transfer between our accounts one statement often tells one of the days alone: it is the day of both.
    """
    days = ("ДатаПоступило", "ДатаСписано") if leg.way == "in" else ("ДатаСписано", "ДатаПоступило")
    for tag in (*days[: 2 if leg.direction == "internal" else 1], "Дата"):
        text = block.value(tag)
        if text.strip("0. "):
            return text[:40]
    return ""


def _draft(block: Block, leg: _Leg, date: dt.date, amount: Decimal, payer: Party, payee: Party) -> Movement:
    """Build a movement whose key does not yet tell equal documents of one file apart."""
    number, purpose = block.value("Номер"), _purpose(block)
    other = payer.account if leg.way == "in" else payee.account
    parts = (leg.account, leg.way, date.isoformat(), f"{amount:.2f}", number, other, purpose)
    key = hashlib.sha1("|".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
    certain = leg.certain and block.closed
    kept = purpose[:PURPOSE_KEPT]
    return Movement(
        leg.direction, date, amount, number, payer, payee, kept, block.title, key, certain, block.line, leg.account
    )


def _purpose(block: Block) -> str:
    whole = block.value("НазначениеПлатежа")
    return whole or " ".join(filter(None, (block.value(f"НазначениеПлатежа{n}") for n in range(1, 7))))


def _count_keys(drafts: Iterable[Movement]) -> Iterable[Movement]:
    """Give every key the count of its equals before it in the file, so that two equal payments stay two."""
    seen: defaultdict[str, int] = defaultdict(int)
    for draft in drafts:
        yield replace(draft, key=f"{draft.key}-{seen[draft.key]}")
        seen[draft.key] += 1

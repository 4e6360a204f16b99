"""A bank statement in 1CClientBankExchange (1.01-1.03) read into movements of money; nothing is stored here.

The reader is tolerant: a document it cannot read becomes a remark with its line, the others are kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple

from crm.locale import _
from crm.plugins.bank.encoding import decode_statement
from crm.plugins.bank.tags import Block, Blocks, Remarks, cut_blocks, read_amount, read_date

Direction = Literal["in", "out", "internal"]
Way = Literal["in", "out"]

_ZERO = Decimal("0.00")
_TAX_ID_AHEAD = re.compile(
    r"\s*(?:ИНН[\s:]*[0-9]{5,12}|[0-9]{10,12}(?=[\s,;/\\]))"
    r"(?:[\s,/\\]+(?:КПП[\s:]*)?[0-9]{9}(?=[\s,;]))?[\s,;:]*",
    re.IGNORECASE,
)
_TAX_ID = re.compile(r"(?:ИНН)?([0-9]{5,12})", re.IGNORECASE)
_TAX_ID_DIVIDER = re.compile(r"[,/\\|~]")
_ACCOUNT_TEXT = re.compile(r"[0-9]{20}|\b[рк]/?с(?:ч)?\b|\bбик\b|банк[аеу]?\b|\bфилиал|\bотделени|^г\.", re.IGNORECASE)
_BANK_NAME = re.compile(r"банк|\bнко\b|\bвтб\b|\bсбер", re.IGNORECASE)


@dataclass(frozen=True)
class Party:
    """Payer or payee: a cleaned name; what the bank did not give is an empty string.

    A person who pays through a bank has no `inn`: the one in the file is the bank's.
    """

    name: str = ""
    inn: str = ""
    kpp: str = ""
    account: str = ""
    bank: str = ""
    bic: str = ""


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


class _Leg(NamedTuple):
    direction: Direction
    way: Way
    account: str
    certain: bool = True


def read_statement(data: bytes, own_accounts: Collection[str] = ()) -> Statement:
    """Read a statement file; `own_accounts` are accounts of ours beyond those that the file is about.

    Of a transfer to such an account the file tells our side alone: the other comes with a statement of its own.
    Control totals that do not add up are warnings. Raises InvalidValue when the file is not of this format.
    """
    remarks = Remarks()
    blocks = cut_blocks(decode_statement(data), remarks)
    accounts = _accounts_of(blocks)
    ours = frozenset(accounts) | {"".join(account.split()) for account in own_accounts}
    drafts = [movement for block in blocks.documents for movement in _read_document(block, accounts, ours, remarks)]
    _check_turnovers(blocks, accounts, drafts, remarks)
    _check_balances(blocks, remarks)
    return Statement(accounts, tuple(_count_keys(drafts)), remarks.sentences())


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
    dated = [(leg, date) for leg in legs if (date := read_date(_date_text(block, leg.way)))]
    if len(dated) < len(legs):
        bad = next(text for leg in legs if not read_date(text := _date_text(block, leg.way)))
        _skip(block, remarks, _("the date “{text}” cannot be read").format(text=bad))
        return []
    if not block.closed:
        remarks.add(block.line, _("the file breaks off inside this document: compare it with the bank."))
    return [_draft(block, leg, date, abs(amount), payer, payee) for leg, date in dated]


def _skip(block: Block, remarks: Remarks, reason: str) -> None:
    text = _("document {number} was skipped: {reason}.")
    remarks.add(block.line, text.format(number=block.value("Номер")[:40] or "?", reason=reason))


def _legs(
    block: Block, payer: Party, payee: Party, accounts: tuple[str, ...], ours: frozenset[str]
) -> tuple[_Leg, ...]:
    from_us, to_us = payer.account in ours, payee.account in ours
    if from_us and to_us:
        legs = _Leg("internal", "out", payer.account), _Leg("internal", "in", payee.account)
        return tuple(leg for leg in legs if not accounts or leg.account in accounts) or legs
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


def _date_text(block: Block, way: Way) -> str:
    """Return the day the money came or went, or the day of the order; a date of zeros is no date."""
    for tag in ("ДатаПоступило" if way == "in" else "ДатаСписано", "Дата"):
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
    return Movement(
        leg.direction, date, amount, number, payer, payee, purpose, block.title, key, certain, block.line, leg.account
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


def read_party(block: Block, side: Literal["Плательщик", "Получатель"]) -> Party:
    """Read the payer or the payee of a document block, the name cleaned of tax ids, banks and addresses."""
    inn, kpp = _tax_ids(block, side)
    account = block.detail(f"{side}Счет") or block.detail(f"{side}РасчСчет")
    name, through_bank = _clean_name(_full_name(block, side), account)
    return Party(
        name=name,
        inn="" if through_bank else inn,
        kpp="" if through_bank else kpp,
        account=account,
        bank=block.value(f"{side}Банк1"),
        bic=block.detail(f"{side}БИК"),
    )


def _tax_ids(block: Block, side: str) -> tuple[str, str]:
    """Return ИНН and КПП; some banks write both into the first."""
    first, *rest = _TAX_ID_DIVIDER.split(block.detail(f"{side}ИНН"), maxsplit=1)
    found = _TAX_ID.fullmatch(first)
    inn = found[1] if found and found[1].strip("0") else ""
    kpp = block.detail(f"{side}КПП") or "".join(rest)
    return inn, kpp if kpp.strip("0") else ""


def _full_name(block: Block, side: str) -> str:
    """Join the name from its four lines, up to the line where the account or the bank begins."""
    parts = [block.value(f"{side}1")]
    for number in "234":
        part = block.value(f"{side}{number}")
        if not parts[0] or not part or _ACCOUNT_TEXT.search(part):
            break
        parts.append(part)
    return " ".join(parts).strip() or block.value(side)


def _clean_name(text: str, account: str) -> tuple[str, bool]:
    """Return the name, and whether a person of that name pays through a bank: `BANK//PERSON//ADDRESS//`.

    Companies and traders write `NAME//ADDRESS//`: there the first part is the name.
    """
    name = _TAX_ID_AHEAD.sub("", text, count=1) if _TAX_ID_AHEAD.match(text) else text
    first, *rest = (part.strip() for part in name.split("//"))
    bank = account.startswith("30") or bool(_BANK_NAME.search(first))
    if rest and bank and _is_person(rest[0]):
        return rest[0], True
    return first or name.strip("/ "), False


def _is_person(text: str) -> bool:
    words = re.sub(r"\([^()]*\)", "", text[:200]).split()
    letters = (re.sub(r"[-.'’]", "", word) for word in words)
    return 2 <= len(words) <= 4 and all(len(w) > 1 and c.isalpha() for w, c in zip(words, letters, strict=True))


def _check_turnovers(
    blocks: Blocks, accounts: tuple[str, ...], movements: Iterable[Movement], remarks: Remarks
) -> None:
    """Compare what came and went with the totals of the bank; sections of one account, one a day, are added up."""
    found: defaultdict[tuple[str, bool], Decimal] = defaultdict(lambda: _ZERO)
    for movement in movements:
        found[movement.account, movement.incoming] += movement.amount
    came, went = _declared(blocks, accounts, "ВсегоПоступило"), _declared(blocks, accounts, "ВсегоСписано")
    in_text = _("Account {account}: the documents bring in {found}, the bank's total is {declared}.")
    out_text = _("Account {account}: the documents take out {found}, the bank's total is {declared}.")
    for totals, incoming, text in ((came, True, in_text), (went, False, out_text)):
        for account, declared in totals.items():
            total = found[account, incoming]
            if account and declared is not None and declared != total:
                remarks.add(0, text.format(account=account, found=total, declared=declared))


def _declared(blocks: Blocks, accounts: tuple[str, ...], tag: str) -> dict[str, Decimal | None]:
    """Add up a total of the bank by account; None where a section lacks it."""
    totals: dict[str, Decimal | None] = {}
    for block in blocks.accounts:
        account = block.detail("РасчСчет") or (accounts[0] if len(accounts) == 1 else "")
        amount, before = read_amount(block.value(tag)), totals.get(account, _ZERO)
        totals[account] = None if amount is None or before is None else before + amount
    return totals


def _check_balances(blocks: Blocks, remarks: Remarks) -> None:
    for block in blocks.accounts:
        tags = ("НачальныйОстаток", "ВсегоПоступило", "ВсегоСписано", "КонечныйОстаток")
        opening, came, went, closing = (read_amount(block.value(tag)) for tag in tags)
        if opening is None or came is None or went is None or closing is None:
            continue
        if opening + came - went != closing:
            remarks.add(
                block.line,
                _("the balances do not close: {opening} + {came} - {went} is not {closing}.").format(
                    opening=opening, came=came, went=went, closing=closing
                ),
            )

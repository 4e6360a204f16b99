"""Who paid and who was paid: a name cleaned of tax ids, banks and addresses, and the numbers of the account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from crm.plugins.bank.tags import Block

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

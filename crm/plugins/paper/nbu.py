"""The payment QR code of a hryvnia invoice by the rules of the NBU (Постанова №97 of 19.08.2025), format 002."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from crm.model.tax_ids import check
from crm.plugins.paper.parties import Paper

PREFIX = "https://bank.gov.ua/qr/"
_NAME, _PURPOSE = 70, 140


def nbu_address(paper: Paper) -> str | None:
    """Return the address that the code holds; None where the paper is no hryvnia invoice or cannot be paid by it."""
    text = nbu_text(paper)
    return None if text is None else PREFIX + urlsafe_b64encode(text.encode()).decode().rstrip("=")


def nbu_text(paper: Paper) -> str | None:
    """Write the thirteen lines of the format, each ended by LF: UTF-8, a credit transfer, no BIC."""
    seller, bank = paper.seller, paper.seller.bank
    code = seller.edrpou or seller.rntrc
    if paper.kind != "invoice" or paper.currency != "UAH" or paper.total <= 0 or bank is None or not seller.full_name:
        return None
    iban = "".join(bank.iban.split()).upper()
    if not iban.startswith("UA") or not code or check("iban", iban):
        return None
    lines = ["BCD", "002", "1", "UCT", "", _clean(seller.full_name)[:_NAME], iban, f"UAH{paper.total:.2f}", code]
    return "".join(f"{line}\n" for line in [*lines, "", "", _purpose(paper)[:_PURPOSE], ""])


def _purpose(paper: Paper) -> str:
    return f"Оплата за рахунком № {_clean(paper.number)} від {paper.date:%d.%m.%Y}, {_vat(paper)}"


def _vat(paper: Paper) -> str:
    if not paper.vat_total:
        return "без ПДВ"
    return f"у т.ч. ПДВ {paper.vat_total:.2f} грн"


def _clean(text: str) -> str:
    return " ".join(text.split())

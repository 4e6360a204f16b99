"""A bank statement read, matched with open invoices and kept: how its time grows with payments and with invoices."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.clock import seconds
from benchmarks.table import Row
from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.sales.importing import BATCH
from crm.workspace import Workspace

FEW, MANY = 5_000, 50_000
"""Payments of a statement; a tenth as many invoices are open."""
OURS = "40702810300000000011"

_HEAD = f"1CClientBankExchange\nВерсияФормата=1.03\nКодировка=Windows\nРасчСчет={OURS}\n"
_PAYMENT = """СекцияДокумент=Платежное поручение
Номер={n}
Дата=17.03.2026
Сумма={amount}.00
ПлательщикСчет=4070281070{n:010d}
ПлательщикИНН={inn}
ПлательщикКПП=780001001
Плательщик1=ООО "Ромашка {n}"
ПлательщикБанк1=ПАО БАНК
ПлательщикБИК=044525225
ПолучательСчет=40702810300000000011
ДатаПоступило=18.03.2026
Получатель1=ООО "Пример Групп"
ПолучательИНН=7700000016
НазначениеПлатежа={purpose}
КонецДокумента
"""


def rows(folder: Path) -> Iterator[Row]:
    """Measure reading and matching, and the whole import, at both sizes."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        shops = {count: make(Path(place), count) for count in (FEW // 10, MANY // 10)}
        read = {
            (payments, count): min(_matched(root, _statement(payments, count)) for _round in range(3))
            for payments in (FEW, MANY)
            for count, root in shops.items()
        }
        kept = {
            payments: _kept(shops[payments // 10], _statement(payments, payments // 10)) for payments in (FEW, MANY)
        }
    base, against = read[FEW, FEW // 10], f"ten times itself at {FEW:,} for {FEW // 10:,}"
    size = f"{MANY:,} for {MANY // 10:,}"
    yield Row("bank statement read and matched, growth", against, size, read[MANY, MANY // 10] / base / 10, 1.25)
    yield Row(
        "the same, ten times the payments",
        against,
        f"{MANY:,} for {FEW // 10:,}",
        read[MANY, FEW // 10] / base / 10,
        1.25,
    )
    yield Row(
        "the same, ten times the invoices",
        against,
        f"{FEW:,} for {MANY // 10:,}",
        read[FEW, MANY // 10] / base / 10,
        1.25,
    )
    yield Row("bank statement imported, growth", against, size, kept[MANY] / kept[FEW] / 10, 1.25)


def make(folder: Path, count: int) -> Path:
    """Return a workspace with `count` open invoices, two of each client."""
    root = folder / f"invoices-{count}"
    initialise(root, "ru", "RUB", "Скорость", "bench")
    with open_workspace(root, actor="bench", via="benchmark") as crm:
        _fill(crm, "company", [_company(number) for number in range(1, count // 2 + 1)])
        _fill(crm, "invoice", [_invoice(number) for number in range(1, count + 1)])
    return root


def _fill(crm: Workspace, noun: str, docs: list[dict[str, Any]]) -> None:
    for start in range(0, len(docs), BATCH):
        with crm.store.writing(actor="bench", via="benchmark", command="import") as draft:
            for doc in docs[start : start + BATCH]:
                draft.create(noun, doc)


def _company(number: int) -> dict[str, Any]:
    return {"owner": "bench", "name": f"ООО Ромашка {number}", "tax_ids": {"inn": _inn(number)}}


def _inn(client: int) -> str:
    return f"77{client:08d}"


def _invoice(number: int) -> dict[str, Any]:
    client, total = (number + 1) // 2, {"amount": f"{1000 + number}.00", "currency": "RUB"}
    return {
        "owner": "bench",
        "number": str(number),
        "exchange_number": number,
        "date": "2026-03-16",
        "company": f"company/{client}",
        "items": [{"name": "Щебень", "quantity": "1", "price": total["amount"]}],
        "total": total,
        "paid": {**total, "amount": "0.00"},
        "balance": total,
        "status": "issued",
        "due": "2026-03-21",
        "buyer": {"name": f"ООО Ромашка {client}", "inn": _inn(client)},
    }


def _statement(payments: int, invoices: int) -> bytes:
    """Write a statement: a tenth names an invoice and pays it, the rest is of every other kind."""
    return (_HEAD + "".join(_payment(n, invoices) for n in range(payments)) + "КонецФайла\n").encode("cp1251")


def _payment(n: int, invoices: int) -> str:
    number = n // 10 % invoices + 1
    client, amount = (number + 1) // 2, 1000 + number
    purpose = f"Оплата по счету № {number} от 16.03.2026 за щебень. В т.ч. НДС (22%) {n}-72"
    match n % 10:
        case 0:
            return _PAYMENT.format(n=n, amount=amount, inn=_inn(client), purpose=purpose)
        case 1 | 2 | 3:
            return _PAYMENT.format(n=n, amount=7, inn=_inn(client), purpose="Оплата за услуги по договору 15/2026")
        case 4 | 5 | 6:
            return _PAYMENT.format(n=n, amount=amount, inn="7707083893", purpose=f"Счет № {number + 10**6}, без НДС")
        case 7 | 8:
            return _PAYMENT.format(n=n, amount=amount, inn="7707083893", purpose=purpose)
        case _:
            return _PAYMENT.format(n=n, amount=9, inn="7707083893", purpose="Возмещение по эквайрингу")


def _matched(root: Path, data: bytes) -> float:
    """Return the seconds that reading a statement and matching all of it take; nothing is written."""
    from crm.plugins.bank.statement import read_statement
    from crm.plugins.bank.taking import Taking

    with open_workspace(root, actor="bench") as crm:

        def match() -> None:
            taking = Taking(crm)
            for movement in read_statement(data).movements:
                taking.match(movement)

        return seconds(match)


def _kept(root: Path, data: bytes) -> float:
    """Return the seconds that a whole import takes in a fresh copy: kept, paid, told to plugins."""
    with tempfile.TemporaryDirectory(dir=root.parent) as place:
        copy = Path(shutil.copytree(root, Path(place) / "shop"))
        with open_workspace(copy, actor="bench") as crm:
            movements: Any = crm.collection("bank_movement")
            return seconds(lambda: movements.take_in({"kl_to_1c.txt": data}))

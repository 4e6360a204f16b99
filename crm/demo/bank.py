"""The bank statement of the demo: invoices paid, money of which one invoice is suggested, money nobody knows, costs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.demo.part import Part
from crm.demo.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

STATEMENT_ON = 1
"""How many working days before this morning the statement was taken in."""
PAID = 4
"""How many invoices it pays."""


class Order(NamedTuple):
    """A payment order: what is below zero went out."""

    amount: Decimal
    name: str
    tax_id: str
    account: str
    purpose: str


class Bank(Part):
    """What came and went on the account."""

    def day(self, days_left: int) -> None:
        """Take the statement in on its day, and confirm what was paid for sure."""
        if days_left != STATEMENT_ON or not self.nouns("bank_movement", "invoice"):
            return
        invoices = [one for one in self.verbs("invoice").open() if one.company and one.balance and not self._kept(one)]
        paid, waits = invoices[:-1][:PAID], invoices[-1:]
        orders = [*map(self._payment, paid), *map(self._by_another, waits), *self._strange()]
        words = WORDS[self.crm.settings.language]
        with self.crm.by(self.cast.users[0][0]):
            name = words.statement.format(day=f"{self.crm.day:%d.%m.%Y}")
            taken = self.verbs("bank_movement").take_in({name: self._file(orders)})
            for movement in taken.fresh[: len(paid)]:
                if movement.status == "suggested":
                    self.verbs("bank_movement").confirm(movement.id)

    def _kept(self, invoice: Any) -> bool:
        return bool({invoice.ref, invoice.deal} & self.kept)

    def _payment(self, invoice: Any) -> Order:
        company = self.crm.companies.get(invoice.company)
        words = WORDS[self.crm.settings.language]
        purpose = words.purpose.format(number=invoice.number, day=f"{invoice.date:%d.%m.%Y}")
        tax_id = next(iter((company.doc.get("tax_ids") or {}).values()), "")
        return Order(invoice.balance.amount, company.name, tax_id, f"407028100{company.id:011d}", purpose)

    def _by_another(self, invoice: Any) -> Order:
        """Return the payment of an invoice by somebody else: only a person can say what it is for."""
        company = self.crm.companies.get(invoice.company).name
        words = WORDS[self.crm.settings.language]
        payer = f"{self.cast.lasts[1]} {self.cast.firsts[1]}"
        purpose = words.for_another.format(number=invoice.number, company=company)
        return Order(invoice.balance.amount, payer, "", "40817810900000000077", purpose)

    def _strange(self) -> Iterator[Order]:
        words, price = WORDS[self.crm.settings.language], self.cast.goods[2].price
        yield Order(Decimal(price * 30), words.advance[0], "", "40702810400000000088", words.advance[1])
        yield Order(Decimal(-price), words.fee[0], "", "47423810000000000001", words.fee[1])
        yield Order(Decimal(-price * 55), words.rent[0], "", "40702810100000000099", words.rent[1])

    # --- the file ----------------------------------------------------------------------------------------------------

    def _file(self, orders: list[Order]) -> bytes:
        """Return the statement as a bank writes it (1CClientBankExchange)."""
        came = sum((one.amount for one in orders if one.amount > 0), Decimal(0))
        went = -sum((one.amount for one in orders if one.amount < 0), Decimal(0))
        own, opening = self._own_account(), Decimal(self.cast.goods[6].price * 12)
        day = f"{self.crm.day:%d.%m.%Y}"
        head = ["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", f"РасчСчет={own}"]
        account = {
            "СекцияРасчСчет": None,
            "ДатаНачала": day,
            "ДатаКонца": day,
            "РасчСчет": own,
            "НачальныйОстаток": f"{opening:.2f}",
            "ВсегоПоступило": f"{came:.2f}",
            "ВсегоСписано": f"{went:.2f}",
            "КонечныйОстаток": f"{opening + came - went:.2f}",
            "КонецРасчСчет": None,
        }
        lines = [*head, *_lines(account)]
        for number, order in enumerate(orders, start=411):
            lines += _lines(self._document(number, day, order))
        return "\r\n".join([*lines, "КонецФайла", ""]).encode("cp1251")

    def _own_account(self) -> str:
        return self.cast.bank.get("account") or self.cast.bank["iban"]

    def _document(self, number: int, day: str, order: Order) -> dict[str, str | None]:
        own = (self.cast.own["legal_name"], self.cast.own.get("inn") or self.cast.own.get("edrpou", ""))
        ours, theirs = (*own, self._own_account()), (order.name, order.tax_id, order.account)
        payer, payee = (theirs, ours) if order.amount > 0 else (ours, theirs)
        return {
            "СекцияДокумент": "Платежное поручение",
            "Номер": str(number),
            "Дата": day,
            "Сумма": f"{abs(order.amount):.2f}",
            "ПлательщикСчет": payer[2],
            "ПлательщикИНН": payer[1],
            "Плательщик1": payer[0],
            "ПолучательСчет": payee[2],
            "ПолучательИНН": payee[1],
            "Получатель1": payee[0],
            "ДатаПоступило" if order.amount > 0 else "ДатаСписано": day,
            "НазначениеПлатежа": order.purpose,
            "КонецДокумента": None,
        }


def _lines(tags: dict[str, str | None]) -> list[str]:
    return [name if value is None else f"{name}={value}" for name, value in tags.items()]

"""Requests of the demo and what becomes of them: rejected, taken to work, made clients with a deal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm.demo.part import Part
from crm.model.tax_ids import check
from crm.sales.collection import Edit

if TYPE_CHECKING:
    import random

    from crm.demo.cast import Cast
    from crm.demo.world import World
    from crm.model.company import Company
    from crm.model.deal import Deal
    from crm.model.lead import Lead

SOURCES = ("site", "call_in", "ad_phone", "corporate_mail", "flyer", "open_lines", "call_out")
JUNK = ("wrong_number", "wrong_city", "price_watch")
INDUSTRIES = ("construction", "construction", "wholesale", "transport", "services")


class Clients(Part):
    """Who asks, and who becomes a client."""

    def __init__(self, crm: World, cast: Cast, dice: random.Random, kept: set[str]) -> None:
        super().__init__(crm, cast, dice, kept)
        self.phones: set[str] = set()

    def day(self) -> None:
        """Tell the requests of a day, and how those of the days before go on."""
        for _request in range(self.dice.choice((0, 1, 1, 2, 2))):
            self.request()
        for lead in [one for one in self.crm.leads.find(sort="id") if one.stage in ("new", "in_work")]:
            if lead.ref not in self.kept and self.dice.random() < 0.45:
                self._goes_on(lead)

    def request(self, owner: str = "", *, reachable: bool = False) -> Lead:
        """Take a request of somebody new; one who is `reachable` has an address and a company."""
        person = self._person()
        goods = self.dice.choice(self.cast.goods[:8])
        mail = self.cast.mails[self.cast.firsts.index(person.split()[0])]
        owner = owner or self.owner()
        values: dict[str, object] = {
            "name": f"{self.dice.choice(self.cast.cities)}, {person.split()[0]}, {_lowered(goods.name.split(',')[0])}",
            "contact_name": person,
            "company_name": self.dice.choice(self.cast.companies) if reachable or self.dice.random() < 0.8 else "",
            "phones": [self.phone()],
            "emails": [f"{mail}{len(self.phones)}@{self.domain}"] if reachable or self.dice.random() < 0.6 else [],
            "source": self.dice.choice(SOURCES) if self.dice.random() < 0.95 else "",
        }
        with self.crm.by(owner):
            return self.crm.leads.add(owner=owner, **values)

    def phone(self) -> str:
        """Return a number that nobody has."""
        length = 13 if self.cast.phones[0].startswith("+380") else 12
        prefix = self.dice.choice(self.cast.phones)
        rest = length - len(prefix)
        number = prefix + f"{self.dice.randrange(10**rest):0{rest}d}"
        if number in self.phones:
            return self.phone()
        self.phones.add(number)
        return number

    def _person(self) -> str:
        return f"{self.dice.choice(self.cast.firsts)} {self.dice.choice(self.cast.lasts)}"

    def _goes_on(self, lead: Lead) -> None:
        luck = self.dice.random()
        with self.crm.by(lead.owner):
            if luck < 0.35 and lead.stage == "new":
                self.crm.leads.qualify(lead.id)
            elif luck < (0.40 if lead.stage == "new" else 0.15):
                self.crm.leads.reject(lead.id, self.dice.choice(JUNK))
            elif lead.stage == "in_work" and luck > 0.55:
                self.convert(lead, deal=luck > 0.62)

    def convert(self, lead: Lead, *, deal: bool = True) -> Deal | None:
        """Make a client of a lead, with what is known of the company and what the deal is about."""
        with self.crm.transaction("lead convert"):
            made = self.crm.leads.convert(lead.id, deal=deal)
            if made.deal is not None:
                self._shape(made.deal)
            if made.company is not None and not made.company.addresses:
                self._requisites(made.company)
            if made.contact is not None and not made.contact.position:
                self.crm.contacts.set(made.contact.id, position=self.dice.choice(self.cast.positions))
        return made.deal

    def _requisites(self, company: Company) -> None:
        street = f"{self.dice.choice(self.cast.cities)}, {self.dice.randrange(1, 90)}"
        values: dict[str, object] = {
            "addresses": [street],
            "phones": [self.phone()],
            "industry": self.dice.choice(INDUSTRIES),
        }
        if "inn" in self.cast.own:
            trader = company.name.startswith("ИП")
            values["inn"] = self._tax_id("inn", 12 if trader else 10)
            if not trader:
                values["kpp"] = f"{self.dice.randrange(7701, 7799)}01001"
        elif "edrpou" in self.cast.own:
            values["edrpou"] = self._tax_id("edrpou", 8)
        self.crm.companies.set(company.id, *(Edit(field, "=", value) for field, value in values.items()))

    def _tax_id(self, name: str, digits: int) -> str:
        """Return an invented tax id whose check digits are right."""
        while True:
            number = "77" + "".join(str(self.dice.randrange(10)) for _digit in range(digits - 2))
            if check(name, number) is None:
                return number

    def _shape(self, deal: Deal) -> None:
        goods = self.dice.sample(self.cast.goods[:8], self.dice.choice((1, 1, 2)))
        items = [f"{one.sku}*{self.dice.choice((5, 10, 20, 25, 40))}" for one in goods]
        if self.dice.random() < 0.7:
            items.append(f"{self.cast.goods[8].sku}*{self.dice.choice((1, 2, 3))}")
        self.crm.deals.set(
            deal.id,
            items=items,
            type=self.dice.choice(("goods_sale", "sale", "upsale")),
            direction="parts",
            expected_close=(self.crm.day + timedelta(days=self.dice.randrange(10, 45))).isoformat(),
            comment=self.dice.choice(self.cast.comments),
        )


def _lowered(name: str) -> str:
    """Return a name of goods as it stands within a phrase: «щебень гранитный 5–20», «цемент М500»."""
    return name[:1].lower() + name[1:]

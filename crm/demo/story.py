"""The story of the demo company, told day by day by the verbs, so that its journal, history and past dates are real."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from crm.demo.cast import CASTS, Cast
from crm.model.tax_ids import check
from crm.sales.collection import Edit
from crm.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.model.company import Company
    from crm.model.deal import Deal
    from crm.model.lead import Lead

DAYS = 110
SOURCES = ("site", "call_in", "ad_phone", "corporate_mail", "flyer", "open_lines", "call_out")
JUNK = ("wrong_number", "wrong_city", "price_watch")
LOST = ("price", "competitor", "no_answer", "no_budget", "delay")
FORWARD = {"new": "qualified", "qualified": "proposal", "proposal": "invoice"}


class Story(Workspace):
    """A workspace whose clock stands at the day that is being told."""

    day: date = date(2000, 1, 1)
    hour = 9

    def today(self) -> date:
        """Return the day that is being told."""
        return self.day

    def clock(self) -> str:
        """Return the time of the day that is being told, in UTC."""
        moment = datetime.combine(self.day, time(self.hour, 15), self.settings.time_zone)
        return moment.astimezone(UTC).isoformat(timespec="seconds")


def founded() -> str:
    """Return the time when the demo company began to use the program, in UTC."""
    return (datetime.now(UTC) - timedelta(days=DAYS + 1)).isoformat(timespec="seconds")


def fill(root: Path, login: str) -> int:
    """Fill a new workspace with the demo and return how many records it has then."""
    from crm.locale import use_language
    from crm.settings import load_settings

    settings = load_settings(root)
    use_language(settings.language)
    cast = CASTS[settings.language]
    _introduce(root, cast)
    with Story(root, login, via="demo") as crm:
        crm.store.clock = crm.clock
        Telling(crm, cast).tell()
        return sum(crm.collection(name).count() for name in crm.nouns)


def _introduce(root: Path, cast: Cast) -> None:
    """Write the own company into the settings."""
    from crm.settings_file import change_setting

    path = root / "config" / "crm.yaml"
    change_setting(path, ["name"], cast.own["name"])
    for key, value in cast.own.items():
        change_setting(path, ["company", key], value)
    for key, value in cast.bank.items():
        change_setting(path, ["company", "bank", key], value)
    departments = root / "config" / "departments.yaml"
    change_setting(departments, ["departments", "sales", "head"], cast.users[0][0])
    change_setting(departments, ["departments", "sales", "norm"], 4)


class Telling:
    """One telling of the story; the dice always fall the same way."""

    def __init__(self, crm: Story, cast: Cast) -> None:
        self.crm = crm
        self.cast = cast
        self.dice = random.Random(20)
        self.last = datetime.now(crm.settings.time_zone).date()

    def tell(self) -> None:
        """Tell every working day, then leave today's and tomorrow's work undone."""
        self.crm.day = self.last - timedelta(days=DAYS)
        with self.crm.transaction("demo: team and price list"):
            self._team()
            self._price_list()
        for self.crm.day in self._working_days():
            self._one_day()
        self.crm.day = self.last
        with self.crm.transaction("demo: plans"):
            self._plans()
        self._papers_of_every_kind()

    def _working_days(self) -> Iterator[date]:
        for number in range(DAYS, 0, -1):
            day = self.last - timedelta(days=number)
            if day.weekday() < 5:
                yield day

    def _one_day(self) -> None:
        for self.crm.hour, part in ((10, self._requests), (12, self._sales), (15, self._activities)):
            with self.crm.transaction("demo: a day of work"):
                part()
        self.crm.hour = 17
        with self.crm.transaction("demo: papers"):
            self._papers()

    def _team(self) -> None:
        domain = self.cast.own["email"].partition("@")[2]
        for login, name, role in self.cast.users:
            values = {"name": name, "department": "sales", "email": f"{login}@{domain}"}
            known = self.crm.users.by_login(login)
            if known is None:
                self.crm.users.add(login=login, role=role, **values)
            else:
                self.crm.users.set(known.id, *(Edit(field, "=", value) for field, value in values.items()))

    def _price_list(self) -> None:
        for goods in self.cast.goods:
            self.crm.products.add(
                sku=goods.sku,
                name=goods.name,
                group=goods.group,
                unit=goods.unit,
                price=goods.price,
                service=goods.service,
            )

    def _owner(self) -> str:
        return self.dice.choice(self.cast.users)[0]

    def _phone(self) -> str:
        length = 13 if self.cast.phone.startswith("+380") else 12
        rest = length - len(self.cast.phone)
        return self.cast.phone + str(self.dice.randrange(10 ** (rest - 1), 10**rest))

    # --- requests and clients ----------------------------------------------------------------------------------------

    def _requests(self) -> None:
        for _request in range(self.dice.choice((0, 1, 1, 2, 2))):
            person = self._person()
            goods = self.dice.choice(self.cast.goods[:8])
            self.crm.leads.add(
                name=f"{self.dice.choice(self.cast.cities)}, {person.split()[0]}, {_lowered(goods.name.split(',')[0])}",
                contact_name=person,
                company_name=self.dice.choice(self.cast.companies) if self.dice.random() < 0.8 else "",
                phones=[self._phone()],
                source=self.dice.choice(SOURCES) if self.dice.random() < 0.95 else "",
                owner=self._owner(),
            )
        for lead in [one for one in self.crm.leads.find(sort="id") if one.stage in ("new", "in_work")]:
            self._lead_goes_on(lead)

    def _person(self) -> str:
        return f"{self.dice.choice(self.cast.firsts)} {self.dice.choice(self.cast.lasts)}"

    def _lead_goes_on(self, lead: Lead) -> None:
        luck = self.dice.random()
        if luck < 0.35 and lead.stage == "new":
            self.crm.leads.qualify(lead.id)
        elif luck < 0.40:
            self.crm.leads.reject(lead.id, self.dice.choice(JUNK))
        elif lead.stage == "in_work" and luck > 0.55:
            made = self.crm.leads.convert(lead.id, deal=luck > 0.62)
            if made.deal is not None:
                self._shape(made.deal)
            if made.company is not None and not made.company.tax_ids:
                self._requisites(made.company)

    def _requisites(self, company: Company) -> None:
        street = f"{self.dice.choice(self.cast.cities)}, {self.dice.randrange(1, 90)}"
        values: dict[str, object] = {"addresses": [street]}
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

    # --- deals -------------------------------------------------------------------------------------------------------

    def _open_deals(self) -> list[Deal]:
        return [deal for deal in self.crm.deals.find(sort="id") if not deal.outcome]

    def _sales(self) -> None:
        for deal in self._open_deals():
            luck = self.dice.random()
            if luck < 0.012:
                self.crm.deals.lose(deal.id, self.dice.choice(LOST))
            elif luck < 0.10 and deal.stage in FORWARD and deal.stage != "proposal":
                self.crm.deals.move(deal.id, FORWARD[deal.stage])
            elif luck < 0.2 and deal.stage == "signing":
                self.crm.deals.win(deal.id)

    def _papers(self) -> None:
        if "invoice" not in self.crm.nouns:
            return
        for quote in list(self.crm.collection("quote").find(sort="id")):
            self._quote_goes_on(quote)
        for invoice in self.crm.invoices.open():  # type: ignore[attr-defined]
            if self.dice.random() < 0.12:
                self.crm.invoices.pay(invoice.id)  # type: ignore[attr-defined]
        quoted = {quote.doc.get("deal") for quote in self.crm.collection("quote").find()}
        for deal in self._open_deals():
            if deal.stage == "proposal" and deal.items and deal.ref not in quoted:
                quote = self.crm.collection("quote").add(deal=deal.ref, owner=deal.owner)
                self.crm.quotes.send(quote.id)  # type: ignore[attr-defined]

    def _quote_goes_on(self, quote: Any) -> None:
        if quote.status != "sent":
            return
        deal = self.crm.deals.get(quote.deal)
        luck = self.dice.random()
        if deal.outcome:
            self.crm.quotes.decline(quote.id)  # type: ignore[attr-defined]
        elif luck < 0.15:
            self.crm.quotes.accept(quote.id)  # type: ignore[attr-defined]
            self.crm.invoices.issue(quote=quote.ref, owner=deal.owner)  # type: ignore[attr-defined]

    # --- activities --------------------------------------------------------------------------------------------------

    def _activities(self) -> None:
        for activity in list(self.crm.activities.find(sort="id")):
            late = activity.doc.get("due", "9") < self.crm.day.isoformat()
            falls_due = not activity.done and activity.doc.get("due", "9")[:10] <= self.crm.day.isoformat()
            if falls_due and self.dice.random() < (0.97 if late else 0.9):
                self.crm.activities.done(activity.id, self.dice.choice(self.cast.results), outcome="success")
        for deal in self._open_deals():
            if self.dice.random() < 0.12:
                self._plan(deal, self.dice.randrange(1, 6))

    def _plan(self, deal: Deal, days: int) -> None:
        kind, subject = self.dice.choice(
            (
                ("call", self.cast.call),
                ("call", self.cast.call),
                ("meeting", self.cast.meeting),
                ("letter", self.cast.letter),
            )
        )
        values: dict[str, object] = {"kind": kind, "subject": subject, "about": deal.ref, "owner": deal.owner}
        if kind in ("call", "letter"):
            values["direction"] = "out"
        if kind == "call":
            values["duration"] = self.dice.randrange(40, 600)
        day = self.crm.day + timedelta(days=days)
        values["due"] = (
            f"{day.isoformat()} {self.dice.randrange(9, 18):02d}:00" if kind == "meeting" else day.isoformat()
        )
        self.crm.activities.add(**values)

    def _plans(self) -> None:
        """Leave overdue, today's and tomorrow's work, and a deal or two without a next step."""
        for number, deal in enumerate(self._open_deals()):
            if number % 4 != 3:
                self._plan(deal, (-3, 0, 1, 2, 5)[number % 5])

    def _papers_of_every_kind(self) -> None:
        """Leave invoices in each state: draft, issued, approved, sent, partly paid, paid, overdue, cancelled."""
        if "invoice" not in self.crm.nouns:
            return
        invoices = self.crm.collection("invoice")
        companies = list(self.crm.companies.find(limit=6))
        line = [f"{self.cast.goods[0].sku}*10", f"{self.cast.goods[8].sku}*1"]
        with self.crm.transaction("demo: invoices"):
            made = [
                invoices.issue(company=company.ref, items=line, owner=self._owner())  # type: ignore[attr-defined]
                for company in companies[:5]
            ]
            invoices.approve(made[0].id)  # type: ignore[attr-defined]
            invoices.send(made[1].id)  # type: ignore[attr-defined]
            invoices.pay(made[2].id, amount=made[2].total.amount // 2)  # type: ignore[attr-defined]
            invoices.cancel(made[3].id)  # type: ignore[attr-defined]
            if len(companies) > 5:
                invoices.add(company=companies[5].ref, items=line, owner=self._owner())


def _lowered(name: str) -> str:
    """Return a name of goods as it stands within a phrase: «щебень гранитный 5–20», «цемент М500»."""
    return name[:1].lower() + name[1:]

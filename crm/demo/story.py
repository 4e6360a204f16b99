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
UNFINISHED = {12: "cancelled", 10: "overdue", 7: "partly paid", 5: "sent", 3: "approved", 2: "issued"}
"""Invoices that stay as they are for good, by the number of working days before the last."""
INDUSTRIES = ("construction", "construction", "wholesale", "transport", "services")
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
        return min(moment.astimezone(UTC), datetime.now(UTC)).isoformat(timespec="seconds")


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
        self.phones: set[str] = set()
        self.kept: set[int] = set()
        """Invoices that stay as they are."""
        self.last = datetime.now(crm.settings.time_zone).date()

    def tell(self) -> None:
        """Tell every working day, then leave today's and tomorrow's work undone."""
        self.crm.day = self.last - timedelta(days=DAYS)
        with self.crm.transaction("demo: team and price list"):
            self._team()
            self._price_list()
        days = list(self._working_days())
        for number, self.crm.day in enumerate(days):
            self._one_day()
            self._unfinished(UNFINISHED.get(len(days) - number, ""))
        self._this_morning()

    def _this_morning(self) -> None:
        """Leave requests that nobody has taken yet, and what is to be done now."""
        self.crm.day, self.crm.hour = self.last, 9
        with self.crm.transaction("demo: requests of the morning"):
            for _request in range(3):
                self._request()
        with self.crm.transaction("demo: plans"):
            self._plans()
            self._reminders()
        self._draft()

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
        for login, name, role in self.cast.users:
            values = {"name": name, "department": "sales", "email": f"{login}@{self._domain}"}
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
        length = 13 if self.cast.phones[0].startswith("+380") else 12
        prefix = self.dice.choice(self.cast.phones)
        rest = length - len(prefix)
        number = prefix + f"{self.dice.randrange(10**rest):0{rest}d}"
        if number in self.phones:
            return self._phone()
        self.phones.add(number)
        return number

    # --- requests and clients ----------------------------------------------------------------------------------------

    def _requests(self) -> None:
        for _request in range(self.dice.choice((0, 1, 1, 2, 2))):
            self._request()
        for lead in [one for one in self.crm.leads.find(sort="id") if one.stage in ("new", "in_work")]:
            if self.dice.random() < 0.45:
                self._lead_goes_on(lead)

    def _request(self) -> None:
        person = self._person()
        goods = self.dice.choice(self.cast.goods[:8])
        mail = self.cast.mails[self.cast.firsts.index(person.split()[0])]
        self.crm.leads.add(
            name=f"{self.dice.choice(self.cast.cities)}, {person.split()[0]}, {_lowered(goods.name.split(',')[0])}",
            contact_name=person,
            company_name=self.dice.choice(self.cast.companies) if self.dice.random() < 0.8 else "",
            phones=[self._phone()],
            emails=[f"{mail}{len(self.phones)}@{self._domain}"] if self.dice.random() < 0.6 else [],
            source=self.dice.choice(SOURCES) if self.dice.random() < 0.95 else "",
            owner=self._owner(),
        )

    @property
    def _domain(self) -> str:
        return self.cast.own["email"].partition("@")[2]

    def _person(self) -> str:
        return f"{self.dice.choice(self.cast.firsts)} {self.dice.choice(self.cast.lasts)}"

    def _lead_goes_on(self, lead: Lead) -> None:
        luck = self.dice.random()
        if luck < 0.35 and lead.stage == "new":
            self.crm.leads.qualify(lead.id)
        elif luck < (0.40 if lead.stage == "new" else 0.15):
            self.crm.leads.reject(lead.id, self.dice.choice(JUNK))
        elif lead.stage == "in_work" and luck > 0.55:
            made = self.crm.leads.convert(lead.id, deal=luck > 0.62)
            if made.deal is not None:
                self._shape(made.deal)
            if made.company is not None and not made.company.addresses:
                self._requisites(made.company)
            if made.contact is not None and not made.contact.position:
                self.crm.contacts.set(made.contact.id, position=self.dice.choice(self.cast.positions))

    def _requisites(self, company: Company) -> None:
        street = f"{self.dice.choice(self.cast.cities)}, {self.dice.randrange(1, 90)}"
        values: dict[str, object] = {
            "addresses": [street],
            "phones": [self._phone()],
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

    # --- deals -------------------------------------------------------------------------------------------------------

    def _open_deals(self) -> list[Deal]:
        return [deal for deal in self.crm.deals.find(sort="id") if not deal.outcome]

    def _sales(self) -> None:
        for deal in self._open_deals():
            luck = self.dice.random()
            if luck < 0.015 and deal.stage in FORWARD:
                self.crm.deals.lose(deal.id, self.dice.choice(LOST))
            elif luck < 0.13 and deal.stage in FORWARD and deal.stage != "proposal":
                self.crm.deals.move(deal.id, FORWARD[deal.stage])
            elif luck < 0.2 and deal.stage == "signing":
                self.crm.deals.win(deal.id)
                self._acts(deal)

    def _acts(self, deal: Deal) -> None:
        if "document" in self.crm.nouns and "invoice" in self.crm.nouns:
            for invoice in self.crm.collection("invoice").having("deal", deal.ref):
                self.crm.collection("document").add(kind="act", invoice=invoice.ref)

    def _papers(self) -> None:
        if "invoice" not in self.crm.nouns:
            return
        for quote in list(self.crm.collection("quote").find(sort="id")):
            self._quote_goes_on(quote)
        for invoice in self.crm.invoices.open():  # type: ignore[attr-defined]
            if invoice.id not in self.kept and self.dice.random() < 0.12:
                self.crm.invoices.pay(invoice.id)  # type: ignore[attr-defined]
        quoted = {quote.doc.get("deal") for quote in self.crm.collection("quote").find()}
        for deal in self._open_deals():
            if deal.stage == "proposal" and deal.items and deal.ref not in quoted:
                less = "5%" if deal.id % 3 == 0 else ""
                quote = self.crm.collection("quote").add(deal=deal.ref, owner=deal.owner, discount=less)
                self.crm.quotes.send(quote.id)  # type: ignore[attr-defined]

    def _quote_goes_on(self, quote: Any) -> None:
        if quote.status != "sent":
            return
        deal = self.crm.deals.get(quote.deal)
        luck = self.dice.random()
        if deal.outcome:
            self.crm.quotes.decline(quote.id)  # type: ignore[attr-defined]
        elif luck < 0.18:
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

    def _reminders(self) -> None:
        """Leave whoever made the workspace something to do: clients whose payment is late, and one for tomorrow."""
        if "invoice" not in self.crm.nouns:
            return
        late = [one for one in self.crm.invoices.open() if one.company]  # type: ignore[attr-defined]
        for invoice, days in zip(late, (-1, 0, 1), strict=False):
            due = (self.crm.day + timedelta(days=days)).isoformat()
            values: dict[str, object] = {"kind": "call", "direction": "out", "about": invoice.company, "due": due}
            self.crm.activities.add(subject=f"{self.cast.remind} {invoice.number}", owner=self.crm.actor, **values)

    def _unfinished(self, state: str) -> None:
        """Make an invoice that stays in a state: issued, approved, sent, partly paid, overdue or cancelled."""
        if not state or "invoice" not in self.crm.nouns:
            return
        invoices = self.crm.collection("invoice")
        with self.crm.transaction("demo: invoice"):
            made = invoices.issue(items=self._lines(), owner=self._owner(), **self._client())  # type: ignore[attr-defined]
            self.kept.add(made.id)
            match state:
                case "approved":
                    invoices.approve(made.id)  # type: ignore[attr-defined]
                case "sent" | "overdue":
                    invoices.send(made.id)  # type: ignore[attr-defined]
                case "partly paid":
                    invoices.pay(made.id, amount=made.total.amount // 2)  # type: ignore[attr-defined]
                case "cancelled":
                    invoices.cancel(made.id)  # type: ignore[attr-defined]

    def _draft(self) -> None:
        """Leave an invoice that is being made."""
        if "invoice" in self.crm.nouns:
            with self.crm.transaction("demo: invoice"):
                self.crm.collection("invoice").add(items=self._lines(), owner=self._owner(), **self._client())

    def _client(self) -> dict[str, object]:
        company = self.dice.choice(list(self.crm.companies.find()))
        return {"company": company.ref}

    def _lines(self) -> list[str]:
        goods, service = self.dice.choice(self.cast.goods[:5]), self.dice.choice(self.cast.goods[8:])
        return [f"{goods.sku}*{self.dice.choice((8, 12, 15, 30, 45))}", f"{service.sku}*{self.dice.choice((1, 2))}"]


def _lowered(name: str) -> str:
    """Return a name of goods as it stands within a phrase: «щебень гранитный 5–20», «цемент М500»."""
    return name[:1].lower() + name[1:]

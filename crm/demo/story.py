"""The story of the demo company, told day by day by the verbs, so that its journal, history and past dates are real."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from crm.demo.bank import Bank
from crm.demo.calls import Calls
from crm.demo.campaign import Campaign
from crm.demo.cast import CASTS, Cast
from crm.demo.chats import Chats
from crm.demo.clients import Clients
from crm.demo.deals import Deals
from crm.demo.letters import Letters
from crm.demo.maker import Maker
from crm.demo.onec import Onec
from crm.demo.part import Part
from crm.demo.work import Work
from crm.demo.world import World
from crm.sales.collection import Edit
from crm.store.disk import flushed_at_the_end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAYS = 110


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
    with flushed_at_the_end(root / "data"), World(root, login, via="console") as crm:
        crm.store.clock = crm.clock
        Telling(crm, cast).tell()
        return sum(crm.collection(name).count() for name in crm.nouns)


def _introduce(root: Path, cast: Cast) -> None:
    """Write the own company into the settings."""
    from crm.settings_file import change_settings

    own = [(["company", key], value) for key, value in cast.own.items()]
    bank = [(["company", "bank", key], value) for key, value in cast.bank.items()]
    change_settings(root / "config" / "crm.yaml", [(["name"], cast.own["name"]), *own, *bank])
    sales = {"head": cast.users[0][0], "norm": 4}
    change_settings(
        root / "config" / "departments.yaml", [(["departments", "sales", key], value) for key, value in sales.items()]
    )


class Telling(Part):
    """One telling of the story; the dice always fall the same way."""

    def __init__(self, crm: World, cast: Cast) -> None:
        at_hand = crm, cast, random.Random(20), set[str]()
        super().__init__(*at_hand)
        self.clients, self.deals, self.work = Clients(*at_hand), Deals(*at_hand), Work(*at_hand)
        self.maker = Maker(*at_hand, (self.clients, self.deals, self.work))
        letters = Letters(*at_hand)
        talks = (Calls(*at_hand, self.clients), letters, Chats(*at_hand), Campaign(*at_hand, letters))
        self.outside = (*talks, Bank(*at_hand), Onec(*at_hand))
        self.last = datetime.now(crm.settings.time_zone).date()

    def tell(self) -> None:
        """Tell every working day, then leave today's and tomorrow's work undone."""
        self.crm.day = self.last - timedelta(days=DAYS)
        with self.crm.transaction("init"):
            self._team()
            self._price_list()
        days = list(self._working_days())
        for number, self.crm.day in enumerate(days):
            self._one_day(len(days) - number)
        self._this_morning()

    def _working_days(self) -> Iterator[date]:
        for number in range(DAYS, 0, -1):
            day = self.last - timedelta(days=number)
            if day.weekday() < 5:
                yield day

    def _one_day(self, days_left: int) -> None:
        self.crm.at_hour(9)
        self.work.routines(days_left)
        for hour, part in ((10, self.clients.day), (12, self.deals.day), (15, self.work.day)):
            self.crm.at_hour(hour)
            part()
        self.crm.at_hour(17)
        self.deals.papers(days_left)
        self.maker.day(days_left)
        self.deals.unfinished(days_left)
        self._heard(days_left)

    def _heard(self, days_left: int) -> None:
        """Tell what came from outside: calls, letters, messages, money."""
        for one in self.outside:
            one.day(days_left)

    def _this_morning(self) -> None:
        """Leave requests that nobody has taken yet, and what is to be done now."""
        self.crm.day = self.last
        self.crm.at_hour(9)
        for _request in range(3):
            self.clients.request()
        self.work.routines(0)
        self.maker.day(0)
        self.maker.morning()
        self.work.next_steps()
        self.work.reminders()
        self.deals.draft()
        self._heard(0)

    def _team(self) -> None:
        maker = (self.crm.maker, self.crm.maker, "admin")
        for login, name, role in (maker, *self.cast.users):
            email = f"{login}@{self.domain}" if login != self.crm.maker else self.cast.own["email"]
            values = {"name": name, "department": "sales", "email": email}
            known = self.crm.users.by_login(login)
            if known is None:
                self.crm.users.add(login=login, role=role, **values)
            else:
                self.crm.users.set(known.id, *(Edit(field, "=", value) for field, value in values.items()))

    def _price_list(self) -> None:
        for goods in self.cast.goods:
            self.crm.products.add(**goods._asdict())

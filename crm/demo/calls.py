"""Calls of the demo, told as an exchange tells them: answered, missed and called back, one from a stranger."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.demo.part import Part

if TYPE_CHECKING:
    import random

    from crm.demo.cast import Cast
    from crm.demo.clients import Clients
    from crm.demo.world import World


class Ring(NamedTuple):
    """A call so many working days before this morning, of so many seconds (0: nobody answered).

    The same `who` is the same number; without one it is a stranger's.
    """

    days_left: int
    direction: str
    seconds: int
    who: int = -1


RINGS = (
    Ring(9, "in", 214, 0),
    Ring(8, "out", 96, 1),
    Ring(7, "in", 0, 2),
    Ring(6, "out", 131, 2),
    Ring(5, "in", 342, 3),
    Ring(4, "out", 0, 4),
    Ring(3, "out", 187, 4),
    Ring(2, "in", 75, 5),
    Ring(1, "in", 164, 1),
    Ring(1, "out", 58, 3),
    Ring(0, "in", 126, 0),
    Ring(0, "out", 203, 5),
    Ring(0, "in", 0, 3),
    Ring(0, "in", 0),
)


class Calls(Part):
    """Who called whom."""

    def __init__(self, crm: World, cast: Cast, dice: random.Random, kept: set[str], clients: Clients) -> None:
        super().__init__(crm, cast, dice, kept)
        self.clients = clients
        self.known: dict[int, tuple[str, str]] = {}
        """The owner and the number of each who."""

    def day(self, days_left: int) -> None:
        """Tell the calls of a day."""
        for number, ring in enumerate(RINGS):
            if ring.days_left == days_left and self.nouns("call"):
                owner, phone = self._whose(ring.who)
                with self.crm.by(owner):
                    self.verbs("call").note(
                        key=f"pbx:{1001 + number}",
                        direction=ring.direction,
                        number=phone,
                        extension=str(101 + max(ring.who, 0)),
                        status="answered" if ring.seconds else "missed",
                        started=self.crm.clock(),
                        duration=ring.seconds,
                        line=self.cast.own["phone"],
                    )

    def _whose(self, who: int) -> tuple[str, str]:
        """Return the owner and the number of somebody with an open deal, of every second one of the maker's."""
        if who not in self.known:
            found = [] if who < 0 else self._with_phones(own=who % 2 == 0)
            self.known[who] = self.dice.choice(found) if found else (self.crm.maker, self.clients.phone())
        return self.known[who]

    def _with_phones(self, *, own: bool) -> list[tuple[str, str]]:
        taken = {phone for _owner, phone in self.known.values()}
        deals = [one for one in self.crm.deals.find(sort="id") if not one.outcome]
        found = [
            (deal.owner, contact.phones[0])
            for deal in deals
            if (deal.owner == self.crm.maker) == own and deal.contacts
            for contact in [self.crm.contacts.get(deal.contacts[0])]
            if contact.phones
        ]
        return [one for one in found if one[1] not in taken]

"""Messages of the demo: a few conversations with clients, one of which waits for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.demo.part import Part
from crm.demo.words import WORDS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from crm.demo.cast import Cast
    from crm.demo.world import World
    from crm.model.deal import Deal

DAYS = (0, 3, 6)
"""How many working days before this morning each conversation was."""


class Chats(Part):
    """Who sent messages."""

    def __init__(self, crm: World, cast: Cast, dice: random.Random, kept: set[str]) -> None:
        super().__init__(crm, cast, dice, kept)
        self.known: set[str] = set()
        """The contacts who have written."""

    def day(self, days_left: int) -> None:
        """Tell the conversations of a day."""
        words = WORDS[self.crm.settings.language]
        if days_left in DAYS and self.nouns("message"):
            chosen = next(self._deals(own=days_left == 0), None)
            if chosen is not None:
                self.known.add(chosen.contacts[0])
                self._talk(chosen, words.channel, words.chats[DAYS.index(days_left)])

    def _deals(self, *, own: bool) -> Iterator[Deal]:
        """Yield the open deals, the maker's or the others', of people who have not written yet."""
        for deal in self.crm.deals.find(sort="id"):
            new = bool(deal.contacts) and deal.contacts[0] not in self.known
            if new and not deal.outcome and (deal.owner == self.crm.maker) == own:
                yield deal

    def _talk(self, deal: Deal, channel: str, said: tuple[str, ...]) -> None:
        contact, messages = self.crm.contacts.get(deal.contacts[0]), self.verbs("message")
        phone = next(iter(contact.phones), "")
        heard = None
        for number, text in enumerate(said):
            with self.crm.by(deal.owner):
                if number % 2 == 0 or heard is None:
                    heard = messages.note(
                        channel=channel,
                        key=f"{deal.id}-{number}",
                        chat=phone.lstrip("+"),
                        text=text,
                        name=contact.label,
                        phone=phone,
                        time=self.crm.clock(),
                    )
                else:
                    self._answer(heard.id, text)

    def _answer(self, heard: int, text: str) -> None:
        """Answer, and note that the answer arrived: no channel is connected that could tell."""
        answer = self.verbs("message").reply(heard, text)
        list(self.verbs("message").deliver())
        self.verbs("message").decide(answer.id, again=False)

"""The mailing of the demo: a segment, a letter to everybody in it, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.demo.letters import Writer
from crm.demo.part import Part
from crm.demo.words import WORDS

if TYPE_CHECKING:
    import random

    from crm.demo.cast import Cast
    from crm.demo.letters import Letters
    from crm.demo.world import World

SENT_ON, ANSWERED_ON = 34, 32
"""How many working days before this morning the letters went out, and somebody answered."""


class Campaign(Part):
    """A mailing by the head of sales."""

    def __init__(self, crm: World, cast: Cast, dice: random.Random, kept: set[str], letters: Letters) -> None:
        super().__init__(crm, cast, dice, kept)
        self.letters = letters
        self.words = WORDS[crm.settings.language]
        self.number = 0

    def day(self, days_left: int) -> None:
        """Tell what a day brings to the mailing."""
        if not self.nouns("segment", "mailing", "dispatch", "unsubscribe"):
            return
        if days_left == SENT_ON:
            with self.crm.by(self.cast.users[0][0]):
                self._send()
        elif days_left == ANSWERED_ON and self.number:
            self._hear()

    def _send(self) -> None:
        segment = self.verbs("segment").add(name=self.words.segment, query="emails is not empty")
        mailing = self.verbs("mailing").add(
            name=self.words.mailing,
            segment=segment.ref,
            subject=self.words.subject,
            template=self.words.template,
            from_address=self.cast.own["email"],
        )
        self.number = mailing.id
        self.verbs("mailing").start(mailing.id)
        for one in self._letters():
            if self.verbs("dispatch").claim(one.id, f"<mailing.{one.id}@{self.domain}>"):
                self.verbs("dispatch").settle(one.id, "sent")
        self.verbs("mailing").resume(mailing.id, again=False)

    def _letters(self) -> list[Any]:
        found: list[Any] = self.verbs("dispatch").of(f"mailing/{self.number}")
        return found

    def _hear(self) -> None:
        """Tell what came of the mailing: a letter came back, somebody left, somebody answered."""
        back, gone, answered = self._letters()[1:4]
        self.verbs("dispatch").bounced(back.message_id, self.words.bounced)
        self.verbs("unsubscribe").leave(gone.token, self.words.leaves)
        if self.nouns("letter"):
            client = Writer(self.crm.record(answered.recipient).label, answered.address)
            company = Writer(self.cast.own["name"], self.cast.own["email"])
            letter = self.letters.letter(
                client, company, f"Re: {self.words.mailing}", self.words.answers, answered.message_id
            )
            self.letters.take(letter, self.cast.users[0][0])
        self._sell(answered)

    def _sell(self, answered: Any) -> None:
        """Make the deal that the answer led to."""
        goods, head = self.cast.goods[0], self.cast.users[0][0]
        contact = self.crm.contacts.get(answered.recipient)
        company = {"company": contact.companies[0]} if contact.companies else {}
        with self.crm.by(head):
            title = f"{contact.label}, {goods.name}"
            self.crm.deals.add(title=title, contacts=[contact.ref], items=[f"{goods.sku}*20"], owner=head, **company)

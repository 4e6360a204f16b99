"""Letters of the demo, taken in as a box brings them: two threads with clients, a stranger, an answer to a mailing."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, NamedTuple

from crm.demo.part import Part
from crm.demo.words import WORDS

if TYPE_CHECKING:
    import random

    from crm.demo.cast import Cast
    from crm.demo.world import World
    from crm.model.deal import Deal

OWN, OTHER, STRANGER = "own", "other", "stranger"
LETTERS = (
    (8, OTHER, "out", "offered"),
    (7, OTHER, "in", "bargains"),
    (6, OTHER, "out", "agreed"),
    (4, OWN, "in", "asked"),
    (3, OWN, "out", "answered"),
    (1, STRANGER, "in", "stranger"),
    (0, OWN, "in", "hurries"),
)
"""How many working days before this morning, in which thread, which way, and what is said."""
FILE = "ГОСТ 8267-93\nГОСТ 31424-2010\n"


class Writer(NamedTuple):
    """Somebody who writes letters, in the name and under the address that stand in them."""

    name: str
    address: str


class Letters(Part):
    """Who wrote to whom."""

    def __init__(self, crm: World, cast: Cast, dice: random.Random, kept: set[str]) -> None:
        super().__init__(crm, cast, dice, kept)
        self.words = WORDS[crm.settings.language]
        self.threads: dict[str, tuple[Writer, str]] = {}
        """The client of a thread and the login of who answers him."""
        self.subjects: dict[str, str] = {}
        self.last: dict[str, str] = {}
        """The Message-ID that the next letter of a thread answers."""

    def day(self, days_left: int) -> None:
        """Tell the letters of a day."""
        if not self.nouns("letter"):
            return
        if days_left == LETTERS[0][0]:
            self._choose()
        for day, thread, way, said in LETTERS:
            if day == days_left and thread in self.threads:
                self._write(thread, way, getattr(self.words, said))

    def _choose(self) -> None:
        """Choose a client of the maker's, one of somebody else's, and invent a stranger."""
        deals = [one for one in self.crm.deals.find(sort="-id") if not one.outcome and one.contacts]
        for deal in reversed(deals):
            thread = OWN if deal.owner == self.crm.maker else OTHER
            client = self._client(deal)
            if client.address:
                self.threads[thread] = client, deal.owner
        stranger = Writer(self.words.stranger_name, f"stranger@{self.domain}")
        self.threads[STRANGER] = stranger, self.crm.maker

    def _client(self, deal: Deal) -> Writer:
        contact = self.crm.contacts.get(deal.contacts[0])
        return Writer(contact.label, next(iter(contact.emails), ""))

    def _user(self, login: str) -> Writer:
        user = self.crm.users.by_login(login)
        return Writer(user.name, user.email) if user else Writer(login, "")

    # --- one letter --------------------------------------------------------------------------------------------------

    def _write(self, thread: str, way: str, said: str | tuple[str, str]) -> None:
        client, login = self.threads[thread]
        user = self._user(login)
        subject, text = said if isinstance(said, tuple) else (f"Re: {self.subjects[thread]}", said)
        self.subjects.setdefault(thread, subject)
        sides = (client, user) if way == "in" else (user, client)
        letter = self.letter(*sides, subject, text, self.last.get(thread, ""))
        if said == self.words.answered:
            letter.add_attachment(FILE, filename=self.words.papers)
        self.last[thread] = str(letter["Message-ID"])
        self.take(letter, login)

    def letter(self, sender: Writer, to: Writer, subject: str, text: str, answers: str = "") -> EmailMessage:
        """Return a letter as it stands in a box; `answers` is the Message-ID of another."""
        made = EmailMessage()
        made["From"], made["To"] = formataddr((sender.name, sender.address)), formataddr((to.name, to.address))
        made["Subject"] = subject
        made["Date"] = format_datetime(datetime.fromisoformat(self.crm.clock()))
        made["Message-ID"] = f"<{self.crm.day:%Y%m%d}.{self.dice.randrange(10**9)}@{self.domain}>"
        if answers:
            made["In-Reply-To"] = answers
        made.set_content(f"{self.words.greeting}\n\n{text}\n\n{self.words.regards}\n{sender.name}\n")
        return made

    def take(self, letter: EmailMessage, login: str) -> None:
        """Take a letter in; one of ours is the answer that was waited for."""
        with self.crm.by(login):
            taken = self.verbs("letter").take_in(letter.as_bytes())
            if taken.direction == "out":
                for one in self.verbs("letter").thread_of(taken.id):
                    for ref in one.activities:
                        if not self.crm.record(ref).done:
                            self.crm.activities.done(ref, taken.subject)

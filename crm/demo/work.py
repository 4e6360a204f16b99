"""Activities of the demo: planned for deals, done with a result, and what is left for today and tomorrow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm.demo.part import Part

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.model.record import Record

ROUTINES_FROM = 15
"""How many working days before this morning the regular activities were set up."""
DUE = (-3, 0, 1, 2, 5)
"""For how many days ahead the next steps of deals are left."""


class Work(Part):
    """Who has what to do."""

    def day(self) -> None:
        """Do what is due, nearly all of it, and plan the next steps of some deals."""
        today = self.crm.day.isoformat()
        for activity in list(self.crm.activities.find(sort="id")):
            late = activity.doc.get("due", "9") < today
            due = not activity.done and activity.doc.get("due", "9")[:10] <= today
            if due and self.dice.random() < (0.97 if late else 0.9):
                self.do(activity)
        for deal in self.open_deals():
            if self.dice.random() < 0.12:
                self.plan(deal, self.dice.randrange(1, 6))

    def do(self, activity: Activity) -> None:
        """Do an activity, with a result."""
        with self.crm.by(activity.owner):
            self.crm.activities.done(activity.id, self.dice.choice(self.cast.results), outcome="success")

    def plan(self, about: Record, days: int, kind: str = "") -> Activity:
        """Plan the next step of a deal or a lead; a meeting has its hour."""
        ways = (("call", self.cast.call), ("call", self.cast.call), ("meeting", self.cast.meeting))
        chosen = [one for one in (*ways, ("letter", self.cast.letter)) if kind in ("", one[0])]
        kind, subject = self.dice.choice(chosen)
        values: dict[str, object] = {"kind": kind, "subject": subject, "about": about.ref, "owner": about.owner}
        if kind in ("call", "letter"):
            values["direction"] = "out"
        if kind == "call":
            values["duration"] = self.dice.randrange(40, 600)
        day = (self.crm.day + timedelta(days=days)).isoformat()
        values["due"] = f"{day} {self.dice.randrange(9, 18):02d}:00" if kind == "meeting" else day
        with self.crm.by(about.owner):
            return self.crm.activities.add(**values)

    def routines(self, days_left: int) -> None:
        """Set up the regular activities of the head on their day, and plan those that are due."""
        if days_left <= ROUTINES_FROM and self.nouns("routine"):
            with self.crm.by(self.cast.users[0][0]):
                if days_left == ROUTINES_FROM:
                    self.verbs("routine").starter()
                list(self.verbs("routine").plan_due())

    def next_steps(self) -> None:
        """Leave overdue, today's and tomorrow's work, and a deal or two without a next step."""
        for number, deal in enumerate(self.open_deals()):
            if number % 4 != 3:
                self.plan(deal, DUE[number % 5])

    def reminders(self) -> None:
        """Leave whoever made the workspace some clients whose payment is late."""
        if not self.nouns("invoice"):
            return
        late = [one for one in self.verbs("invoice").open() if one.company]
        for invoice, days in zip(late, (-1, 0, 1), strict=False):
            due = (self.crm.day + timedelta(days=days)).isoformat()
            self.crm.activities.add(
                subject=f"{self.cast.remind} {invoice.number}",
                kind="call",
                direction="out",
                about=invoice.company,
                due=due,
                owner=self.crm.maker,
            )

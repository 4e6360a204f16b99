"""Giving reminders: to the owner in the console and by mail, to the client by mail before a meeting (T15, T16)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError
from crm.locale import _, ngettext
from crm.plugins.planner.occasions import read_time
from crm.plugins.planner.reminder import CLIENT, OWNER, Reminder
from crm.plugins.planner.settings import PlannerSettings
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.model.activity import Activity
    from crm.model.fields import Doc

LATE = timedelta(hours=12)
"""How long after its time an activity is still reminded of, where no clock ticked in time."""


class Reminders(Collection[Reminder]):
    """All reminders."""

    @property
    def rules(self) -> PlannerSettings:
        """Return `config/planner.yaml`."""
        return self.crm.settings.section("planner", PlannerSettings)

    def give(self, now: datetime) -> Iterator[Reminder]:
        """Give the reminders that are due at `now`, each once for a time of an activity.

        What has a day and no time is told in the morning, all of it in one letter.
        """
        mornings: dict[str, list[int]] = {}
        for activity in self._near(now):
            for whom, at in self._moments(activity):
                if at > now:
                    continue
                if not isinstance(activity.due, datetime):
                    mornings.setdefault(activity.owner, []).append(activity.id)
                elif (made := self._give(activity.id, whom, now)) is not None:
                    yield made
        for owner, ids in mornings.items():
            yield from self._morning(owner, ids, now)

    def _morning(self, owner: str, ids: list[int], now: datetime) -> list[Reminder]:
        """Give the reminders of a day to one person, with one letter for all of them."""
        with self.crm.writing("reminder") as draft:
            given = (self._give(number, OWNER, now, by_mail=False) for number in ids)
            made = [one for one in given if one is not None]
            if made:
                fields = self._sending(lambda: self._day_letter(owner, made))
                draft.update("reminder", made[0].id, fields)
            return made

    def _near(self, now: datetime) -> list[Activity]:
        """Return what is to be done soon: from a while ago to as far ahead as anybody is reminded."""
        from tinydb.queries import where

        ahead = timedelta(minutes=max(self.rules.owner.minutes, self.rules.client.minutes))
        first, last = (now - LATE - timedelta(days=1)).date(), (now + ahead + timedelta(days=2)).date()
        query: Any = (where("due") >= first.isoformat()) & (where("due") < last.isoformat())
        pending = query & ~(where("done") == True)  # noqa: E712 - a query
        return [one for one in self.crm.collection("activity").find(pending) if self._start(one) >= now - LATE]

    def _start(self, activity: Activity) -> datetime:
        """Return when an activity begins; one of a whole day in the morning."""
        due: date | datetime = activity.due  # type: ignore[assignment]
        if isinstance(due, datetime):
            return due.astimezone(UTC)
        morning = read_time(self.rules.owner.morning) or time(9)
        return datetime.combine(due, morning, self.crm.settings.time_zone).astimezone(UTC)

    def _moments(self, activity: Activity) -> Iterator[tuple[str, datetime]]:
        owner, client, start = self.rules.owner, self.rules.client, self._start(activity)
        timed = isinstance(activity.due, datetime)
        if timed and owner.minutes:
            yield OWNER, start - timedelta(minutes=owner.minutes)
        if not timed and owner.morning:
            yield OWNER, start
        if timed and client.minutes and activity.kind in client.kinds:
            yield CLIENT, start - timedelta(minutes=client.minutes)

    def _give(self, record_id: int, whom: str, now: datetime, *, by_mail: bool = True) -> Reminder | None:
        activities = self.crm.collection("activity")
        with self.crm.writing("reminder") as draft:
            activity: Activity = activities.record(activities.doc(record_id))
            slot = f"{activity.ref} {activity.doc.get('due')} {whom}"
            if activity.done or "deleted" in activity.doc or self.crm.store.index.lookup("reminder", "slot", slot):
                return None
            if whom == CLIENT and self._start(activity) <= now:
                return None
            fields: Doc = {
                "owner": activity.owner,
                "subject": activity.subject,
                "activity": activity.ref,
                "to": whom,
                "due": activity.doc["due"],
                "slot": slot,
            }
            return self.record(
                draft.create("reminder", {**fields, **(self._mailed(activity, whom) if by_mail else {})})
            )

    # --- by mail -----------------------------------------------------------------------------------------------------

    def _mailed(self, activity: Activity, whom: str) -> Doc:
        """Queue the letter of a reminder; say why where none can go to a client."""
        found = self._sending(lambda: self._to_client(activity) if whom == CLIENT else self._to_owner(activity))
        return found or ({"problem": _("No mail server is set.")} if whom == CLIENT else {})

    def _sending(self, queue: Callable[[], str]) -> Doc:
        """Return the letter that was queued, or why not; nothing where there is no mail at all."""
        from crm.plugins.mailings.letter import mail_settings

        if "letter" not in self.crm.nouns or not mail_settings(self.crm).smtp.host:
            return {}
        try:
            letter = queue()
        except CrmError as error:
            return {"problem": str(error.message)[:300]}
        return {"letter": letter} if letter else {}

    def _address(self, login: str) -> str:
        """Return the address that a person is reminded at, empty for none."""
        users = self.crm.collection("user").having("login", login) if self.rules.owner.mail else []
        return str(users[0].doc.get("email") or "") if users else ""

    def _day_letter(self, owner: str, made: list[Reminder]) -> str:
        address = self._address(owner)
        if not address:
            return ""
        lines = [f"- {one.subject} ({one.activity})" for one in made]
        subject = ngettext("{n} activity today", "{n} activities today", len(made)).format(n=len(made))
        return self._queued((address,), subject, "\n".join(lines), owner, "")

    def _to_owner(self, activity: Activity) -> str:
        address = self._address(activity.owner)
        if not address:
            return ""
        about = f"\n{self.crm.record(activity.about).label} ({activity.about})" if activity.about else ""
        subject = _("Reminder: {subject}, {when}").format(subject=activity.subject, when=self.when(activity))
        return self._queued(
            (address,), subject, f"{activity.subject}\n{self.when(activity)}{about}", activity.owner, ""
        )

    def _to_client(self, activity: Activity) -> str:
        words = {"subject": activity.subject, "when": self.when(activity), "company": self._company()}
        rules = self.rules.client
        subject = rules.subject or _("We meet {when}")
        text = rules.text or _("Good day!\n\nThis is a reminder of our meeting: {subject}, {when}.\n\n{company}")
        filled = [_filled(one, words) for one in (subject, text)]
        return self._queued((), filled[0], filled[1], activity.owner, activity.about or "")

    def _company(self) -> str:
        settings = self.crm.settings
        return settings.company.name or settings.account.name

    def _queued(self, to: tuple[str, ...], subject: str, text: str, owner: str, about: str) -> str:
        from crm.plugins.mailbox.composing import Draft, addressees

        letters: Any = self.crm.collection("letter")
        to = to or tuple(addressees(self.crm, to, about))
        draft = Draft(to, subject, text, about, automatic=True, owner=owner)
        return str(letters.write(draft).ref)

    def when(self, activity: Activity) -> str:
        """Return when an activity is, as people of the workspace say it."""
        due = activity.due
        if isinstance(due, datetime):
            return f"{due.astimezone(self.crm.settings.time_zone):%d.%m.%Y %H:%M}"
        return f"{due:%d.%m.%Y}" if due else ""

    # --- in the console ----------------------------------------------------------------------------------------------

    def open_for(self, login: str) -> list[Reminder]:
        """Return what a person was reminded of and has neither done nor put away, the latest first."""
        from tinydb.queries import where

        query: Any = (where("owner") == login) & ~(where("seen") == True)  # noqa: E712 - a query
        found = list(self.find(query, sort="-due", limit=100))
        docs = self.crm.collection("activity").many(int(str(one.activity).partition("/")[2]) for one in found)
        open_ones = {one.ref: one.doc.get("due") for one in docs.values() if not one.done and "deleted" not in one.doc}
        return [one for one in found if open_ones.get(str(one.activity)) == one.doc.get("due")]

    def put_away(self, key: int | str) -> Reminder:
        """Note that a reminder was seen: it is not shown any more."""
        with self.crm.writing("reminder seen") as draft:
            stored = self.editable(self.id_of(key))
            return self.record(draft.update("reminder", stored["id"], {"seen": True}))


def _filled(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace("{" + name + "}", value)
    return text.strip()

"""The verbs of routines: judged when written, planned when their day comes, one open activity at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.planner.occasions import FARTHEST, occasions, read_days, read_time
from crm.plugins.planner.routine import MONTH, WEEK, Routine
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm.model.activity import Activity
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.store.draft import Draft

NAMED = 8
"""How many records of a checklist the subject of its activity names."""


class Routines(Collection[Routine]):
    """All routines."""

    def complete(self, doc: Doc) -> Doc:
        """Return a new routine whose days and condition can be read; it begins today where nothing else is said."""
        doc = super().complete(doc)
        doc.setdefault("starts", self.crm.today().isoformat())
        self._check(doc)
        return doc

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change that can be read."""
        self._check({**stored, **fields})
        super().change(draft, stored, fields)

    def _check(self, doc: Doc) -> None:
        read_days(doc.get("every") or WEEK, doc.get("on") or "")
        read_time(doc.get("time") or "")
        if doc.get("about_noun"):
            self._query(doc)
        elif doc.get("query") or doc.get("each"):
            raise InvalidValue(
                _("It is not said of which records the condition is."), _("Add --about-noun invoice, deal …")
            )

    def _query(self, doc: Doc) -> Any:
        from crm.sales.filtering import parse

        noun = self.crm.collection(doc["about_noun"]).noun
        return parse(self.crm, noun, doc["query"]) if doc.get("query") else None

    # --- when --------------------------------------------------------------------------------------------------------

    def days(self, routine: Routine, since: date, until: date) -> list[date]:
        """Return the days of a routine in a period, its own beginning and end regarded."""
        first = max(filter(None, (since, routine.starts)))
        last = min(filter(None, (until, routine.ends)))
        departments, users = self.crm.settings.departments, self.crm.collection("user").having("login", routine.owner)
        department = (users[0].doc.get("department") if users else "") or departments.only

        def works(day: date) -> bool:
            return departments.works(department, day)

        return list(occasions(routine.every, routine.on, first, last, works)) if first <= last else []

    def next_day(self, routine: Routine) -> date | None:
        """Return the day for which a routine is planned next, None where there is none within a year."""
        today = self.crm.today()
        since = max(today, routine.last + timedelta(days=1)) if routine.last else today
        return None if routine.paused else next(iter(self.days(routine, since, today + timedelta(days=FARTHEST))), None)

    # --- planning ----------------------------------------------------------------------------------------------------

    def plan_due(self) -> Iterator[Activity]:
        """Plan what is due today or was due while nobody looked; of several days gone by only the last."""
        from tinydb.queries import where

        for routine in list(self.find(~(where("paused") == True))):  # noqa: E712 - a query
            yield from self._plan(routine.id)

    def _plan(self, record_id: int) -> list[Activity]:
        with self.crm.writing("routine plan") as draft:
            routine, today = self.record(self.doc(record_id)), self.crm.today()
            since = routine.last + timedelta(days=1) if routine.last else today - timedelta(days=31)
            days = self.days(routine, since, today)
            if not days or self._is_waiting(routine):
                return []
            made = list(self._activities(routine, days[-1]))
            planned = {"activity": made[0].ref} if made else {}
            draft.update("routine", routine.id, {"last": days[-1].isoformat(), **planned})
            return made

    def _is_waiting(self, routine: Routine) -> bool:
        """Tell whether the activity planned before is still to be done: it is not planned twice."""
        ref = routine.activity
        doc = self.crm.doc("activity", int(ref.partition("/")[2])) if ref and not routine.each else None
        return doc is not None and not doc.get("done") and "deleted" not in doc

    def _activities(self, routine: Routine, day: date) -> Iterator[Activity]:
        if not routine.about_noun:
            yield self._activity(routine, day, routine.subject, routine.about)
            return
        found = list(self.crm.collection(routine.about_noun).find(self._query(routine.doc)))
        if routine.each:
            for record in found:
                if not self._planned_for(routine, record):
                    yield self._activity(routine, day, f"{routine.subject}: {record.label}", record.ref, record)
        elif found:
            yield self._activity(routine, day, _listed(routine.subject, found), routine.about)

    def _planned_for(self, routine: Routine, record: Record) -> bool:
        subject = f"{routine.subject}: {record.label}"
        about = self.crm.collection("activity").having("about", record.ref)
        return any(one.subject == subject and not one.done for one in about)

    def _activity(
        self, routine: Routine, day: date, subject: str, about: str | None, record: Record | None = None
    ) -> Activity:
        at = read_time(routine.time)
        due: date | datetime = datetime.combine(day, at, self.crm.settings.time_zone) if at else day
        owner = (record.doc.get("owner") if record is not None else "") or routine.owner
        given = {"about": about} if about else {}
        added: Activity = self.crm.collection("activity").add(
            kind=routine.kind, subject=subject, due=due, owner=owner, **given
        )
        return added

    def starter(self) -> list[Routine]:
        """Add the three usual ones: issue invoices, watch payments, collect signed acts; those that are missing."""
        there = {routine.subject for routine in self.find()}
        with self.crm.writing("routine starter"):
            return [self.add(**values) for values in _usual(self.crm.nouns) if values["subject"] not in there]


def _usual(nouns: Any) -> Iterator[dict[str, Any]]:
    yield {"subject": _("Issue invoices"), "kind": "invoice", "every": MONTH, "on": "25", "time": "10:00"}
    payments: dict[str, Any] = {"subject": _("Watch payments"), "every": WEEK, "on": "mon, thu", "time": "10:00"}
    if "invoice" in nouns:
        payments |= {"about_noun": "invoice", "query": "status in (issued, sent, partly_paid) and due < today"}
    yield payments
    acts: dict[str, Any] = {"subject": _("Collect signed acts"), "every": MONTH, "on": "5", "time": "10:00"}
    if "document" in nouns:
        acts |= {"about_noun": "document", "query": "kind = act and signed_at is empty"}
    yield acts


def _listed(subject: str, found: list[Record]) -> str:
    names = ", ".join(record.label for record in found[:NAMED])
    more = _(" and {n} more").format(n=len(found) - NAMED) if len(found) > NAMED else ""
    return f"{subject} ({len(found)}): {names}{more}"

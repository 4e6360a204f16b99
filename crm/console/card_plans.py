"""What is next with a record: the activities that wait, and the form of a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.board import ICONS
from crm.console.controls import Controls, control, options
from crm.console.record_view import RecordView
from crm.locale import _
from crm.model.fields import Choice

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.model.activity import Activity

_ALONE = ("activity", "user", "product", "payment")


class Plans(RecordView):
    """The activities about a record."""

    def context(self) -> Context | None:
        """Return what `card.html` shows of activities, None for a record that has none."""
        if self.noun.name in _ALONE:
            return self._own_activity() if self.noun.name == "activity" and not self.doc.get("done") else None
        found = self.crm.activities.having("about", self.record.ref)
        waiting = sorted((one for one in found if not one.done), key=lambda one: str(one.doc.get("due") or "9"))
        return {
            "open": [shown_activity(self.visit, one) for one in waiting],
            "add": self._plan() if self.editable else None,
            "empty": _("Nothing is planned: without a next step it comes to a stop."),
        }

    def _own_activity(self) -> Context:
        return {"open": [shown_activity(self.visit, self.record)], "add": None, "empty": ""}  # type: ignore[arg-type]

    def _plan(self) -> Context:
        kinds = [(entry.id, entry.title.text()) for entry in self.shown.dictionary("activity_kinds").entries]
        fields = [
            control("subject", _("What to do"), required=True, wide=True),
            control("kind", _("Kind"), "select", options=options(kinds, ["task"])),
            control("due", _("When"), "time"),
        ]
        return {"title": _("Plan"), "address": self.url.add("activity"), "fields": fields}


def shown_activity(visit: Visit, one: Activity) -> Context:
    """Return an activity that waits, as `activity_parts.html` shows it."""
    due, shown = one.due, visit.shown
    overdue = due is not None and shown.clock.day(due) < shown.clock.today
    noun = visit.crm.nouns["activity"]
    field = noun.fields["outcome"]
    results = Controls(shown, noun).choices(field) if isinstance(field, Choice) else []
    return {
        "id": one.id,
        "rev": one.rev,
        "icon": ICONS.get(one.kind, "task"),
        "what": shown.dictionary("activity_kinds").title(one.kind),
        "subject": one.subject,
        "address": visit.url.card("activity", one.id),
        "due": shown.clock.moment(due) if due is not None else None,
        "tone": "bad" if overdue else "",
        "owner": shown.person(one.owner),
        "about": None,
        "results": options(results, (), "—"),
        "editable": bool(visit.crm.guard.may("edit", "activity", one.doc)),
    }

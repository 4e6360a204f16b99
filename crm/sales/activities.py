"""The verbs of activities: plan, log, do, postpone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import Refused
from crm.locale import _
from crm.model.activity import Activity
from crm.sales.collection import Collection, Edit

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft


class Activities(Collection[Activity]):
    """All activities (дела)."""

    created_event = "on_activity_added"

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values of an activity; `done` with a time logs one that already happened."""
        self._done = values.pop("done", None)
        return values

    _done: object = None

    def complete(self, doc: Doc) -> Doc:
        """Return a new activity: a task unless its kind is given, subject from the kind where none is given."""
        doc.setdefault("kind", "task")
        if not doc.get("subject"):
            doc["subject"] = self.crm.settings.dictionary("activity_kinds").title(doc["kind"])
        return super().complete(doc)

    def add_historic(self, draft: Draft, fields: Doc) -> Activity:
        """Add an activity of the past: one with a time of doing was done."""
        if fields.get("done_at") or fields.get("done"):
            done_at = fields.get("done_at") or fields.get("due") or draft.time
            fields = {**fields, "done": True, "done_at": done_at}
        self.crm.guard.check("create", "activity", None)
        return self._create(draft, fields)

    def after_add(self, draft: Draft, record: Activity) -> None:
        """Mark as done what is logged as done."""
        done, self._done = self._done, None
        if done and str(done).casefold() not in ("no", "false", "0"):
            self._finish(draft, record.doc, str(record.result))

    def done(self, key: int | str, result: str = "", *, outcome: str = "") -> Activity:
        """Mark an activity as done, with its result."""
        with self.crm.writing("activity done") as draft:
            stored = self.editable(self.id_of(key))
            if stored.get("done"):
                raise Refused(_("activity/{id} is done already.").format(id=stored["id"]))
            self._finish(draft, stored, result, outcome)
            return self.record(self.doc(stored["id"]))

    def _finish(self, draft: Draft, stored: Doc, result: str, outcome: str = "") -> None:
        fields = {"done": True, "done_at": stored.get("done_at") or draft.time}
        if result:
            fields |= self.noun.read({"result": result}, self.crm.customs)
        if outcome:
            fields |= self.noun.read({"outcome": outcome}, self.crm.customs)
        draft.update("activity", stored["id"], fields)
        draft.emit("on_activity_done", f"activity/{stored['id']}")

    def has_next(self, activity: Activity) -> bool:
        """Tell whether something more is planned about what an activity was about; it needs nothing once closed."""
        about = activity.about
        if not about or self.crm.record(about).doc.get("outcome"):
            return True
        return any(not one.done for one in self.having("about", about))

    def follow(self, activity: Activity, subject: str, due: object = None, kind: str = "") -> Activity:
        """Plan the next step after an activity: about the same record, of the same owner."""
        given = {"about": activity.about, "due": due, "kind": kind or "task", "owner": activity.owner}
        return self.add(subject=subject, **{name: value for name, value in given.items() if value})

    def postpone(self, key: int | str, due: object, reason: str = "") -> Activity:
        """Move an activity to another day or time, keeping the reason in its comment."""
        with self.crm.writing("activity postpone"):
            stored = self.editable(self.id_of(key))
            if stored.get("done"):
                raise Refused(_("activity/{id} is done already.").format(id=stored["id"]))
            edits = [Edit("due", "=", due)]
            if reason:
                edits.append(Edit("result", "+=", reason))
            return self.set(stored["id"], *edits)

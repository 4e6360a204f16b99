"""The verbs of processes: start, go on to the next step, cancel."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm.errors import Refused
from crm.locale import _
from crm.plugins.processes.process import DONE, RUNNING, STOPPED, Process
from crm.plugins.processes.routine import Routine, Step, routine
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.model.fields import Doc
    from crm.store.draft import Draft
    from crm.workspace import Workspace


class Processes(Collection[Process]):
    """All processes."""

    if TYPE_CHECKING:
        crm: Workspace

    def start(self, name: str, about: str) -> Process:
        """Start a routine for a record: its first step becomes an activity. Refused while it runs there already."""
        return self.add(routine=name, about=about)

    def complete(self, doc: Doc) -> Doc:
        """Return a new process: the routine by its id, a title, the owner of the record that it is about."""
        self._require(doc)
        found = routine(self.crm, doc["routine"])
        record = self.crm.record(doc["about"])
        self._refuse(found, record.noun, record.ref)
        doc |= {"routine": found.id, "title": f"{found.title.text()}: {record.label}", "state": RUNNING}
        doc.setdefault("owner", record.doc.get("owner") or self.crm.actor)
        return super().complete(doc)

    def _refuse(self, found: Routine, noun: str, about: str) -> None:
        if found.about and noun not in found.about:
            raise Refused(
                _("The process «{process}» is not for a {noun}.").format(process=found.title.text(), noun=noun),
                _("It is for: {nouns}.").format(nouns=", ".join(found.about)),
            )
        for running in self.having("about", about):
            if running.state == RUNNING and running.routine == found.id:
                raise Refused(
                    _("{ref}: this process runs for {about} already.").format(ref=running.ref, about=about),
                    _("See it: crm process show {id}.").format(id=running.id),
                )

    def after_add(self, draft: Draft, record: Process) -> None:
        """Begin the first step."""
        self._go_on(draft, record)

    def _go_on(self, draft: Draft, process: Process) -> None:
        step = routine(self.crm, process.routine).step_after(process.step)
        if step is None:
            draft.update("process", process.id, {"state": DONE, "finished": draft.time})
            return
        activity = self._begin(process, step)
        draft.update("process", process.id, {"step": step.id, "activities": [*process.activities, activity.ref]})

    def _begin(self, process: Process, step: Step) -> Activity:
        """Make the activity of a step; of who has left, it goes to the owner of the process."""
        owner, note = self._who(process, step)
        return self.crm.activities.add(
            kind=step.kind,
            subject=f"{step.title.text()} — {process.title}",
            about=process.about,
            due=self.crm.today() + timedelta(days=step.days),
            owner=owner,
            **({"result": note} if note else {}),
        )

    def _who(self, process: Process, step: Step) -> tuple[str, str]:
        for login in filter(None, (step.owner, process.owner, self.crm.settings.account.default_owner)):
            user = self.crm.users.by_login(login)
            if user is None or user.active:
                skipped = step.owner and step.owner != login
                return login, _("{owner} has left: taken over.").format(owner=step.owner) if skipped else ""
        return self.crm.actor, _("{owner} has left: taken over.").format(owner=step.owner or process.owner)

    def advance(self, activity: str) -> Process | None:
        """Go on with the process whose current step an activity was; return it, None where there is none."""
        for process in self.having("activities", activity):
            if process.state == RUNNING and process.activities[-1] == activity:
                with self.crm.writing("process advance") as draft:
                    self._go_on(draft, process)
                return self.get(process.id)
        return None

    def do(self, key: int | str, result: str = "") -> Process:
        """Do the current step: its activity is done, the next one begins."""
        with self.crm.writing("process do"):
            process = self._running(key)
            activity = self.crm.activities.get(process.activities[-1])
            if not activity.done:
                self.crm.activities.done(activity.id, result)
            advanced = self.advance(activity.ref)
            return advanced or self.get(process.id)

    def cancel(self, key: int | str) -> Process:
        """Stop a process; the activity of its current step goes to the trash with it."""
        with self.crm.writing("process cancel") as draft:
            process = self._running(key)
            current = self.crm.activities.get(process.activities[-1])
            if not current.done:
                draft.update("activity", current.id, {"deleted": draft.time})
            draft.update("process", process.id, {"state": STOPPED, "finished": draft.time})
            return self.get(process.id)

    def _running(self, key: int | str) -> Process:
        process = self.record(self.editable(self.id_of(key)))
        if process.state != RUNNING:
            raise Refused(_("{ref} runs no more.").format(ref=process.ref), _("Start it again: crm process start."))
        return process

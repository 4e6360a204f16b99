"""Processes in the console: the chain of one on its card, those of a client or a deal, one started with a button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.html import day, form, link, table
from crm.locale import _
from crm.plugins.processes.chain import AHEAD, CURRENT, DONE, chain
from crm.plugins.processes.process import RUNNING
from crm.plugins.processes.routine import routines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.record import Record
    from crm.plugins.processes.process import Process
    from crm.plugins.processes.processes import Processes
    from crm.workspace import Workspace


def _processes(crm: Workspace) -> Processes:
    return crm.collection("process")  # type: ignore[return-value]


def steps(crm: Workspace, process: Process) -> dict[str, Any]:
    """Return the steps of a process: what is done, what is to come."""
    states = {DONE: _("done"), CURRENT: _("now"), AHEAD: _("to come")}
    rows = [
        [
            link(f"/{one.activity}", one.title) if one.activity else one.title,
            " · ".join(filter(None, (states[one.state], day(one.due) if one.state == CURRENT else ""))),
        ]
        for one in chain(crm, process)
    ]
    return {"html": table(_("Steps"), [_("Step"), _("State")], rows)}


def panel(crm: Workspace, record: Record) -> dict[str, Any] | None:
    """Return the processes that run for a record, and those that can be started; None without any."""
    running = [one for one in _processes(crm).having("about", record.ref) if one.state == RUNNING]
    busy = {one.routine for one in running}
    free = [one for one in routines(crm) if one.id not in busy and (not one.about or record.noun in one.about)]
    html = Markup("").join(
        Markup('<p>{} <span class="muted">{}</span></p>').format(link(f"/{one.ref}", one.title), _now(crm, one))
        for one in running
    )
    if free and crm.guard.may("create", "process", None):
        choices = Markup("").join(
            Markup('<option value="{}">{}</option>').format(one.id, one.title.text()) for one in free
        )
        fields = Markup(
            '<label for="routine">{}</label><select id="routine" name="routine">{}</select>'
            '<button class="button small">{}</button>'
        ).format(_("Process"), choices, _("Start"))
        html += form("process_start", fields, {"about": record.ref, "back": f"/{record.ref}"})
    return {"html": html} if html else None


def _now(crm: Workspace, process: Process) -> str:
    return next((one.title for one in chain(crm, process) if one.state == CURRENT), "")


def start(crm: Workspace, given: Mapping[str, Any]) -> str:
    """Start a process for a record."""
    made = _processes(crm).start(str(given.get("routine") or ""), str(given.get("about") or ""))
    return _("Started: {title}").format(title=made.title)


def do(crm: Workspace, given: Mapping[str, Any]) -> str:
    """Do the current step of a process."""
    process = _processes(crm).do(str(given.get("record") or ""), str(given.get("result") or "").strip())
    now = _now(crm, process)
    return _("The step is done; the next: {title}").format(title=now) if now else _("The process is finished.")


def cancel(crm: Workspace, given: Mapping[str, Any]) -> str:
    """Stop a process."""
    return _("Stopped: {title}").format(title=_processes(crm).cancel(str(given.get("record") or "")).title)

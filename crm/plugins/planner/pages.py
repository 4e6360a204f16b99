"""Routines, reminders and postponing in the console."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.html import button, links, nothing
from crm.locale import N_, _
from crm.model.report import Figure, Table
from crm.plugins.planner.routine import DAY, MONTH, QUARTER, WEEK

EVERY = {DAY: N_("every day"), WEEK: N_("every week"), MONTH: N_("every month"), QUARTER: N_("every quarter")}
DAYS = (N_("mon"), N_("tue"), N_("wed"), N_("thu"), N_("fri"), N_("sat"), N_("sun"), N_("last"))
"""What days are called in settings and in the field «on»."""

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.record import Record
    from crm.plugins.planner.reminders import Reminders
    from crm.plugins.planner.routines import Routines
    from crm.workspace import Workspace


def routines(crm: Workspace, _query: Mapping[str, str]) -> dict[str, Any]:
    """Return the page of routines: when each is planned next, and what of it is open."""
    collection: Routines = crm.collection("routine")  # type: ignore[assignment]
    found = list(collection.find(sort="id"))
    columns = (
        Figure("routine", _("Regular activity")), Figure("when", _("When")), Figure("owner", _("Owner")),
        Figure("next", _("Next time")), Figure("open", _("Planned")),
    )  # fmt: skip
    rows = [
        {
            "routine": one.subject,
            "when": _when(one),
            "owner": _name(crm, one.owner),
            "next": f"{day:%d.%m.%Y}" if (day := collection.next_day(one)) else _("paused") if one.paused else "—",
            "open": one.activity if one.activity and not _is_done(crm, one.activity) else "",
            "ref": one.ref,
        }
        for one in found
    ]
    html = links(("/routine/add", _("New routine")), ("/routines", _("Change them"))) if found else _none_yet()
    return {"title": _("Regular activities"), "html": html, "tables": [Table(columns, rows)] if rows else []}


def _none_yet() -> Markup:
    text = _("What comes round again plans itself: issue invoices, watch payments, collect signed acts.")
    starter_ = button("starter", _("Add the usual three"), look="button primary")
    return nothing(_("No regular activities yet"), text, starter_, links(("/routine/add", _("New routine"))))


def _when(one: Record) -> str:
    days = re.sub(r"[a-z]+", lambda word: _(word[0]), str(one.doc.get("on") or "").lower())
    return ", ".join(filter(None, (_(EVERY[str(one.doc.get("every"))]), days, str(one.doc.get("time") or ""))))


def _is_done(crm: Workspace, ref: str) -> bool:
    doc = crm.doc("activity", int(ref.partition("/")[2])) or {"done": True}
    return bool(doc.get("done") or "deleted" in doc)


def _name(crm: Workspace, login: str) -> str:
    users = crm.users.having("login", login)
    return users[0].label if users else login


def starter(crm: Workspace, _form: Mapping[str, str]) -> tuple[str, str]:
    """Add the usual routines."""
    collection: Routines = crm.collection("routine")  # type: ignore[assignment]
    made = collection.starter()
    return _("Routines added: {n}.").format(n=len(made)), "/p/routines"


# --- reminders --------------------------------------------------------------------------------------------------------


def reminders(crm: Workspace, _record: None = None) -> dict[str, Any] | None:
    """Return what one is reminded of, None while there is nothing."""
    collection: Reminders = crm.collection("reminder")  # type: ignore[assignment]
    found = crm.remembered("reminders", lambda: collection.open_for(crm.actor))
    if not found:
        return None
    row = Markup('<li><a href="/{}">{}</a> <small class="muted">{}</small>{}</li>')
    items = [
        row.format(one.activity, one.subject, _time(crm, one), button("seen", _("Seen"), {"id": one.id}))
        for one in found[:10]
    ]
    return {"html": Markup('<ul class="reminders">{}</ul>').format(Markup("").join(items)), "count": len(found)}


def _time(crm: Workspace, one: Record) -> str:
    due: Any = one.due
    return f"{due.astimezone(crm.settings.time_zone):%d.%m %H:%M}" if hasattr(due, "hour") else f"{due:%d.%m}"


def seen(crm: Workspace, form: Mapping[str, str]) -> str:
    """Put a reminder away."""
    collection: Reminders = crm.collection("reminder")  # type: ignore[assignment]
    return _("Seen: {subject}").format(subject=collection.put_away(form.get("id", "")).subject)


# --- postponing -------------------------------------------------------------------------------------------------------


def postpone_panel(crm: Workspace, activity: Record) -> dict[str, Any] | None:
    """Return the form that postpones an open activity."""
    if activity.doc.get("done") or "deleted" in activity.doc or not crm.guard.may("edit", "activity", activity.doc):
        return None
    form = Markup(
        '<form method="post" action="/do/postpone" class="stacked"><input type="hidden" name="id" value="{id}">'
        '<p class="field"><label for="postpone-due">{to}</label>'
        '<input id="postpone-due" type="datetime-local" name="due" required></p>'
        '<p class="field"><label for="postpone-why">{why}</label>'
        '<input id="postpone-why" name="reason" required></p>'
        '<p><button class="button">{button}</button></p></form>'
    )
    return {"html": form.format(id=activity.id, to=_("To when"), why=_("Why"), button=_("Postpone"))}


def postpone(crm: Workspace, form: Mapping[str, str]) -> tuple[str, str]:
    """Postpone an activity, with the reason."""
    made = crm.activities.postpone(form.get("id", ""), form.get("due", ""), form.get("reason", "").strip())
    return _("Postponed: {subject}").format(subject=made.subject), f"/{made.ref}"

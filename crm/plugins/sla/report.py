"""The report of first answers: by person, in time or late, and who waits."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING, Any

from crm.locale import N_
from crm.model.report import Asked, Behind, Figure, Table, counted
from crm.plugins.sla.clock import IN_TIME, LATE, OVERDUE, WAITING, Wait, made, waits

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.workspace import Workspace

COLUMNS = (
    Figure("owner", N_("User")),
    Figure("title", N_("Full name")),
    Figure("leads", N_("Leads"), "count"),
    Figure("in_time", N_("Answered in time"), "count"),
    Figure("late", N_("Answered late"), "count"),
    Figure("waiting", N_("Waiting"), "count"),
    Figure("overdue", N_("Waiting too long"), "count"),
    Figure("percent", N_("In time, %"), "percent"),
    Figure("median", N_("Median, minutes of work"), "count"),
    Figure("longest", N_("Longest, minutes of work"), "count"),
)


def report(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return how long the leads of a period waited for their first answer, by owner, and the total.

    It reads every lead of the period, so a table is kept until the next change, for the minute.
    """
    asked, now = asked or Asked(), datetime.now(UTC)
    table: Table = crm.remembered(("sla", repr(asked), f"{now:%Y-%m-%d %H:%M}"), lambda: _table(crm, asked, now))
    return table


def _table(crm: Workspace, asked: Asked, now: datetime) -> Table:
    from tinydb.queries import where

    query: Any = where("created").exists()
    if asked.owner:
        query &= where("owner") == asked.owner
    zone = crm.settings.time_zone
    leads = [
        lead
        for lead in crm.leads.find(query)
        if (asked.since is None or made(lead).astimezone(zone).date() >= asked.since)
        and (asked.until is None or made(lead).astimezone(zone).date() <= asked.until)
    ]
    by_owner: dict[str, list[Wait]] = {}
    found = waits(crm, leads, now)
    for wait in found:
        by_owner.setdefault(str(wait.lead.doc.get("owner") or ""), []).append(wait)
    names = {user.login: user.name for user in crm.users.find()}
    rows = [{"owner": owner, "title": names.get(owner, owner), **_figures(some)} for owner, some in by_owner.items()]
    rows.sort(key=lambda row: (-row["overdue"], -row["leads"], str(row["title"])))
    return Table(COLUMNS, rows[: asked.limit], _figures(found), (), counted({"leads": Behind("lead", {})}))


def _figures(found: list[Wait]) -> Doc:
    counts = {state: sum(1 for wait in found if wait.state == state) for state in (IN_TIME, LATE, WAITING, OVERDUE)}
    judged = counts[IN_TIME] + counts[LATE] + counts[OVERDUE]
    answered = [wait.minutes for wait in found if wait.answered is not None]
    return {
        "leads": len(found),
        **counts,
        "percent": round(100 * counts[IN_TIME] / judged, 2) if judged else None,
        "median": int(median(answered)) if answered else None,
        "longest": max(answered) if answered else None,
    }

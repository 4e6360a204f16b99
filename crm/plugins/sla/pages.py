"""The clock of the first answer on the board, beside the card, and on the first page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.locale import _
from crm.plugins.sla.clock import IN_TIME, LATE, OVERDUE, WAITING, Wait, rules, waits, working_day
from crm.plugins.sla.span import span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.record import Record
    from crm.workspace import Workspace

MOST = 200


def _text(wait: Wait, day: int) -> str:
    words = {
        IN_TIME: _("answered in {time}, the norm is {norm}"),
        LATE: _("answered late: in {time}, the norm is {norm}"),
        WAITING: _("waits for an answer: {time} of {norm}"),
        OVERDUE: _("waits too long: {time}, the norm is {norm}"),
    }
    return words[wait.state].format(time=span(wait.minutes, day), norm=span(wait.norm, day))


def panel(crm: Workspace, lead: Record) -> dict[str, Any] | None:
    """Return how long a lead waited for its first answer."""
    return {"text": _text(waits(crm, [lead])[0], working_day(crm))} if rules(crm).minutes else None


def marks(crm: Workspace, leads: list[Record]) -> Iterator[tuple[str, str, str]]:
    """Yield the leads of a board that nobody has answered yet."""
    settings = rules(crm)
    if not settings.minutes:
        return
    first, day = crm.settings.leads.first.id, working_day(crm)
    for wait in waits(crm, [lead for lead in leads if lead.doc.get("stage") == first]):
        if wait.state == OVERDUE:
            yield wait.lead.ref, _text(wait, day), "bad"
        elif wait.state == WAITING and wait.minutes * 100 >= settings.warn * wait.norm:
            yield wait.lead.ref, _text(wait, day), "warn"


def home(crm: Workspace, _record: None = None) -> dict[str, Any] | None:
    """Return one's leads that wait too long, None where there is none."""
    from tinydb.queries import where

    if not rules(crm).minutes:
        return None
    query: Any = (where("owner") == crm.actor) & (where("stage") == crm.settings.leads.first.id)
    found = waits(crm, list(crm.leads.find(query, sort="id", limit=MOST)))
    late = [wait for wait in found if wait.state == OVERDUE]
    day = working_day(crm)
    return {"rows": [{_("Lead"): one.lead.ref, _("Waits"): _text(one, day)} for one in late[:10]]} if late else None

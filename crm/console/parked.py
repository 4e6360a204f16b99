"""Events that plugins failed to take: waiting to be told again, or parked; told again with a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.cells import text_cell
from crm.console.journal import ledger
from crm.console.routes import action, page
from crm.console.visit import Done, View
from crm.delivery import Delivery
from crm.locale import _

if TYPE_CHECKING:
    from crm.console.visit import Visit


@page("/settings/events")
def events(visit: Visit) -> View:
    """Show the events that are waiting or parked."""
    visit.crm.guard.check("settings", "workspace", None)
    state = Delivery(visit.crm).read()
    found = [{**one, "state": _("parked")} for one in state["parked"]]
    found += [{"plugin": name, **one, "state": _("waiting")} for name, one in state["failures"].items()]
    rows = [
        {"cells": [text_cell(str(one.get(name, ""))) for name in ("plugin", "n", "state", "why")], "acts": []}
        for one in found
    ]
    address = visit.url.settings("events")
    made = ledger(
        _("Events of plugins"), address, [_("Plugin"), _("Change"), _("State"), _("Why")], rows,
        _("Every plugin has heard of everything."), links=[{"title": _("Settings"), "address": visit.url.settings()}],
        form={"title": _("Tell them again"), "address": address, "fields": []} if rows else None,
    )  # fmt: skip
    return View("ledger.html", made["title"], "settings", {"ledger": made}, {"events": found})


@action("/settings/events")
def retry(visit: Visit) -> Done:
    """Tell parked events again."""
    visit.crm.guard.check("settings", "workspace", None)
    left = Delivery(visit.crm).retry()
    return Done(_("Still parked: {n}").format(n=len(left)), visit.url.settings("events"))

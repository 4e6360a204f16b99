"""What one is reminded of: a bell over every page, a page of its own for those without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.panels import panels
from crm.console.routes import page
from crm.console.visit import View
from crm.locale import _

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit


@page("/bell")
def reminded(visit: Visit) -> View:
    """Show what one is reminded of."""
    found = bell(visit)
    return View("bell.html", _("Reminders"), "my", {"bell": found}, {"count": found["count"]})


def bell(visit: Visit) -> Context:
    """Return what plugins remind of on every page, and how much that is."""
    found = panels(visit, "top", None)
    return {"count": sum(int(one["count"]) for one in found), "panels": found, "address": visit.url.bell()}

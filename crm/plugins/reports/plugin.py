"""Reports: the funnel, sales, the cycle of a sale, losses, sources, leads, time in stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

REPORTS = {
    "funnel": (N_("Funnel"), N_("Deals by stage, conversion, win rate")),
    "sales": (N_("Sales"), N_("Won and lost deals by owner, month, company, product …")),
    "cycle": (N_("Length of deals"), N_("How many days a won deal took")),
    "stages": (N_("Time in stages"), N_("How many days deals stand in each stage, and how many are stalled")),
    "lost": (N_("Lost deals"), N_("Why deals are lost")),
    "sources": (N_("Sources"), N_("What each source brings, from the lead to the money")),
    "leads": (N_("Leads"), N_("Leads by quality and what became of them")),
}
"""The reports of this plugin; each is a function of its own name in a module of its name."""


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm report`."""
    register("report", "crm.plugins.reports.commands:report", help=N_("Reports: funnel, sales, cycle, lost …"))


@hookimpl
def register_reports(register: Callable[..., None]) -> None:
    """Bring the reports, as any plugin may."""
    for name, (title, about) in REPORTS.items():
        register(name, f"crm.plugins.reports.{name}:{name}", title=title, about=about)

"""Rules for leads: the source, the name, an answer in time, and that they become something."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm.locale import _
from crm.plugins.lint.settings import LintRules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.workspace import Workspace

Found = tuple[str, str]


def without_source(crm: Workspace) -> Iterator[Found]:
    """Yield leads whose channel nobody can count (E4)."""
    from tinydb.queries import where

    for lead in crm.leads.find(~where("source").exists()):
        yield lead.ref, _("The lead has no source: crm lead set {id} source=…").format(id=lead.id)


def names(crm: Workspace) -> Iterator[Found]:
    """Yield leads named against the scheme that the team agreed on (E5, O5)."""
    scheme = crm.settings.account.lead_name_scheme
    for lead in crm.leads.find():
        if not scheme.fits(lead.name):
            yield lead.ref, _("«{name}» does not follow «{scheme}».").format(name=lead.name, scheme=scheme.example())


def unanswered(crm: Workspace) -> Iterator[Found]:
    """Yield open leads that stand in their first stage beyond its norm."""
    first = crm.settings.leads.first
    if first.norm_days is None:
        return
    late = crm.today() - timedelta(days=first.norm_days)
    for lead in crm.leads.find(_in_stage(first.id)):
        created = lead.created
        day = created.astimezone(crm.settings.time_zone).date() if isinstance(created, datetime) else created
        if day is not None and day < late:
            days = (crm.today() - day).days
            yield (
                lead.ref,
                _("Nobody took the lead up for {days} days; the norm is {norm}.").format(
                    days=days, norm=first.norm_days
                ),
            )


def _in_stage(stage: str) -> Any:
    from tinydb.queries import where

    return where("stage") == stage


def only_leads(crm: Workspace) -> Iterator[Found]:
    """Yield once when leads are collected and none of them ever became a client (O3)."""
    from tinydb.queries import where

    number = crm.leads.count()
    least = crm.settings.section("lint", LintRules).leads_only
    if number >= least and not crm.leads.count(where("converted_to").exists()):
        yield "lead", _("There are {n} leads and none was converted: crm lead convert ID --deal").format(n=number)

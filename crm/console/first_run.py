"""The first steps in a new workspace: what is set already, what comes next, until there is data to work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.routes import action
from crm.console.visit import Done
from crm.errors import Refused
from crm.locale import _, ngettext

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit

_DATA = ("deal", "lead", "contact", "company")


def is_new(visit: Visit) -> bool:
    """Tell whether nobody has entered anything yet."""
    return not any(visit.crm.collection(name).count() for name in _DATA)


def first_run(visit: Visit) -> Context | None:
    """Return the steps of a new workspace for the first page; None once there is data."""
    if not is_new(visit):
        return None
    crm, url = visit.crm, visit.url
    may = bool(crm.guard.may("settings", "workspace", None))
    settings = [
        _step(_("Say who you are"), _("The company and its requisites for invoices."), url.settings("account"),
              done=bool(crm.settings.company.legal_name)),
        _step(_("Look at the stages"), _("Rename them as your team speaks; add and reorder."),
              url.settings(f"items/pipeline.{crm.settings.pipelines[0].id}"), done=False),
        _step(_("Call your colleagues"), _("Each with a name and a role."), url.list("user"),
              done=crm.users.count() > 1),
    ]  # fmt: skip
    data = [
        _step(_("Bring your clients"), _("A table from Excel or another CRM, looked at before it is taken."),
              url.import_(), done=False),
        _step(_("Or take the first request"), _("A phone, a name: the lead is there."), url.accept(), done=False),
    ]  # fmt: skip
    return {"steps": [*(settings if may else []), *data], "demo": url.demo() if may else ""}


def _step(title: str, text: str, address: str, *, done: bool) -> Context:
    return {"title": title, "text": text, "address": address, "done": done}


@action("/demo")
def demo(visit: Visit) -> Done:
    """Fill an empty workspace with the believable company of the demo."""
    from crm.demo import fill

    visit.crm.guard.check("settings", "workspace", None)
    if not is_new(visit):
        raise Refused(_("There is data here already."), _("Look at the demo in a folder of its own: crm init --demo."))
    n = fill(visit.crm.root, visit.crm.actor)
    return Done(ngettext("{n} record of the demo", "{n} records of the demo", n).format(n=n), visit.url.board("deal"))

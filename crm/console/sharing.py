"""A deal shown to people who would not see it otherwise (A6): who they are, one more, one less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.controls import options
from crm.console.routes import action
from crm.console.visit import Done
from crm.locale import _

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.model.record import Record


def sharing(visit: Visit, record: Record, *, editable: bool) -> Context | None:
    """Return the panel of a deal's people; None where there is nobody to share with."""
    if record.noun != "deal" or len(visit.shown.active) < 2:
        return None
    shared = list(record.doc.get("shared") or ())
    others = [(login, name) for login, name in visit.shown.active.items() if login not in (*shared, record.owner)]
    people = [{"login": login, "person": visit.shown.person(login)} for login in shared]
    return {
        "address": visit.url.share(record.id),
        "people": [one for one in people if one["person"]],
        "others": options(others) if editable and others else [],
        "editable": editable,
    }


@action("/deal/<id:int>/share")
def share(visit: Visit, id: int) -> Done:
    """Share a deal with a person, or take it back from one."""
    login, back = visit.form.get("login"), visit.form.get("take")
    name = visit.shown.names.get(login or back, login or back)
    if back:
        visit.crm.deals.unshare(id, back)
        return Done(_("{name} does not see the deal any more").format(name=name))
    visit.crm.deals.share(id, login)
    return Done(_("{name} sees the deal now").format(name=name))

"""What a person of the team signs in with: a new password, a token for programs; both are set on the card of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.controls import control
from crm.console.deed_form import deed_form
from crm.console.deeds import ask
from crm.console.routes import action, page
from crm.console.visit import Done
from crm.errors import CrmError
from crm.locale import _
from crm.sales.secrets import SHORTEST, make_token, set_password

if TYPE_CHECKING:
    from crm.console.visit import Answer, View, Visit


@page("/user/<id:int>/password")
def password(visit: Visit, id: int) -> View:
    """Ask for a new password."""
    return _form(visit, id, "")


def _form(visit: Visit, id: int, failure: str) -> View:
    user = visit.crm.users.get(id)
    visit.crm.guard.check("edit", "user", user.doc)
    hint = _("A password has at least {n} characters.").format(n=SHORTEST)
    fields = [control("new", _("New password"), "password", required=True)]
    return deed_form(visit, user, _("Set a password"), visit.url.account(id, "password"), fields, failure, hint)


@action("/user/<id:int>/password")
def keep_password(visit: Visit, id: int) -> Answer:
    """Keep a new password of a user."""
    user = visit.crm.users.get(id)
    try:
        set_password(visit.crm, user.login, visit.form.get("new"))
    except CrmError as error:
        return _form(visit, id, str(error))
    return Done(_("{name} has a new password.").format(name=user.name), visit.url.card("user", id))


@action("/user/<id:int>/token")
def token(visit: Visit, id: int) -> Answer:
    """Make a token once one is sure, and show it this once."""
    user = visit.crm.users.get(id)
    visit.crm.guard.check("edit", "user", user.doc)
    if not visit.form.get("sure"):
        question = _("A token lets programs act as {name}. It is shown once; an older one stops working.")
        address, back = visit.url.account(id, "token"), visit.url.card("user", id)
        return ask(visit, _("Make a token"), question.format(name=user.name), address, back)
    _user, text = make_token(visit.crm, user.login)
    return Done(_("The token of {name}: {token}").format(name=user.name, token=text), visit.url.card("user", id))

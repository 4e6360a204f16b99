"""Bases of 1C let in and shut out on the page of the exchange; the file for the 1C of a buyer beside an invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crm.html import NOTHING, form, links
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.record import Record
    from crm.plugins.onec.exchanges import OnecOrders
    from crm.workspace import Workspace

_BACK = {"back": "/p/onec"}


def connect_form(crm: Workspace) -> Markup:
    """Return the form that lets a base of 1C in; nothing for who may not change settings."""
    if not crm.guard.may("settings", "onec_order", None):
        return NOTHING
    fields = Markup(
        '<p class="field"><label for="onec-name">{}</label><input id="onec-name" name="name" required></p>'
        '<p class="field"><label for="onec-since">{}</label><input id="onec-since" type="date" name="since"></p>'
        '<p><button class="button">{}</button></p>'
    ).format(_("What the base is called, in Latin letters"), _("Invoices since"), _("Let the base in"))
    return form("onec_connect", fields, _BACK, look="stacked")


def connect(crm: Workspace, given: Mapping[str, Any]) -> str:
    """Let a base of 1C in: its address, name and password are said this once."""
    orders: OnecOrders = crm.collection("onec_order")  # type: ignore[assignment]
    made = orders.connect(str(given.get("name") or "").strip(), str(given.get("since") or "").strip())
    if made is None:
        return ""
    connection, password = made
    address = crm.settings.account.hook_address(connection.way)
    said = _("Type in 1C, it is shown this once. Address: {address} · name: {login} · password: {password}")
    return said.format(address=address, login=connection.login, password=password)


def disconnect(crm: Workspace, given: Mapping[str, Any]) -> str:
    """Let a base of 1C call no more."""
    orders: OnecOrders = crm.collection("onec_order")  # type: ignore[assignment]
    name = str(given.get("name") or "")
    orders.disconnect(name)
    return _("{name} may call no more.").format(name=name)


def buyers_link(crm: Workspace, invoice: Record) -> dict[str, Any] | None:
    """Return the way to the file of an issued invoice for the 1C of its buyer."""
    if invoice.doc.get("status") in (None, "draft", "cancelled") or not crm.guard.may("export", "onec_order", None):
        return None
    address = f"/p/onec?{urlencode({'invoice': invoice.ref})}"
    return {"html": links((address, _("The invoice as a file for the 1C of the buyer")))}

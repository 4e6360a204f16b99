"""The addresses to enter at the telephone exchange, told on the command line and among the settings of the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.html import link, note, table, tag
from crm.locale import _
from crm.plugins.telephony.settings import TelephonySettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.workspace import Workspace

_LOCAL = "http://127.0.0.1:8765"


def addresses(crm: Workspace) -> list[dict[str, str]]:
    """Return name, state and address of each; an empty address for one that is off."""
    crm.guard.check("settings", "call", None)
    found = crm.settings.section("telephony", TelephonySettings)
    base = (crm.settings.account.public_url or _LOCAL).rstrip("/")
    known = {
        "call": (found.token, f"{base}/hooks/call/{found.token}"),
        "zadarma": (found.zadarma.secret, f"{base}/hooks/zadarma"),
        "mango": (found.mango.key and found.mango.salt, f"{base}/hooks/mango"),
    }
    return [
        {"id": name, "exchange": name, "state": "on" if secret else "off", "address": address if secret else ""}
        for name, (secret, address) in known.items()
    ]


def page(crm: Workspace, _query: Mapping[str, str]) -> dict[str, Any]:
    """Return the addresses as a page."""
    rows = [
        [row["exchange"], tag(_("on"), "good") if row["address"] else tag(_("off")), row["address"]]
        for row in addresses(crm)
    ]
    title = _("Addresses for telephony")
    shown = table(title, [_("What"), _("State"), _("Address")], rows)
    where = note(_("Secrets switch the addresses on; they are among the settings.")) + link(
        "/settings/form/telephony", _("Settings")
    )
    return {"title": title, "html": shown + where, "addresses": addresses(crm)}

"""The addresses to enter at the telephone exchange, told on the command line and among the settings of the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.html import switched
from crm.locale import _
from crm.plugins.telephony.settings import TelephonySettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.workspace import Workspace


def addresses(crm: Workspace) -> list[dict[str, str]]:
    """Return name, state and address of each; an empty address for one that is off."""
    crm.guard.check("settings", "call", None)
    found = crm.settings.section("telephony", TelephonySettings)
    to = crm.settings.account.hook_address
    known = {
        "call": (found.token, to(f"call/{found.token}")),
        "zadarma": (found.zadarma.secret, to("zadarma")),
        "mango": (found.mango.key and found.mango.salt, to("mango")),
    }
    return [
        {"id": name, "exchange": name, "state": "on" if secret else "off", "address": address if secret else ""}
        for name, (secret, address) in known.items()
    ]


def page(crm: Workspace, _query: Mapping[str, str]) -> dict[str, Any]:
    """Return the addresses as a page."""
    title, found = _("Addresses for telephony"), addresses(crm)
    shown = switched(title, ((row["exchange"], row["address"]) for row in found), "/settings/form/telephony")
    return {"title": title, "html": shown, "addresses": found}

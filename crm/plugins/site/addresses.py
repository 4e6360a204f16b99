"""The addresses that the site posts to, told on the command line and among the settings of the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.html import link, note, table, tag
from crm.locale import _
from crm.plugins.site.settings import SiteSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.workspace import Workspace

_LOCAL = "http://127.0.0.1:8765"


def addresses(crm: Workspace) -> list[dict[str, str]]:
    """Return name, state and address of each; an empty address for one that is off."""
    crm.guard.check("settings", "site_request", None)
    found = crm.settings.section("site", SiteSettings)
    base = (crm.settings.account.public_url or _LOCAL).rstrip("/")
    known = {"form": found.form_token or found.token, "order": found.token}
    return [
        {
            "id": name, "what": name, "state": "on" if token else "off",
            "address": f"{base}/hooks/site/{token}/{name}" if token else "",
        }
        for name, token in known.items()
    ]  # fmt: skip


def page(crm: Workspace, _query: Mapping[str, str]) -> dict[str, Any]:
    """Return the addresses as a page."""
    rows = [
        [row["what"], tag(_("on"), "good") if row["address"] else tag(_("off")), row["address"]]
        for row in addresses(crm)
    ]
    title = _("Addresses for the site")
    shown = table(title, [_("What"), _("State"), _("Address")], rows)
    where = note(_("Secrets switch the addresses on; they are among the settings.")) + link(
        "/settings/form/site", _("Settings")
    )
    return {"title": title, "html": shown + where, "addresses": addresses(crm)}

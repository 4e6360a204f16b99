"""The addresses that the site posts to, told on the command line and among the settings of the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.html import switched
from crm.locale import _
from crm.plugins.site.settings import SiteSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.workspace import Workspace


def addresses(crm: Workspace) -> list[dict[str, str]]:
    """Return name, state and address of each; an empty address for one that is off."""
    crm.guard.check("settings", "site_request", None)
    found = crm.settings.section("site", SiteSettings)
    to = crm.settings.account.hook_address
    known = {"form": found.form_token or found.token, "order": found.token}
    return [
        {
            "id": name, "what": name, "state": "on" if token else "off",
            "address": to(f"site/{token}/{name}") if token else "",
        }
        for name, token in known.items()
    ]  # fmt: skip


def page(crm: Workspace, _query: Mapping[str, str]) -> dict[str, Any]:
    """Return the addresses as a page."""
    title, found = _("Addresses for the site"), addresses(crm)
    shown = switched(title, ((row["what"], row["address"]) for row in found), "/settings/form/site")
    return {"title": title, "html": shown, "addresses": found}

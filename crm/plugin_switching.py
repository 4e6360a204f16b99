"""Switching plugins on and off in `config/crm.yaml`, keeping the comments of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.workspace import Workspace


def switch_off(crm: Workspace, name: str) -> None:
    """Switch a plugin off; raise NotFound for one that there is not."""
    crm.plugins.get(name)
    _keep(crm, [*(one for one in crm.settings.account.plugins.disabled if one != name), name])


def switch_on(crm: Workspace, name: str) -> None:
    """Switch a plugin on; what happened while it was off is not told to it. One that is on stays as it is."""
    from crm.delivery import Delivery

    crm.guard.check("settings", "plugin", None)
    if not crm.plugins.get(name).disabled:
        return
    if not crm.dry_run:
        Delivery(crm).skip(name)
    _keep(crm, [one for one in crm.settings.account.plugins.disabled if one != name])


def _keep(crm: Workspace, disabled: list[str]) -> None:
    from crm.settings_file import change_setting

    crm.guard.check("settings", "plugin", None)
    if not crm.dry_run:
        change_setting(crm.root / "config" / "crm.yaml", ["plugins", "disabled"], disabled)

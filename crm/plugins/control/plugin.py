"""The light of clients and deals with its seven variants («Контроль руководителя»)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/control.yaml`."""
    from crm.plugins.control.settings import ControlRules

    register(ControlRules)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm control`."""
    register(
        "control",
        "crm.plugins.control.cli:control",
        help=N_("The light of clients and deals («Контроль руководителя»)"),
    )


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of the lights."""
    register("control", "crm.plugins.control.page:page", title=N_("Control"), group="team", icon="light")

"""Saved views: filters, columns and order of a list or a board under a name, one's own or everybody's (X7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the noun of saved views."""
    from crm.plugins.views.view import View
    from crm.plugins.views.views import Views

    register(View, Views)

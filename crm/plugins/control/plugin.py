"""The light of clients and deals with its seven variants («Контроль руководителя»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.workspace import Workspace


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
    register("control", "crm.plugins.control.plugin:page", title=N_("Control"), icon="light", menu=True)


def page(crm: Workspace, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the page: a variant, narrowed by level, owner, department and colour; `explain` names a record."""
    from crm.locale import _
    from crm.plugins.control.level import level_of
    from crm.plugins.control.light import title
    from crm.plugins.control.report import control, explain
    from crm.plugins.control.variants import VARIANTS

    if query.get("explain"):
        light = explain(crm, str(query["explain"]))
        return {
            "title": f"{light.label}: {title(light.color)}",
            "rows": [
                {"light": title(one.color), "why": one.why, "threshold": one.threshold, "advice": one.advice}
                for one in light.findings
            ],
        }
    variant = str(query.get("variant") or "light")
    asked = [str(query.get(name) or "") for name in ("level", "owner", "department")]
    table = control(crm, variant, level_of(crm, *asked), str(query.get("color") or ""))
    rows = [{one.label: row.get(one.name, "") for one in table.columns} for row in table.rows]
    return {"title": _(VARIANTS[variant].title), "rows": rows}

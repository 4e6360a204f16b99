"""Kinds of work as people call them, and what each gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.locale import N_, _
from crm.plugins.motivator.settings import MotivatorRules

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.workspace import Workspace

DIRECTIONS = {"in": N_("incoming"), "out": N_("outgoing")}


def kind_title(crm: Workspace, kind: str) -> str:
    """Return a kind of work as people call it: `call_out` is «Звонок (исходящий)»."""
    name, _underline, direction = kind.rpartition("_")
    if not name or direction not in DIRECTIONS:
        name, direction = kind, ""
    title = crm.settings.dictionary("activity_kinds").title(name)
    return f"{title} ({_(DIRECTIONS[direction])})" if direction else title


def kinds(crm: Workspace) -> list[Doc]:
    """Return what each kind of work gives."""
    rules = crm.settings.section("motivator", MotivatorRules)
    named = ((f"{one.kind}_{one.direction}".rstrip("_"), one.points) for one in rules.points)
    return [{"work": kind_title(crm, kind), "points": points} for kind, points in named]


def notes(crm: Workspace) -> list[str]:
    """Return what else one should know of the counting."""
    rules = crm.settings.section("motivator", MotivatorRules)
    told = [_("Only work that succeeded is counted.")] if rules.only_success else []
    if rules.call_min_seconds:
        told.append(_("Calls shorter than {n} s give nothing.").format(n=rules.call_min_seconds))
    text = _("Stability is 100 for even days, 0 for all work in one heap; it and the trend look at {n} working days.")
    return [*told, text.format(n=rules.window_days)]

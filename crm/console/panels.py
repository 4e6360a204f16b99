"""The panels and marks that plugins bring; one that fails is named in its own place and harms no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.brought import ask, parts
from crm.errors import CrmError
from crm.locale import _
from crm.plugin_loading import failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.console.visit import Context, Visit
    from crm.model.record import Record
    from crm.plugin_loading import Plugin

_EMPTY: dict[str, Any] = {"text": "", "html": "", "tables": [], "count": 0}


def panels(visit: Visit, where: str, record: Record | None) -> list[Context]:
    """Return the panels of a place: the noun of a card, `home`, or `top` for the bell of every page."""
    found = []
    for plugin, (name, target, options) in visit.crm.plugins.brought("register_panels"):
        if options.get("where") == where:
            made = _panel(visit, plugin, name, target, str(options.get("title") or name), record)
            found += [made] if made is not None else []
    return found


def _panel(visit: Visit, plugin: Plugin, name: str, target: str, title: str, record: Record | None) -> Context | None:
    try:
        made = ask(visit, plugin, "register_panels", (name, target), record)
        return (
            None
            if made is None
            else {"title": str(made.get("title") or _(title)), "count": made.get("count", 0), **parts(visit, made)}
        )
    except (CrmError, TypeError) as error:
        return {"title": _(title), **_EMPTY, "text": str(error)}


def marks(visit: Visit, noun: str, records: list[Record]) -> dict[str, list[Context]]:
    """Return the marks of plugins for the records of a board, by reference."""
    found: dict[str, list[Context]] = {}
    for plugin, (name, target, options) in visit.crm.plugins.brought("register_marks"):
        if options.get("noun", "deal") == noun:
            for ref, mark in _marks(visit, plugin, name, target, records):
                found.setdefault(ref, []).append(mark)
    return found


def _marks(
    visit: Visit, plugin: Plugin, name: str, target: str, records: list[Record]
) -> Iterator[tuple[str, Context]]:
    try:
        made = visit.crm.plugins.contribution(plugin, "register_marks", name, target)
        yield from _read(made(visit.crm, records))
    except Exception as error:
        visit.crm.warnings.append(str(failed(plugin, "register_marks", error)))


def _read(rows: Iterable[Any]) -> Iterator[tuple[str, Context]]:
    for ref, text, *tone in rows:
        tones = [one for one in tone if one in ("good", "warn", "bad")]
        yield str(ref), {"icon": "flag", "tone": tones[0] if tones else "warn", "text": str(text)}

"""The page of the lights in the console: a variant by colour, level and person, each light a click from its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crm.html import NOTHING, joined, link, nothing, pages, table, tag
from crm.locale import N_, _
from crm.plugins.control.level import COMPANY, DEPARTMENT, OWN, level_of
from crm.plugins.control.light import COLORS, GREEN, RED, YELLOW, title
from crm.plugins.control.report import control, explain
from crm.plugins.control.variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.model.report import Table
    from crm.plugins.control.light import Finding
    from crm.workspace import Workspace

LEVELS = {COMPANY: N_("The whole company"), DEPARTMENT: N_("My department"), OWN: N_("My clients")}
ROWS = 100
"""Rows of a page."""
_TONES = {RED: "bad", YELLOW: "warn", GREEN: "good"}
_LIGHTS = Markup('<nav class="lights" aria-label="{}">{}</nav>')
_TILE = Markup('<a class="{}" href="{}"{}><span class="dot"></span>{} <b>{}</b></a>')


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the page: a variant, narrowed by level, owner and colour; `explain` names a record with its reasons."""
    made = _explained if query.get("explain") else _lights
    shown: dict[str, Any] = crm.remembered(("control", *sorted(query.items())), lambda: made(crm, query))
    return shown


def _lights(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    variant = query.get("variant") or "light"
    owner = query.get("owner", "")
    level = level_of(crm, "" if owner else query.get("level", ""), owner, query.get("department", ""))
    color, people = query.get("color", ""), {one.login: one.name for one in crm.users.find(sort="name") if one.login}
    found: Table = crm.remembered(("lights", variant, level, color), lambda: control(crm, variant, level, color))
    return {
        "title": _("Control"),
        "filters": _filters(people, query, variant),
        "html": _colours(found, query) + _rows(crm, found, query, people),
        "variant": variant,
        "lights": found.rows,
        "counts": found.totals,
    }


def _filters(people: Mapping[str, str], query: Mapping[str, str], variant: str) -> list[dict[str, Any]]:
    offered = {
        "variant": (_("Variant"), [(name, _(one.title)) for name, one in VARIANTS.items()], variant),
        "level": (_("Level"), [(name, _(text)) for name, text in LEVELS.items()], query.get("level", "") or COMPANY),
        "owner": (_("Owner"), [("", _("Everybody")), *people.items()], query.get("owner", "")),
        "color": (_("Light"), [("", _("Any light")), *((one, title(one)) for one in COLORS)], query.get("color", "")),
    }
    return [
        {"name": name, "title": label, "type": "select", "options": options, "value": value}
        for name, (label, options, value) in offered.items()
    ]


def _colours(found: Table, query: Mapping[str, str]) -> Markup:
    """Return how many rows have each light, each a link to those alone and back."""
    if not found.totals:
        return NOTHING
    tiles = []
    for color, count in found.totals.items():
        chosen = query.get("color") == color
        here = Markup(' aria-current="true"') if chosen else ""
        address = _address({**query, "color": "" if chosen else color, "page": ""})
        tiles.append(_TILE.format(_TONES[color], address, here, title(color), count))
    return _LIGHTS.format(_("Light"), joined(tiles))


def _address(query: Mapping[str, str]) -> str:
    words = urlencode({name: value for name, value in query.items() if value})
    return f"/p/control?{words}" if words else "/p/control"


# --- rows ------------------------------------------------------------------------------------------------------------


def _rows(crm: Workspace, found: Table, query: Mapping[str, str], people: Mapping[str, str]) -> Markup:
    columns = [one for one in found.columns if one.name != "ref"]
    first, ways = _pages(query, len(found.rows))
    shown: dict[str, Callable[[Mapping[str, Any]], object]] = {
        "light": lambda row: _light(row, query),
        "label": lambda row: link(f"/{row['ref']}", row["label"]),
        "owner": lambda row: people.get(row["owner"], row["owner"]) or "—",
        "pipeline": lambda row: crm.settings.pipeline(row["pipeline"]).title.text(),
    }
    rows = [[shown.get(one.name, _value(one.name))(row) for one in columns] for row in found.rows[first : first + ROWS]]
    if not rows:
        return nothing(_("Nothing here"), _("No client and no deal answers this."))
    ends = tuple(place for place, one in enumerate(columns) if one.sort != "text")
    return table(_("Control"), [one.label for one in columns], rows, ends) + ways


def _pages(query: Mapping[str, str], count: int) -> tuple[int, Markup]:
    """Return the place of the first row to show, and the way to the others."""
    asked, last = query.get("page", ""), max(-(-count // ROWS), 1)
    number = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 9 else 1
    before, after = (_address({**query, "page": str(other)}) for other in (number - 1, number + 1))
    first = (number - 1) * ROWS
    here = (first + 1, min(first + ROWS, count), count)
    return first, pages(here, before if number > 1 else "", after if number < last else "")


def _value(name: str) -> Callable[[Mapping[str, Any]], object]:
    return lambda row: row.get(name, "")


def _light(row: Mapping[str, Any], query: Mapping[str, str]) -> Markup:
    shown = tag(title(row["light"]), _TONES[row["light"]])
    return link(_address({**query, "explain": row["ref"]}), shown) if "ref" in row else shown


# --- one light with its reasons --------------------------------------------------------------------------------------


def _explained(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    light = explain(crm, query["explain"])
    titles = [_("Light"), _("What was found"), _("Threshold"), _("Records"), _("What to do")]
    back = link(_address({**query, "explain": ""}), _("To all lights"))
    record = link(f"/{light.ref}", light.label)
    head = Markup("<p>{} {} · {}</p>").format(tag(title(light.color), _TONES[light.color]), record, back)
    rows = [_finding(crm, one) for one in light.findings]
    return {
        "title": _("Why this light: {name}").format(name=light.label),
        "html": head + table(_("Control"), titles, rows),
        "light": light.color,
        "findings": [one.plain() for one in light.findings],
    }


def _finding(crm: Workspace, one: Finding) -> list[object]:
    links = [link(f"/{ref}", crm.record(ref).label) for ref in one.refs]
    return [
        tag(title(one.color), _TONES[one.color]),
        one.why,
        one.threshold,
        joined(links, ", "),
        one.advice,
    ]

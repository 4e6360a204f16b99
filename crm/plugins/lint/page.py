"""The page of checks: what the rules of all plugins find in pipelines and data."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from crm.html import NOTHING, link, note, section, table, tag
from crm.locale import N_, _
from crm.plugins.lint.judging import LEVELS, judge, rules_of, severe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.lint.judging import Finding
    from crm.workspace import Workspace

_SHOWN = 300
_TITLES = {"info": N_("note"), "warning": N_("warning"), "error": N_("error")}
_TONES = {"info": "", "warning": "warn", "error": "bad"}


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return what is found from a `level` on, by one `rule` or all of them; then the rules themselves."""
    level = query.get("level", "") if query.get("level", "") in LEVELS else "warning"
    rules = rules_of(crm)
    asked = query.get("rule", "")
    names = [asked] if asked in {one.name for one in rules} else []
    found = severe(judge(crm, names), level)
    titles = [_("Level"), _("Rule"), _("Record"), _("What was found")]
    title = _("Checks of the data")
    rows = [_row(crm, one) for one in islice(found, _SHOWN)]
    shown = table(title, titles, rows) if rows else note(_("Nothing to find fault with."))
    more = note(_("Only the first {n} are shown.").format(n=_SHOWN)) if len(found) > _SHOWN else NOTHING
    listed = [[one.name, tag(_(_TITLES[one.level]), _TONES[one.level]), _(one.title), one.plugin.name] for one in rules]
    heads = [_("Rule"), _("Level"), _("What it finds"), _("Plugin")]
    told = section(_("Rules"), table(_("Rules"), heads, listed))
    return {
        "title": title, "html": shown + more + told, "filters": _filters(level, asked, [one.name for one in rules]),
        "findings": [one.plain() for one in found],
    }  # fmt: skip


def _row(crm: Workspace, one: Finding) -> list[Any]:
    ref = str(one.plain()["ref"])
    kind, _slash, number = ref.partition("/")
    known = kind in crm.nouns and number.isdecimal()
    level = tag(_(_TITLES[one.level]), _TONES[one.level])
    return [level, one.rule, link(f"/{ref}", crm.record(ref).label) if known else ref, one.message]


def _filters(level: str, rule: str, rules: list[str]) -> list[dict[str, Any]]:
    levels = [(name, _("from this level: {level}").format(level=_(_TITLES[name]))) for name in LEVELS]
    named = [("", _("All rules")), *((name, name) for name in rules)]
    return [
        {"name": "level", "title": _("Level"), "type": "select", "value": level, "options": levels},
        {"name": "rule", "title": _("Rule"), "type": "select", "value": rule, "options": named},
    ]

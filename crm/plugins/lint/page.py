"""The page of checks: what the rules of all plugins find in pipelines and data."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from crm.html import NOTHING, link, note, section, table, tag
from crm.locale import N_, _
from crm.plugins.lint.judging import LEVELS, judge, rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.lint.judging import Finding, Rule
    from crm.workspace import Workspace

_SHOWN = 300
_TITLES = {"info": N_("note"), "warning": N_("warning"), "error": N_("error")}
_TONES = {"info": "", "warning": "warn", "error": "bad"}


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the first that is found from a `level` on, by one `rule` or all of them; then the rules themselves."""
    level = query.get("level", "") if query.get("level", "") in LEVELS else "warning"
    rules = rules_of(crm)
    asked = query.get("rule", "") if query.get("rule", "") in {one.name for one in rules} else ""
    names = tuple(one.name for one in rules if _is_asked(one, level, asked))
    found, told = crm.remembered(("lint", tuple(rules), names), lambda: _judged(crm, names))
    crm.warnings += told
    titles = [_("Level"), _("Rule"), _("Record"), _("What was found")]
    title = _("Checks of the data")
    rows = [_row(crm, one) for one in found[:_SHOWN]]
    shown = table(title, titles, rows) if rows else note(_("Nothing to find fault with."))
    more = note(_("Only the first {n} are shown.").format(n=_SHOWN)) if len(found) > _SHOWN else NOTHING
    listed = [[one.name, tag(_(_TITLES[one.level]), _TONES[one.level]), _(one.title), one.plugin.name] for one in rules]
    heads = [_("Rule"), _("Level"), _("What it finds"), _("Plugin")]
    every = section(_("Rules"), table(_("Rules"), heads, listed))
    return {
        "title": title, "html": shown + more + every, "filters": _filters(level, asked, [one.name for one in rules]),
        "findings": [one.plain() for one in found[:_SHOWN]],
    }  # fmt: skip


def _is_asked(rule: Rule, level: str, asked: str) -> bool:
    return LEVELS.index(rule.level) >= LEVELS.index(level) and asked in ("", rule.name)


def _judged(crm: Workspace, names: tuple[str, ...]) -> tuple[list[Finding], list[str]]:
    """Return what rules find, one more than is shown at most, and what is told of rules that failed."""
    before = len(crm.warnings)
    found = list(islice(judge(crm, names), _SHOWN + 1)) if names else []
    told = crm.warnings[before:]
    del crm.warnings[before:]
    return found, told


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

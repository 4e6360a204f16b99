"""Running the rules of all plugins, what they found, and the baseline of what was there before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import CrmError, InvalidValue, NotFound, OutsideFailed
from crm.locale import _
from crm.plugins.lint.settings import LintRules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from crm.plugin_loading import Plugin
    from crm.workspace import Workspace

LEVELS = ("info", "warning", "error")


class Rule(NamedTuple):
    """A rule that a plugin brought; `level` is what the settings make of it."""

    name: str
    level: str
    title: str
    plugin: Plugin
    target: str

    def plain(self) -> dict[str, str]:
        """Return what scripts get."""
        return {
            "id": self.name,
            "rule": self.name,
            "level": self.level,
            "title": _(self.title),
            "plugin": self.plugin.name,
        }


class Finding(NamedTuple):
    """What a rule found: where (a record, or a place in a pipeline) and what to do about it."""

    rule: str
    level: str
    ref: str
    message: str

    @property
    def key(self) -> str:
        """Return what a baseline knows it by: the rule and the place."""
        return f"{self.rule} {self.ref}"

    def plain(self) -> dict[str, str]:
        """Return what scripts get."""
        return {"id": self.ref, **self._asdict()}


def rules_of(crm: Workspace) -> list[Rule]:
    """Return the rules that are switched on; raise InvalidValue for settings that name an unknown rule."""
    asked = crm.settings.section("lint", LintRules)
    known = [
        Rule(
            name, asked.levels.get(name, options.get("level", "warning")), str(options.get("title", "")), plugin, target
        )
        for plugin, (name, target, options) in crm.plugins.brought("register_lint_rules")
    ]
    names = {one.name for one in known}
    unknown = sorted({*asked.disabled, *asked.levels} - names)
    if unknown:
        raise InvalidValue(
            _("config/lint.yaml names «{rule}», which is no rule.").format(rule=unknown[0]),
            _("See them: crm lint --rules."),
        )
    return [one for one in known if one.name not in asked.disabled]


def judge(crm: Workspace, names: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what the rules find, or those of `names`; what a third party's rule fails in is told with its name."""
    rules = rules_of(crm)
    known = [one.name for one in rules]
    for name in names:
        if name not in known:
            raise NotFound(_("There is no rule «{name}».").format(name=name), _("See them: crm lint --rules."))
    for rule in rules:
        if not names or rule.name in names:
            yield from _found(crm, rule)


def _found(crm: Workspace, rule: Rule) -> Iterator[Finding]:
    from crm.plugin_loading import failed

    try:
        made = crm.plugins.contribution(rule.plugin, "register_lint_rules", rule.name, rule.target)
        for ref, message in made(crm):
            yield Finding(rule.name, rule.level, str(ref), str(message))
    except CrmError:
        raise
    except Exception as error:
        if rule.plugin.built_in:
            raise
        crm.warnings.append(str(failed(rule.plugin, "register_lint_rules", error)))


def severe(findings: Iterable[Finding], level: str) -> list[Finding]:
    """Return the findings of a level and above."""
    return [one for one in findings if LEVELS.index(one.level) >= LEVELS.index(level)]


# --- the baseline ----------------------------------------------------------------------------------------------------


def read_baseline(path: Path) -> frozenset[str]:
    """Return the keys of findings that were there before; raise NotFound, InvalidValue."""
    try:
        data: Any = json.loads(path.read_bytes())
        return frozenset(f"{one['rule']} {one['ref']}" for one in data["findings"])
    except FileNotFoundError:
        raise NotFound(
            _("There is no baseline {file}.").format(file=path),
            _("Write one: crm lint --write-baseline {file}.").format(file=path),
        ) from None
    except (ValueError, KeyError, TypeError):
        raise InvalidValue(
            _("{file} is no baseline.").format(file=path),
            _("Write one: crm lint --write-baseline {file}.").format(file=path),
        ) from None


def write_baseline(path: Path, findings: Iterable[Finding]) -> None:
    """Write the findings as those that were there before, in the order of rules and places."""
    rows = sorted(({"rule": one.rule, "ref": one.ref} for one in findings), key=lambda row: (row["rule"], row["ref"]))
    try:
        path.write_text(json.dumps({"findings": rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutsideFailed(
            _("{file} cannot be written: {why}.").format(file=path, why=error.strerror or error),
            _("Check the folder, its rights and the free space."),
        ) from error

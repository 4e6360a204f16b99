"""The page of rules: which there are, on and off, tried on what really happened, run when they are due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import Refused
from crm.html import NOTHING, button, link, links, note, nothing, section, table, tag
from crm.locale import N_, _
from crm.model.days import read_day
from crm.plugins.automation.loops import loops
from crm.plugins.automation.rule import rule_of, rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from crm.plugins.automation.rule import Rule
    from crm.workspace import Workspace

_FILE = "/settings/file/rules"
_SHOWN = 200
_BACK = {"back": "/p/rules"}
_EVERY = {"day": N_("every day"), "week": N_("every week"), "month": N_("every month")}


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the rules with their state; with `since` also what they would have done from that day on."""
    crm.guard.check("settings", "rules", None)
    found = rules_of(crm)
    title = _("Rules of automation")
    if not found:
        text = _("When something happens, if a condition holds, then do this: an activity, a letter, another owner.")
        return {"title": title, "html": nothing(_("No rules yet"), text, links((_FILE, "rules.yaml")))}
    looping = {name for path in loops(rule for rule in found if rule.enabled) for name in path}
    titles = [_("Rule"), _("State"), _("When"), _("If"), _("Then"), ""]
    rows = [_row(rule, looping=rule.id in looping) for rule in found]
    tried = _tried(crm, query)
    html = links((_FILE, "rules.yaml"), ("/rule_runs", _("What rules did"))) + table(title, titles, rows) + tried
    data = [{"id": rule.id, "on": rule.enabled, "loop": rule.id in looping} for rule in found]
    return {"title": title, "html": html + _due(found), "filters": _filters(crm, query, found), "rules": data}


def _row(rule: Rule, *, looping: bool) -> list[Any]:
    if looping:
        state = tag(_("loop"), "bad", _("It sets off another rule, which sets it off again."))
    else:
        state = tag(_("on"), "good") if rule.enabled else tag(_("off"))
    turned = button("rule_switch", _("Switch off") if rule.enabled else _("Switch on"), {**_BACK, "rule": rule.id})
    when = rule.on or _(_EVERY.get(rule.every, rule.every))
    then = "; ".join(action.text() for action in rule.then)
    return [rule.title.text() or rule.id, state, f"{when} ({rule.about})", rule.if_, then, turned]


def _due(found: tuple[Rule, ...]) -> Markup:
    clocked = any(rule.enabled and rule.every for rule in found)
    return button("rules_run", _("Run what is due now"), _BACK, "button") if clocked else NOTHING


# --- tried on what happened -------------------------------------------------------------------------------------------


def _filters(crm: Workspace, query: Mapping[str, str], found: tuple[Rule, ...]) -> list[dict[str, Any]]:
    month_ago = (crm.today() - timedelta(days=30)).isoformat()
    return [
        {"name": "rule", "title": _("Rule"), "type": "select", "value": query.get("rule", ""),
         "options": [("", _("All that are on")), *((one.id, one.title.text() or one.id) for one in found)]},
        {"name": "since", "title": _("Try on what happened since"), "type": "date",
         "value": query.get("since", "") or month_ago},
    ]  # fmt: skip


def _tried(crm: Workspace, query: Mapping[str, str]) -> Markup:
    """Return what rules would have done since a day; nothing was asked, nothing is said."""
    from crm.plugins.automation.replay import replay

    text = query.get("since", "")
    if not text:
        return NOTHING
    day = read_day(text, crm.today())
    named = query.get("rule", "")
    rules = [rule_of(crm, named)] if named else [rule for rule in rules_of(crm) if rule.enabled]
    begin = datetime.combine(day, time(), crm.settings.time_zone).astimezone(UTC).isoformat(timespec="seconds")
    hits = replay(crm, rules, begin)
    rows = [
        [_moment(crm, hit.time), hit.rule, link(f"/{hit.ref}", hit.label), "; ".join(hit.actions)]
        for hit in hits[-_SHOWN:]
    ]
    titles = [_("When"), _("Rule"), _("Record"), _("Then")]
    told = note(_("Would have run: {n} times. Nothing was changed.").format(n=len(hits)))
    return section(
        _("Tried on what happened"), told, table(_("Tried on what happened"), titles, rows) if rows else NOTHING
    )


def _moment(crm: Workspace, text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(crm.settings.time_zone):%d.%m.%Y %H:%M}"


# --- what the buttons do ----------------------------------------------------------------------------------------------


def switch(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Switch a rule on or off; one that makes a loop is not switched on."""
    from crm.settings_file import change_setting

    crm.guard.check("settings", "rules", None)
    rule = rule_of(crm, str(form.get("rule") or ""))
    if not rule.enabled:
        others = [one for one in rules_of(crm) if one.enabled and one.id != rule.id]
        for path in loops([*others, rule]):
            if rule.id in path:
                raise Refused(
                    _("These rules set off one another: {rules}.").format(rules=" → ".join([*path, path[0]])),
                    _("Narrow one with «if», so that it does not hold after the action."),
                )
    change_setting(crm.root / "config" / "rules.yaml", ["rules", rule.id, "enabled"], not rule.enabled)
    said = _("The rule is off: {rule}") if rule.enabled else _("The rule is on: {rule}")
    return said.format(rule=rule.title.text() or rule.id)


def run(crm: Workspace, _form: Mapping[str, Any]) -> str:
    """Run the rules that are due by the clock."""
    from crm.plugins.automation.schedule import run_due

    crm.guard.check("settings", "rules", None)
    done = [f"{rule.id}: {len(refs)}" for rule, refs in run_due(crm)]
    return "; ".join(done) or _("Nothing is due.")

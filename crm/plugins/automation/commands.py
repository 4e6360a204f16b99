"""`crm rules`: list, test on history, run what is scheduled, switch on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, ListingGroup, form, option, print_rows, read_command, verb, write_command
from crm.errors import Refused
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.automation.rule import Rule


def _row(rule: Rule, looping: dict[str, tuple[str, ...]]) -> dict[str, object]:
    state = "loop" if rule.id in looping else "on" if rule.enabled else "off"
    return {
        "id": rule.id,
        "title": rule.title.text(),
        "when": rule.on or f"every {rule.every}",
        "noun": rule.about,
        "if": rule.if_,
        "then": [action.text() for action in rule.then],
        "state": state,
    }


@verb("list", example="crm rules list", help=N_("List the rules; «loop» marks those that would set off one another."))
@click.pass_obj
def list_(app: App) -> None:
    """List the rules."""
    from crm.plugins.automation.loops import loops
    from crm.plugins.automation.rule import rules_of

    found = rules_of(app.crm)
    looping = {name: path for path in loops(rule for rule in found if rule.enabled) for name in path}
    print_rows(["id", "state", "when", "noun", "if", "then", "title"], [_row(rule, looping) for rule in found])


@verb(
    "test",
    example="crm rules test site_leads --since 2026-10-01",
    help=N_("Test rules on what really happened: what they would have done. Nothing is written, nothing goes out."),
)
@click.argument("name", required=False, metavar="[RULE]")
@option("--since", required=True, metavar="DATE", help=N_("From this day on."))
@click.pass_obj
def test(app: App, name: str | None, since: str) -> None:
    """Replay rules on history; switched-off ones too when named."""
    from datetime import UTC, datetime, time

    from crm.model.days import read_day
    from crm.plugins.automation.loops import loops
    from crm.plugins.automation.replay import replay
    from crm.plugins.automation.rule import rule_of, rules_of

    day = read_day(since, app.crm.today())
    rules = [rule_of(app.crm, name)] if name else [rule for rule in rules_of(app.crm) if rule.enabled]
    begin = datetime.combine(day, time(), app.crm.settings.time_zone).astimezone(UTC).isoformat(timespec="seconds")
    hits = replay(app.crm, rules, begin)
    columns = ["time", "n", "rule", "ref", "label", "actions"]
    print_rows(columns, [hit.plain() for hit in hits])
    if not form():
        click.echo(_("Would have run: {n} times. Nothing was changed.").format(n=len(hits)), err=True)
    _refuse_loops(loops(rules))


def _refuse_loops(found: list[tuple[str, ...]]) -> None:
    if found:
        raise Refused(
            _("These rules set off one another: {rules}.").format(rules=" → ".join([*found[0], found[0][0]])),
            _("Narrow one with «if», so that it does not hold after the action."),
        )


@verb(
    "run",
    example="crm rules run",
    help=N_("Run the rules of every day, week and month that are due; each once in its period. Put it into cron."),
)
@click.pass_obj
def run(app: App) -> None:
    """Run what is due."""
    from crm.plugins.automation.schedule import run_due

    rows = [{"id": rule.id, "rule": rule.id, "records": refs} for rule, refs in run_due(app.crm)]
    if form():
        print_rows(["rule", "records"], rows)
        return
    for row in rows:
        click.echo(f"{row['rule']}: {len(row['records'])}")
    if not rows:
        click.echo(_("Nothing is due."), err=True)


def _switch(app: App, name: str, *, on: bool) -> None:
    from crm.plugins.automation.loops import loops
    from crm.plugins.automation.rule import rule_of, rules_of
    from crm.settings_file import change_setting

    rule = rule_of(app.crm, name)
    app.crm.guard.check("settings", "rules", None)
    if on:
        others = [one for one in rules_of(app.crm) if one.enabled and one.id != rule.id]
        _refuse_loops([path for path in loops([*others, rule]) if rule.id in path])
    if not app.dry_run:
        change_setting(app.crm.root / "config" / "rules.yaml", ["rules", rule.id, "enabled"], on)
    click.echo(f"{rule.id} {_('on') if on else _('off')}")


@verb("enable", example="crm rules enable site_leads", help=N_("Switch a rule on; one that makes a loop is refused."))
@click.argument("name", metavar="RULE")
@click.pass_obj
def enable(app: App, name: str) -> None:
    """Switch a rule on."""
    _switch(app, name, on=True)


@verb("disable", example="crm rules disable site_leads", help=N_("Switch a rule off."))
@click.argument("name", metavar="RULE")
@click.pass_obj
def disable(app: App, name: str) -> None:
    """Switch a rule off."""
    _switch(app, name, on=False)


rules = ListingGroup("rules", help=N_("Rules: when something happens, if a condition holds, then do this"))
for _command in (read_command(list_), read_command(test), *map(write_command, (run, enable, disable))):
    rules.add_command(_command)

"""`crm plugin` and `crm events`: what takes part, what it brings, what it has not heard yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm.cli.noun_options import dry_run_option
from crm.cli.output import VerbGroup, form, output_options, print_json, print_rows, verb
from crm.cli.plugin_authoring import new, test
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.plugin_loading import Plugin


def _row(plugin: Plugin) -> dict[str, Any]:
    state = "broken" if plugin.error else "off" if plugin.disabled else "on"
    row = {"id": plugin.name, "name": plugin.name, "state": state, "origin": plugin.origin, "summary": plugin.summary}
    return {**row, "hooks": plugin.hooks, "error": plugin.error}


@verb("list", example="crm plugin list", help=N_("List the plugins: on, off, or broken with the reason."))
@output_options()
@click.pass_obj
def list_(app: App) -> None:
    """List plugins."""
    rows = []
    for plugin in app.plugins.all.values():
        row = _row(plugin)
        rows.append(row if form() else {**row, "summary": plugin.error or _(plugin.summary)})
    print_rows(["name", "state", "origin", "summary"], rows)


@verb("show", example="crm plugin show motivator", help=N_("Show what a plugin brings and which events it hears."))
@click.argument("name")
@output_options("json")
@click.pass_obj
def show(app: App, name: str) -> None:
    """Show a plugin."""
    plugin = app.plugins.get(name)
    row = {**_row(plugin), "brings": [f"{kind}: {what}" for kind, what, *_rest in plugin.brings]}
    if form() == "json":
        print_json(row)
        return
    for key, value in row.items():
        if value and key != "id":
            print(f"{key}\t{', '.join(value) if isinstance(value, list) else value}")


@verb(
    "enable", example="crm plugin enable motivator", help=N_("Switch a plugin on; it hears what happens from now on.")
)
@click.argument("name")
@dry_run_option
@click.pass_obj
def enable(app: App, name: str) -> None:
    """Enable a plugin."""
    from crm.plugin_switching import switch_on

    switch_on(app.crm, name)
    print(f"{name} " + _("on"))


@verb("disable", example="crm plugin disable motivator", help=N_("Switch a plugin off."))
@click.argument("name")
@dry_run_option
@click.pass_obj
def disable(app: App, name: str) -> None:
    """Disable a plugin."""
    from crm.plugin_switching import switch_off

    switch_off(app.crm, name)
    print(f"{name} " + _("off"))


@verb(
    "list",
    example="crm events list",
    help=N_("List the events that a plugin failed to take: waiting to be told again, or parked."),
)
@output_options()
@click.pass_obj
def events_list(app: App) -> None:
    """List events."""
    from crm.delivery import Delivery

    state = Delivery(app.present).read()
    rows = [{"id": one["n"], "state": "parked", **one} for one in state["parked"]]
    rows += [
        {"id": known["n"], "plugin": name, "state": "waiting", **known} for name, known in state["failures"].items()
    ]
    print_rows(["plugin", "n", "state", "why"], rows)


@verb("retry", example="crm events retry", help=N_("Tell parked events again."))
@click.pass_obj
def retry(app: App) -> None:
    """Retry parked events."""
    from crm.delivery import Delivery

    left = Delivery(app.present).retry()
    print(_("{n} still parked.").format(n=len(left)))
    app.exit_code = 7 if left else 0


plugin = VerbGroup("plugin", help=N_("Plugins: list, switch on and off, write one and try it out"))
events = VerbGroup("events", help=N_("Events on their way to plugins"))
for _command in (list_, show, enable, disable, new, test):
    plugin.add_command(_command)
for _command in (events_list, retry):
    events.add_command(_command)

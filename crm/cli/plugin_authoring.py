"""`crm plugin new` and `crm plugin test`: a plugin to start from, and the bench that it is tried out on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.output import form, option, output_options, print_rows, verb
from crm.errors import PluginFailed, WrongUsage
from crm.locale import N_, _
from crm.store.disk import explained

if TYPE_CHECKING:
    from crm.cli.app import App


@verb(
    "new",
    example="crm plugin new call_back",
    help=N_("Write a plugin to start from: one file in config/plugins/, or a package with a test."),
)
@click.argument("name")
@option("--file", "as_file", is_flag=True, help=N_("One file in config/plugins/ (so by default)."))
@option("--package", metavar="DIR", help=N_("A package to install with pip, in DIR."))
@click.pass_obj
def new(app: App, name: str, as_file: bool, package: str | None) -> None:
    """Write a plugin."""
    from crm.plugin_scaffold import write_file, write_package

    if as_file and package is not None:
        raise WrongUsage(_("--file and --package do not go together."), _("Choose one of them."))
    if package is not None:
        with explained(package):
            written = write_package(Path(package), name)
        following = _("Install and test it: pip install -e {folder} && pytest {folder}").format(folder=package)
    else:
        app.present.guard.check("settings", "plugin", None)
        with explained(app.root):
            written = [write_file(app.root, name)]
        following = _("It takes part from now on. Try it out: crm plugin test {name}").format(name=name)
    for path in written:
        print(path)
    print(following, file=sys.stderr)


@verb(
    "test",
    example="crm plugin test call_back",
    help=N_("Check a plugin in a throw-away workspace: each hook is called, and what it did is told."),
)
@click.argument("name", required=False, metavar="[NAME]")
@output_options("json", "nl", "csv")
@click.pass_obj
def test(app: App, name: str | None) -> None:
    """Try plugins out; exit code 7 when one of them fails."""
    from crm.plugin_bench import try_out

    known = list(app.plugins.all.values())
    chosen = [app.plugins.get(name)] if name else [plugin for plugin in known if not plugin.built_in]
    if not chosen:
        print(_("There is no plugin to try out but those of the program."), file=sys.stderr)
    rows = [
        {"plugin": plugin.name, **outcome._asdict(), "state": "failed" if outcome.error else "ok"}
        for plugin in chosen
        for outcome in try_out(plugin, known, root=app.plugins.root)
    ]
    if rows or form():
        print_rows(["plugin", "hook", "times", "state", "did", "error"], rows)
    if any(row["error"] for row in rows):
        app.exit_code = PluginFailed.exit_code

"""Care of the data: check, doctor, backup, restore, rebuild."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.output import option, output_options, print_rows, verb
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.store.findings import Finding


def _rows(findings: list[Finding]) -> list[dict[str, object]]:
    return [
        {"id": number, "file": one.file, "line": one.line, "ref": one.ref, "what": one.what}
        for number, one in enumerate(findings, 1)
    ]


@verb(
    "check",
    example="crm check",
    help=N_("Check that the data is whole; exit code 8, with file, line and record, when it is not."),
)
@option("--repair", is_flag=True, help=N_("Mend what can be mended."))
@output_options("json", "nl", "csv")
@click.pass_obj
def check(app: App, repair: bool) -> None:
    """Check the data."""
    from crm.store.check import check as check_store
    from crm.store.check import is_damaged
    from crm.upkeep import remedy

    crm = app.mending
    if repair:
        from crm.sales.hand_edits import HandEdits
        from crm.store.repair import repair as mend

        crm.guard.check("settings", "workspace", None)
        for sentence in mend(crm.store, crm.actor, HandEdits(crm).accept):
            print(sentence)
    findings = check_store(crm.store)
    if findings:
        print_rows(["file", "line", "ref", "what"], _rows(findings))
    if is_damaged(findings):
        if not repair:
            print("crm: " + remedy(by_hand=any(one.by_hand for one in findings)), file=sys.stderr)
        app.exit_code = 8
        return
    print(_("The data is whole: {n} changes.").format(n=crm.store.number), file=sys.stderr)


@verb("doctor", example="crm doctor", help=N_("Check the data, the settings, the plugins and this machine."))
@click.pass_obj
def doctor(app: App) -> None:
    """Check everything."""
    from crm.diagnosis import diagnose

    worst = 0
    for name, ok, text in diagnose(app.root, app.actor):
        print(f"{'ok' if ok else '!!'}  {name}: {text}")
        worst = worst if ok else 8
    app.exit_code = worst


@verb("backup", example="crm backup shop.zip", help=N_("Write the workspace to one file (.zip or .tar.gz)."))
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(app: App, file: Path) -> None:
    """Back up."""
    from crm.store.backup import backup as write

    app.present.guard.check("export", "workspace", None)
    write(app.present.store, file)
    print(file)


@verb("restore", example="crm restore shop.zip shop-again", help=N_("Make a workspace in DIR from a backup."))
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def restore(file: Path, folder: Path) -> None:
    """Restore."""
    from crm.store.backup import restore as read

    read(file, folder)
    print(folder)


@verb("rebuild", example="crm rebuild", help=N_("Write tables and index anew from the journal."))
@click.pass_obj
def rebuild(app: App) -> None:
    """Rebuild."""
    from crm.store.rebuild import rebuild as anew

    anew(app.mending.store)
    print(_("Tables and index were written anew."), file=sys.stderr)

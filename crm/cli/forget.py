"""`crm forget`, `crm contact forget`: see, take out and erase everything about a person."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.done import print_done
from crm.cli.noun_options import read_ids, write_command
from crm.cli.output import form, option, verb
from crm.errors import WrongUsage
from crm.locale import N_, _
from crm.store.disk import explained

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.cli.app import App
    from crm.sales.forgetting import Forgotten

_HELP = N_("Erase people everywhere, the journal included (admins only). It cannot be undone.")
_LISTED = 20


def forget_people(app: App, refs: list[str], export: str | None, *, yes: bool) -> None:
    """Show who goes, write what is known where asked, ask, and erase."""
    from crm.sales.forgetting import foresee, forget

    asking = not (yes or app.dry_run)
    if asking and not sys.stdin.isatty():
        raise WrongUsage(
            _("Forgetting cannot be undone, so it has to be confirmed."),
            _("Look with --dry-run, then repeat with --yes."),
        )
    foreseen = foresee(app.crm, refs)
    if export is not None:
        _export(app, refs, Path(export))
    if asking:
        _show(foreseen)
        click.confirm(_("Erase all this for good?"), abort=True, err=True)
    done = forget(app.crm, refs)
    if done.cards or form() or app.dry_run:
        print_done(app, done.cards)
    else:
        print(" ".join(refs))
    _tell(done, dry_run=app.dry_run)


def _export(app: App, refs: list[str], path: Path) -> None:
    """Write what is known of them for nobody but the user to read."""
    from crm.sales.dossier import dossier

    text = json.dumps(dossier(app.crm, refs), ensure_ascii=False, indent=2)
    with explained(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    print(_("What is known is written to {path}.").format(path=path), file=sys.stderr)


def _show(foreseen: Forgotten) -> None:
    for record in foreseen.cards:
        print(f"{record.ref} {record.label}", file=sys.stderr)
    _say(_("Also cleaned: {refs}."), foreseen.cleaned)
    _say(_("Left as they are, with the same phone or address: {refs}."), foreseen.left)


def _tell(done: Forgotten, *, dry_run: bool) -> None:
    _say(_("Also cleaned: {refs}."), done.cleaned)
    _say(_("Left as they are, with the same phone or address: {refs}."), done.left)
    if not dry_run:
        print(
            _("Older backups and copies of the folder still hold the data: delete them or let them run out."),
            file=sys.stderr,
        )


def _say(sentence: str, refs: list[str]) -> None:
    if refs:
        more = _(" and {n} more").format(n=len(refs) - _LISTED) if len(refs) > _LISTED else ""
        print(sentence.format(refs=", ".join(refs[:_LISTED]) + more), file=sys.stderr)


def _forget_of(name: str, example: str, ref_of: Callable[[App, str], str]) -> click.Command:
    @verb("forget", example=example, help=_HELP)
    @click.argument("ids", nargs=-1, required=True, metavar=name)
    @option("--export", metavar="FILE", help=N_("Write all that is known of them to FILE first, as JSON."))
    @option("--yes", is_flag=True, help=N_("Do not ask."))
    @click.pass_obj
    def forget(app: App, ids: tuple[str, ...], export: str | None, yes: bool) -> None:
        refs = [ref_of(app, key) for key in read_ids(ids)]
        if refs:
            forget_people(app, refs, export, yes=yes)
        else:
            print(_("No ids were given, so nothing was done."), file=sys.stderr)

    command: click.Command = forget
    return write_command(command)


def _contact(app: App, key: str) -> str:
    return f"contact/{app.crm.contacts.id_of(key)}"


def _as_given(_app: App, ref: str) -> str:
    return ref


contact_forget = _forget_of("ID…", "crm contact forget 12 --export person.json", _contact)
forget = _forget_of("REF…", "crm forget contact/12 lead/7 --dry-run", _as_given)

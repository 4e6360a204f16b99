"""The verbs of letters with papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, change_each, print_done, verb, write_command
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.parcels.parcel import Parcel
    from crm.plugins.parcels.parcels import Parcels


def _parcels(app: App) -> Parcels:
    return app.crm.collection("parcel")  # type: ignore[return-value]


@verb("send", example="crm parcel send", help=N_("Send the letters that wait, all of them or those named."))
@click.argument("ids", nargs=-1, metavar="[ID…]")
@click.pass_obj
def send(app: App, ids: tuple[str, ...]) -> None:
    """Send what waits."""
    parcels = _parcels(app)
    send_now(app, [parcels.get(one) for one in ids] if ids else parcels.waiting())


def send_now(app: App, parcels: list[Parcel]) -> None:
    """Send letters and print what became of each."""
    if app.dry_run:
        print_done(app, list(parcels))
        return
    sent = _parcels(app).send(parcels)
    if not sent:
        print(_("No letters wait."))
    for one in sent:
        print_done(app, [one], f"{one.address} {_(one.status)}{': ' + one.error if one.error else ''}")


@verb("retry", example="crm parcel retry 3", help=N_("Let letters that failed, or whose fate is unknown, wait again."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def retry(app: App, ids: tuple[str, ...]) -> None:
    """Let letters wait again."""
    change_each(app, "parcel", "retry", ids, lambda _records, key: _parcels(app).again(key))


VERBS = {command.name or "": write_command(command) for command in (send, retry)}

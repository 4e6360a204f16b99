"""`crm call serve-info`: the addresses to enter at the exchange."""

from __future__ import annotations

import click

from crm.cli.kit import App, print_rows, read_command, verb
from crm.locale import N_, _


@verb("serve-info", example="crm call serve-info", help=N_("Show the addresses to enter at the telephone exchange."))
@click.pass_obj
def serve_info(app: App) -> None:
    """Show the addresses."""
    from crm.plugins.telephony.addresses import addresses

    rows = addresses(app.crm)
    print_rows(["exchange", "state", "address"], rows, [_("Telephone exchange"), _("State"), _("Address")])


VERBS = {"serve-info": read_command(serve_info)}

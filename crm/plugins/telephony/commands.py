"""`crm call serve-info`: the addresses to enter at the exchange."""

from __future__ import annotations

import click

from crm.cli.kit import App, print_rows, read_command, verb
from crm.locale import N_, _


@verb("serve-info", example="crm call serve-info", help=N_("Show the addresses to enter at the telephone exchange."))
@click.pass_obj
def serve_info(app: App) -> None:
    """Show the addresses."""
    from crm.plugins.telephony.settings import TelephonySettings

    app.crm.guard.check("settings", "call", None)
    found = app.crm.settings.section("telephony", TelephonySettings)
    base = (app.settings.account.public_url or "http://127.0.0.1:8765").rstrip("/")
    addresses = {
        "call": (found.token, f"{base}/hooks/call/{found.token}"),
        "zadarma": (found.zadarma.secret, f"{base}/hooks/zadarma"),
        "mango": (found.mango.key and found.mango.salt, f"{base}/hooks/mango"),
    }
    rows = [
        {"id": name, "exchange": name, "state": "on" if secret else "off", "address": address if secret else ""}
        for name, (secret, address) in addresses.items()
    ]
    print_rows(["exchange", "state", "address"], rows, [_("Telephone exchange"), _("State"), _("Address")])


VERBS = {"serve-info": read_command(serve_info)}

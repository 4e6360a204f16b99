"""`crm onec connect`, `disconnect`, `serve-info`: the bases of 1C that may call, and what to type there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, form, option, print_rows, verb
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.onec.exchanges import OnecOrders


def _orders(app: App) -> OnecOrders:
    return app.crm.collection("onec_order")  # type: ignore[return-value]


@verb(
    "connect",
    example="crm onec connect buh",
    help=N_("Let a base of 1C call: print its address, name and password, once; again for a new password."),
)
@click.argument("name", metavar="NAME")
@option("--since", type=click.DateTime(["%Y-%m-%d"]), default=None, help=N_("Tell it invoices of this day and later."))
@click.pass_obj
def connect(app: App, name: str, since: object) -> None:
    """Make a connection."""
    made = _orders(app).connect(name, str(since)[:10] if since else "")
    if made is None:
        print(_("{name} would get an address and a password.").format(name=name))
        return
    connection, password = made
    row = {
        "id": connection.name, "address": app.crm.settings.account.hook_address(connection.way),
        "login": connection.login, "password": password,
    }  # fmt: skip
    if form():
        print_rows(list(row), [row], list(row))
        return
    print(_("Address: {address}").format(address=row["address"]))
    print(_("Name: {login}").format(login=connection.login))
    print(_("Password: {password}").format(password=password))
    if not _orders(app).settings.serve:
        print(_("Switch the exchange on: serve: true in config/onec.yaml, then crm console --port 8765."))


@verb("disconnect", example="crm onec disconnect buh", help=N_("Let a base of 1C call no more."))
@click.argument("name", metavar="NAME")
@click.pass_obj
def disconnect(app: App, name: str) -> None:
    """Forget a connection."""
    _orders(app).disconnect(name)
    print(_("{name} may call no more.").format(name=name))


@verb(
    "serve-info",
    example="crm onec serve-info",
    help=N_("Show the addresses that 1C may poll, what to type in 1C, and when each base called last."),
)
@click.pass_obj
def serve_info(app: App) -> None:
    """Show what 1C needs to know."""
    from crm.plugins.onec.connections import Connections

    orders = _orders(app)
    connections = Connections(orders.archive)
    rows = [
        {
            "id": one.name, "serving": orders.settings.serve,
            "address": app.crm.settings.account.hook_address(one.way), "login": one.login, "since": one.since,
            "seen": connections.seen(one.name).get("time", ""),
            "what": connections.seen(one.name).get("what", ""),
        }
        for one in connections.all()
    ]  # fmt: skip
    if form():
        print_rows(["id", "serving", "address", "login", "since", "seen", "what"], rows)
        return
    print(_("The exchange is on.") if orders.settings.serve else _("The exchange is off: serve in config/onec.yaml."))
    for row in rows:
        print(f"\n{row['id']}: {row['address']}")
        print(_("  name {login}; called last: {seen} {what}").format_map({**row, "seen": row["seen"] or _("never")}))
    if not rows:
        print(_("No base of 1C may call yet: crm onec connect NAME"))
    print("\n" + _how())


def _how() -> str:
    return _(
        "In 1C:УТ, УНФ, КА, ERP: «Обмен с сайтом», a new exchange, «Обмен заказами», the address, name and password"
        " above. In БП: «Интеграция с интернет-магазином», CMS «Другая». The console listens on this computer alone:"
        " 1C elsewhere needs a proxy, see docs/onec.md."
    )

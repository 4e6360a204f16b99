"""The verbs of messages on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, option, print_done, print_rows, read_command, verb, write_command
from crm.errors import WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.messenger.messages import Messages


def _messages(app: App) -> Messages:
    return app.crm.collection("message")  # type: ignore[return-value]


@verb("reply", example='crm message reply 12 --text "Завтра привезём"', help=N_("Answer a message in its messenger."))
@click.argument("message_id", metavar="ID")
@option("--text", required=True, metavar="TEXT", help=N_("What to answer."))
@click.pass_obj
def reply(app: App, message_id: str, text: str) -> None:
    """Answer a message."""
    message = _messages(app).reply(message_id, text)
    if not app.dry_run:
        list(_messages(app).deliver())
        message = _messages(app).get(message.id)
    print_done(app, [message], message.error or "")


@verb("retry", example="crm message retry", help=N_("Send what waits; decide about a message that may have arrived."))
@click.argument("message_id", metavar="[ID]", required=False)
@option("--again", is_flag=True, help=N_("Send it again; somebody may get it twice."))
@option("--sent", is_flag=True, help=N_("Count it as sent."))
@click.pass_obj
def retry(app: App, message_id: str | None, again: bool, sent: bool) -> None:
    """Send what waits."""
    if again and sent:
        raise WrongUsage(_("Either --again or --sent."))
    if message_id and (again or sent):
        decided = _messages(app).decide(message_id, again=again)
        if sent or app.dry_run:
            print_done(app, [decided])
            return
    print_done(app, list(_messages(app).deliver()))


@verb(
    "connect",
    example="crm message connect",
    help=N_("Tell Telegram where to send what people write to the bot; public_url of crm.yaml is needed."),
)
@click.pass_obj
def connect(app: App) -> None:
    """Set the webhook of the bot."""
    from crm.plugins.messenger.channels import connect as connect_bot

    address = connect_bot(app.crm)
    print_rows(["channel", "address"], [{"id": "telegram", "channel": "telegram", "address": address}])


VERBS = {"reply": write_command(reply), "retry": write_command(retry), "connect": read_command(connect)}

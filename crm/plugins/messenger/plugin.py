"""Messages of messengers: bound to clients, to be answered, answered from the card; Telegram by its bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.plugins.messenger.messages import Messages
    from crm.workspace import Workspace


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the noun message."""
    from crm.plugins.messenger.message import Message
    from crm.plugins.messenger.messages import Messages

    register(Message, Messages)


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/messenger.yaml`."""
    from crm.plugins.messenger.settings import MessengerSettings

    register(MessengerSettings)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of messages."""
    register("message", "crm.plugins.messenger.commands:VERBS", help=N_("Messages of Telegram and other messengers"))


@hookimpl
def register_endpoints(register: Callable[..., None]) -> None:
    """Bring the addresses that channels call."""
    register("message", "crm.plugins.messenger.intake:take_message", methods=("POST",), largest=200_000)
    register("telegram", "crm.plugins.messenger.intake:take_telegram", methods=("POST",), largest=1_000_000)


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of chats."""
    register("messages", "crm.plugins.messenger.pages:page", title=N_("Messages"), group="talk", icon="comment")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Show the conversation beside the card of a client or a deal."""
    for noun in ("lead", "contact", "company", "deal"):
        register(f"messages-{noun}", "crm.plugins.messenger.pages:panel", title=N_("Messages"), where=noun)


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring the answer from a page."""
    register("message", "crm.plugins.messenger.pages:reply")
    register("telegram_connect", "crm.plugins.messenger.deeds:connect")
    register(
        "message_decide", "crm.plugins.messenger.deeds:decide", title=N_("Decide"), where=["message"], icon="warn",
        when={"status": ["sending", "failed"]},
        asks=[{
            "name": "decision", "title": N_("It may have arrived"),
            "options": [["again", N_("Send it again")], ["sent", N_("Count it as sent")]],
        }],
    )  # fmt: skip


@hookimpl
def do_what_is_due(crm: Workspace) -> Iterator[str]:
    """Send what is queued."""
    for message in cast("Messages", crm.collection("message")).deliver():
        yield f"{message.ref}: {message.status}"

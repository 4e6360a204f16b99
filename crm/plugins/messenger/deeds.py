"""What one does with a message that failed or may have arrived, and with the webhook of the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.messenger.messages import Messages
    from crm.workspace import Workspace


def decide(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send a message again, or count it as sent."""
    messages: Messages = crm.collection("message")  # type: ignore[assignment]
    again = form.get("decision") == "again"
    decided = messages.decide(str(form.get("record") or ""), again=again)
    if again:
        list(messages.deliver())
    now = messages.get(decided.id)
    return _("Sent.") if now.status == "sent" else _("Not sent yet: {why}").format(why=now.error or now.status)


def connect(crm: Workspace, _form: Mapping[str, Any]) -> str:
    """Tell Telegram where to send what people write to the bot."""
    from crm.plugins.messenger.channels import connect as connect_bot

    return _("Telegram sends messages to {address}").format(address=connect_bot(crm))

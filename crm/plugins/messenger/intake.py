"""What channels send, read: any messenger as JSON, updates of a Telegram bot; who is not known is refused."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from crm.errors import InvalidValue, NotFound
from crm.locale import _
from crm.model import Reply, Request
from crm.plugins.messenger.channels import TELEGRAM
from crm.plugins.messenger.message import Told

if TYPE_CHECKING:
    from crm.plugins.messenger.messages import Messages
    from crm.workspace import Workspace


def _messages(crm: Workspace) -> Messages:
    return cast("Messages", crm.collection("message"))


def _same(given: str, right: str) -> bool:
    return bool(right) and hmac.compare_digest(given.encode(), right.encode())


def take_message(crm: Workspace, request: Request) -> Reply:
    """Take a message as JSON: id, channel, chat, text, and name, phone, email, time; the token is in the path."""
    messages = _messages(crm)
    if not _same(request.path, messages.rules.token):
        raise NotFound(_("There is no such address."))
    data = request.json
    needed = ("id", "channel", "chat", "text")
    if not isinstance(data, dict) or not all(str(data.get(name) or "").strip() for name in needed):
        raise InvalidValue(
            _("A message needs {names}.").format(names=", ".join(needed)), _("Send an object with these fields.")
        )
    words = {name: str(data.get(name) or "").strip()[:500] for name in ("name", "phone", "email", "time")}
    words["time"] = _time(words["time"])
    channel = str(data["channel"])[:40].replace(":", "-").lower()
    told = Told(channel, str(data["id"])[:200], str(data["chat"])[:200], str(data["text"]), **words)
    return Reply(f'{{"ok": true, "ref": "{messages.hear(told).ref}"}}\n', type="application/json; charset=utf-8")


def _time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return ""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment and moment.tzinfo else ""


def take_telegram(crm: Workspace, request: Request) -> Reply:
    """Take an update of a bot: Telegram sends the secret of setWebhook in a header; what is no message is passed by."""
    messages = _messages(crm)
    secret = request.headers.get("x-telegram-bot-api-secret-token", "")
    if not _same(secret, messages.rules.telegram.secret):
        raise NotFound(_("There is no such address."))
    told = from_telegram(request.json)
    if told is not None:
        messages.hear(told)
    return Reply("ok\n")


def from_telegram(update: Any) -> Told | None:
    """Return the message of an update (https://core.telegram.org/bots/api#update), None where it has none."""
    message = update.get("message") if isinstance(update, dict) else None
    if not isinstance(message, dict):
        return None
    chat, sender, contact = (_object(message, name) for name in ("chat", "from", "contact"))
    if "id" not in chat:
        return None
    own = contact.get("user_id") in (None, sender.get("id"))
    name = " ".join(str(sender[part]) for part in ("first_name", "last_name") if sender.get(part))
    seconds = message.get("date")
    return Told(
        TELEGRAM,
        f"{chat['id']}:{message.get('message_id', update.get('update_id', ''))}",
        str(chat["id"]),
        _text(message),
        name or (f"@{sender['username']}" if sender.get("username") else ""),
        f"+{str(contact['phone_number']).lstrip('+')}" if contact.get("phone_number") and own else "",
        time=datetime.fromtimestamp(seconds, UTC).isoformat() if isinstance(seconds, int) and seconds > 0 else "",
    )


def _object(message: dict[str, Any], name: str) -> dict[str, Any]:
    found = message.get(name)
    return found if isinstance(found, dict) else {}


def _text(message: dict[str, Any]) -> str:
    """Return the words of a message; what has none is named by its kind."""
    said = str(message.get("text") or message.get("caption") or "").strip()
    kinds = ("photo", "document", "voice", "video", "audio", "sticker", "location", "contact")
    kind = next((name for name in kinds if message.get(name)), "")
    return said or (f"[{kind}]" if kind else "[…]")

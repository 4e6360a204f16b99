"""Handing an answer to its channel: Telegram by its bot API, any other by the address of the settings."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, OutsideFailed, WrongUsage
from crm.locale import _
from crm.plugins.messenger.settings import MessengerSettings
from crm.plugins.site.posting import Answer, post

if TYPE_CHECKING:
    from crm.plugins.messenger.message import Message
    from crm.workspace import Workspace

TELEGRAM = "telegram"
_JSON = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "crm"}


class Later(Exception):
    """The channel does not take messages now (429, 5xx)."""


def send(rules: MessengerSettings, message: Message) -> str:
    """Send a message; return its key in the channel. Raises Later, Unsent, Unanswered, and CrmError for good."""
    chat = str(message.chat).partition(":")[2]
    if message.channel == TELEGRAM:
        found = telegram(rules, "sendMessage", {"chat_id": chat, "text": message.text})
        return f"{TELEGRAM}:out:{chat}:{found.get('message_id', message.id)}"
    if not rules.reply_url:
        raise InvalidValue(
            _("It is not said where answers in «{channel}» go.").format(channel=message.channel),
            _("Fill reply_url in config/messenger.yaml."),
        )
    body = {"channel": message.channel, "chat": chat, "text": message.text, "id": message.ref}
    answer = post(rules.reply_url, _bytes(body), {**_JSON, "Authorization": f"Bearer {rules.token}"}, rules.timeout)
    _judge(answer, rules.reply_url)
    return f"{message.channel}:out:{message.id}"


def telegram(rules: MessengerSettings, method: str, given: dict[str, Any]) -> dict[str, Any]:
    """Call a method of the bot API of Telegram and return its result, empty where that is no object."""
    token = os.environ.get(rules.telegram.token_env, "")
    if not token:
        raise InvalidValue(
            _("The variable {name} with the token of the bot is not set.").format(name=rules.telegram.token_env),
            _("Set it where the command runs; the token is from @BotFather."),
        )
    url = f"{rules.telegram.api.rstrip('/')}/bot{token}/{method}"
    answer = post(url, _bytes(given), _JSON, rules.timeout)
    _judge(answer, "Telegram")
    result = json.loads(answer.body or b"{}").get("result")
    return result if isinstance(result, dict) else {}


def _judge(answer: Answer, whom: str) -> None:
    if answer.good:
        return
    if answer.status == 429 or answer.status >= 500:
        raise Later(f"HTTP {answer.status} {answer.reason}")
    said = answer.body.decode("utf-8", "replace")[:200] or answer.reason
    raise OutsideFailed(_("{whom} refused the message: {why}").format(whom=whom, why=f"{answer.status} {said}"))


def _bytes(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def connect(crm: Workspace) -> str:
    """Tell Telegram where to send what people write to the bot; return the address."""
    crm.guard.check("settings", "message", None)
    rules = crm.settings.section("messenger", MessengerSettings)
    base = crm.settings.account.public_url.rstrip("/")
    if not base.startswith("https://") or not rules.telegram.secret:
        raise WrongUsage(
            _("Telegram calls an https address and shows a secret."),
            _("Fill public_url in config/crm.yaml and telegram.secret in config/messenger.yaml."),
        )
    address = f"{base}/hooks/telegram"
    given = {"url": address, "secret_token": rules.telegram.secret, "allowed_updates": ["message"]}
    telegram(rules, "setWebhook", given)
    return address

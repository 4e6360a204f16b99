"""Messages in the console: the page of chats, and the conversation beside a card with a field to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.errors import CrmError
from crm.html import NOTHING, button, link, links, named, nothing, table
from crm.locale import _
from crm.plugins.messenger.message import IN, OUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.record import Record
    from crm.plugins.messenger.message import Message
    from crm.plugins.messenger.messages import Messages
    from crm.workspace import Workspace

SHOWN = 100


def _messages(crm: Workspace) -> Messages:
    return crm.collection("message")  # type: ignore[return-value]


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the chats, the one with the newest message first; or the one that `id` names."""
    if query.get("id"):
        message = _messages(crm).get(query["id"])
        found = _messages(crm).having("chat", str(message.chat))
        about = Markup("<p>{}</p>").format(named(crm, message.about))
        return {"title": message.name or str(message.chat), "html": about + _conversation(crm, found)}
    chats: dict[str, Message] = {}
    for one in _messages(crm).find(sort="-id", limit=SHOWN * 5):
        chats.setdefault(str(one.chat), one)
    rows = [_chat(crm, one) for one in list(chats.values())[:SHOWN]]
    titles = (_("From or to"), _("Message"), _("About"), _("Date"))
    shown = table(_("Messages"), titles, rows) if rows else _nothing(crm)
    return {"title": _("Messages"), "html": shown + _bot(crm)}


def _bot(crm: Workspace) -> Markup:
    """Return the button that connects the bot; nothing while it has no secret, or for who may not change settings."""
    if not _messages(crm).rules.telegram.secret or not crm.guard.may("settings", "message", None):
        return NOTHING
    return button("telegram_connect", _("Connect the bot of Telegram"), {"back": "/p/messages"})


def _chat(crm: Workspace, one: Message) -> list[object]:
    way = "→" if one.direction == OUT else "←"
    text = link(f"/p/messages?id={one.id}", one.text[:120])
    return [f"{way} {one.name or one.chat}", text, named(crm, one.about), _when(crm, one)]


def _nothing(crm: Workspace) -> Markup:
    text = _("Connect Telegram or another messenger: what clients write comes here and to their cards.")
    may = crm.guard.may("settings", "user", None)
    way = links(("/settings/form/messenger", _("Connect a channel"))) if may else NOTHING
    return nothing(_("Nobody has written yet"), text, way)


def panel(crm: Workspace, record: Record) -> dict[str, Any] | None:
    """Return the conversation with a client, None while there is none."""
    found = _messages(crm).thread_of(record.ref)
    return {"html": _conversation(crm, found[-20:])} if found else None


def _conversation(crm: Workspace, found: list[Message]) -> Markup:
    row = Markup("<p><strong>{}</strong> <small>{} {}</small><br>{}</p>")
    lines = [
        row.format(one.name or one.chat, _when(crm, one), "" if one.direction == IN else _(str(one.status)), one.text)
        for one in found
    ]
    asked = next((one for one in reversed(found) if one.direction == IN), None)
    form = Markup(
        '<form method="post" action="/do/message" class="stacked"><input type="hidden" name="id" value="{}">'
        '<label>{}<textarea name="text" rows="3" required></textarea></label><button class="button">{}</button></form>'
    )
    answer = form.format(asked.id, _("Answer"), _("Send")) if asked is not None else Markup("")
    return Markup("").join(lines) + answer


def _when(crm: Workspace, one: Message) -> str:
    moment: Any = one.date
    return f"{moment.astimezone(crm.settings.time_zone):%d.%m %H:%M}" if moment else ""


def reply(crm: Workspace, form: Mapping[str, str]) -> str:
    """Answer a message, at once where the channel takes it."""
    messages = _messages(crm)
    made = messages.reply(form.get("id", ""), form.get("text", ""))
    try:
        list(messages.deliver())
    except CrmError:
        return _("The message waits in the queue.")
    sent = messages.get(made.id)
    return _("Sent.") if sent.status == "sent" else _("Not sent yet: {why}").format(why=sent.error or sent.status)

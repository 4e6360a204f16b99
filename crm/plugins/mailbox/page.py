"""The page of letters in the console: what came and went, what waits, and a word to those who have no box yet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from tinydb import where

from crm.html import NOTHING, button, link, links, named, nothing, table, tabs, tag
from crm.locale import N_, _
from crm.plugins.mailbox.letter import FAILED, IN, OUT, QUEUED, SENDING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.mailbox.letter import Letter
    from crm.plugins.mailbox.letters import Letters
    from crm.workspace import Workspace

_SHOWN = 100
VIEWS: dict[str, tuple[str, Any]] = {
    "": (N_("All letters"), where("direction").one_of([IN, OUT])),
    "in": (N_("Received"), where("direction") == IN),
    "out": (N_("Letters sent"), where("direction") == OUT),
    "waiting": (N_("Waiting to go"), where("status").one_of([QUEUED, SENDING, FAILED])),
}


def letters(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the page: letters of a `view`, or the thread of the letter that `id` names."""
    collection: Letters = crm.collection("letter")  # type: ignore[assignment]
    if query.get("id"):
        from crm.plugins.mailbox.thread import thread

        return thread(crm, collection, query)
    view = query.get("view", "") if query.get("view", "") in VIEWS else ""
    found = list(collection.find(VIEWS[view][1], sort="-date", limit=_SHOWN))
    shown = _table(crm, found) if found else _nothing(crm, collection, query)
    page = _tabs(view) + _fetch(crm, collection) + shown
    return {"title": _("Mail"), "html": page, "letters": [collection.export(one) for one in found]}


def _tabs(view: str) -> Markup:
    addresses = {name: "/p/letters" + (f"?view={name}" if name else "") for name in VIEWS}
    pairs = [(addresses[name], _(title)) for name, (title, _query) in VIEWS.items()]
    return tabs(_("Mail"), pairs, addresses[view])


def _fetch(crm: Workspace, collection: Letters) -> Markup:
    may = collection.mail.boxes and crm.guard.may("create", "letter", None)
    return button("letter", _("Fetch the mail now"), {"verb": "fetch"}, "button") if may else NOTHING


def _nothing(crm: Workspace, collection: Letters, query: Mapping[str, str]) -> Markup:
    if collection.mail.boxes:
        text = _("No letter answers this.") if query.get("view") else _("What comes into your boxes is shown here.")
        return nothing(_("No letters"), text)
    text = _("Connect a mailbox: each letter is bound to its client and deal, and one that needs an answer is planned.")
    may = crm.guard.may("settings", "user", None)
    way = links(("/settings/form/mailbox", _("Connect a mailbox"))) if may else NOTHING
    return nothing(_("No mailbox is connected"), text, way)


# --- the table -------------------------------------------------------------------------------------------------------


def _table(crm: Workspace, found: list[Letter]) -> Markup:
    titles = (_("From or to"), _("Subject"), _("About"), _("Date"))
    return table(_("Mail"), titles, [_row(crm, one) for one in found])


def _row(crm: Workspace, one: Letter) -> list[object]:
    out = one.direction == OUT
    way = Markup('<span title="{}">{}</span> {}').format(
        _("Letters sent") if out else _("Received"), "→" if out else "←",
        ", ".join(one.to) if out else one.sender_name or one.sender,
    )  # fmt: skip
    subject = link(f"/p/letters?id={one.id}", one.subject) + _files(one) + _state(one)
    return [way, subject, named(crm, one.about), moment(crm, one)]


def _files(one: Letter) -> Markup:
    if not one.attachments:
        return NOTHING
    text = _("files: {n}").format(n=len(one.attachments))
    return Markup(" ") + tag(text, why=", ".join(one.attachments))


def _state(one: Letter) -> Markup:
    if one.status not in (QUEUED, SENDING, FAILED):
        return NOTHING
    tone = "bad" if one.status == FAILED else "warn"
    return Markup(" ") + tag(_(str(one.status)), tone, one.error or "")


def moment(crm: Workspace, letter: Letter) -> str:
    """Return when a letter was written, in the account's own time; without the year where it is this one."""
    stored = letter.doc.get("date")
    if not stored:
        return ""
    when = datetime.fromisoformat(str(stored)).astimezone(crm.settings.time_zone)
    return when.strftime("%d.%m %H:%M" if when.year == crm.today().year else "%d.%m.%Y")

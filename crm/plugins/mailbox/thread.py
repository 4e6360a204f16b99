"""One letter with its thread in the console: harmless, its files to be saved, and what may be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crm.errors import NotFound
from crm.html import named
from crm.locale import _
from crm.plugins.mailbox.desk import answer_form
from crm.plugins.mailbox.page import moment
from crm.plugins.mailbox.shown import safe_html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.mailbox.letter import Letter
    from crm.plugins.mailbox.letters import Letters
    from crm.workspace import Workspace

_LETTER = Markup(
    '<article class="letter"><header>{subject}<p>{sender} → {to} <time>{date}</time></p>{about}</header>'
    "{body}{files}</article>"
)


def thread(crm: Workspace, letters: Letters, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the page of the thread of `id`, or the attachment that `file` names."""
    letter = letters.get(query["id"])
    if query.get("file"):
        found = letters.attachment(letter.id, query["file"])
        return {"file": {"name": found.name, "type": found.kind, "data": found.data}}
    shown = Markup("").join(_shown(crm, letters, one, letter.subject) for one in letters.thread_of(letter.id))
    back = Markup('<p><a href="/p/letters">{}</a></p>').format(_("To all letters"))
    return {"title": letter.subject, "html": back + shown + answer_form(crm, letter)}


def _shown(crm: Workspace, letters: Letters, one: Letter, title: str) -> Markup:
    return _LETTER.format(
        subject=Markup("<h2>{}</h2>").format(one.subject) if one.subject != title else "",
        sender=one.sender_name or one.sender,
        to=", ".join(one.to),
        date=moment(crm, one),
        about=Markup("<p>{} {}</p>").format(_("About"), named(crm, one.about)) if one.about else "",
        body=_body(letters, one),
        files=_files(one),
    )


def _body(letters: Letters, one: Letter) -> Markup:
    try:
        html = letters.whole(one.id).html
    except NotFound:
        html = ""
    return Markup(safe_html(html)) if html else Markup('<pre class="letter">{}</pre>').format(one.text)


def _files(one: Letter) -> Markup:
    if not one.attachments:
        return Markup("")
    links = [
        Markup('<li><a href="/p/letters?{}" download>{}</a></li>').format(urlencode({"id": one.id, "file": name}), name)
        for name in one.attachments
    ]
    return Markup('<p>{}</p><ul class="files">{}</ul>').format(_("Attachments"), Markup("").join(links))

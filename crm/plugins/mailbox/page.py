"""The page of letters in the console: what came in, and one letter with its thread, harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb import where

from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.mailbox.letters import Letters
    from crm.workspace import Workspace

_SHOWN = 100


def letters(crm: Workspace, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the page: the list of letters, or the one that `id` names."""
    collection: Letters = crm.collection("letter")  # type: ignore[assignment]
    wanted = str(query.get("id") or "")
    return _one(crm, collection, wanted) if wanted else _list(collection)


def _list(collection: Letters) -> dict[str, Any]:
    from markupsafe import Markup

    found = list(collection.find(where("direction").one_of(["in", "out"]), sort="-date", limit=_SHOWN))
    row = Markup('<li><a href="/p/letters?id={}">{}</a> {} {} <small>{}</small></li>')
    items = [
        row.format(
            one.id, one.subject, "→" if one.direction == "out" else "←", one.sender_name or one.sender, _day(one)
        )
        for one in found
    ]
    empty = Markup("<p>{}</p>").format(_("Nothing here yet"))
    html = Markup("<ul>") + Markup("").join(items) + Markup("</ul>") if items else empty
    return {"title": _("Mail"), "html": html}


def _one(crm: Workspace, collection: Letters, wanted: str) -> dict[str, Any]:
    from markupsafe import Markup, escape

    from crm.errors import NotFound
    from crm.plugins.mailbox.desk import answer_form
    from crm.plugins.mailbox.shown import safe_html

    parts = []
    for one in collection.thread_of(wanted):
        try:
            html = collection.whole(one.id).html
        except NotFound:
            html = ""
        body = Markup(safe_html(html)) if html else Markup('<pre class="letter">{}</pre>').format(one.text)
        head = Markup("<h2>{}</h2><p>{} → {} <small>{}</small></p>").format(
            one.subject, one.sender_name or one.sender, ", ".join(one.to), _day(one)
        )
        about = Markup('<p><a href="/{}">{}</a></p>').format(one.about, _name(crm, one.about)) if one.about else ""
        files = escape(", ".join(one.attachments))
        parts.append(head + about + body + (Markup("<p>📎 {}</p>").format(files) if files else ""))
    letter = collection.get(wanted)
    return {"title": letter.subject, "html": Markup("<hr>").join(parts) + answer_form(crm, letter)}


def _day(letter: Any) -> str:
    return str(letter.doc.get("date") or "")[:16].replace("T", " ")


def _name(crm: Workspace, ref: str) -> str:
    """Return what a letter is about by its name, by its reference where that may not be seen."""
    noun, _slash, number = ref.partition("/")
    doc = crm.doc(noun, int(number))
    return str(crm.record(ref).label) if doc is not None and crm.guard.may("read", noun, doc) else ref

"""The page of letters in the console: what came and went, what waits, and a word to those who have no box yet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup
from tinydb import where

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
_FETCH = Markup(
    '<form method="post" action="/do/letter"><button class="button" name="verb" value="fetch">{}</button></form>'
)
_TABLE = Markup(
    '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="plain figures letters">'
    "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
)
_ROW = Markup(
    '<tr><td><span title="{way}">{arrow}</span> {who}</td><td><a href="/p/letters?id={id}">{subject}</a>{clip}{state}'
    "</td><td>{about}</td><td>{date}</td></tr>"
)
_NOTHING = Markup('<div class="nothing"><p class="nothing-title">{}</p><p>{}</p>{}</div>')


def letters(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the page: letters of a `view`, or the thread of the letter that `id` names."""
    collection: Letters = crm.collection("letter")  # type: ignore[assignment]
    if query.get("id"):
        from crm.plugins.mailbox.thread import thread

        return thread(crm, collection, query)
    view = query.get("view", "") if query.get("view", "") in VIEWS else ""
    found = list(collection.find(VIEWS[view][1], sort="-date", limit=_SHOWN))
    html = _tabs(view) + _fetch(crm, collection) + (_table(crm, found) if found else _nothing(collection, query))
    return {"title": _("Mail"), "html": html, "letters": [collection.export(one) for one in found]}


def _tabs(view: str) -> Markup:
    here = Markup(' aria-current="page"')
    tabs = [
        Markup('<a href="/p/letters{}"{}>{}</a>').format(
            "?" + urlencode({"view": name}) if name else "", here if name == view else "", _(title)
        )
        for name, (title, _query) in VIEWS.items()
    ]
    return Markup('<nav class="tabs" aria-label="{}">{}</nav>').format(_("Mail"), Markup("").join(tabs))


def _fetch(crm: Workspace, collection: Letters) -> Markup:
    may = collection.mail.boxes and crm.guard.may("create", "letter", None)
    return _FETCH.format(_("Fetch the mail now")) if may else Markup("")


def _nothing(collection: Letters, query: Mapping[str, str]) -> Markup:
    if collection.mail.boxes:
        text = _("No letter answers this.") if query.get("view") else _("What comes into your boxes is shown here.")
        return _NOTHING.format(_("No letters"), text, "")
    how = Markup("<p>{} <code>config/mailbox.yaml</code></p>").format(_("The boxes are named in"))
    text = _("Connect a mailbox: each letter is bound to its client and deal, and one that needs an answer is planned.")
    return _NOTHING.format(_("No mailbox is connected"), text, how)


# --- the table -------------------------------------------------------------------------------------------------------


def _table(crm: Workspace, found: list[Letter]) -> Markup:
    titles = (_("From or to"), _("Subject"), _("About"), _("Date"))
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in titles)
    return _TABLE.format(_("Mail"), head, Markup("").join(_row(crm, one) for one in found))


def _row(crm: Workspace, one: Letter) -> Markup:
    out = one.direction == OUT
    return _ROW.format(
        id=one.id,
        way=_("Letters sent") if out else _("Received"),
        arrow="→" if out else "←",
        who=", ".join(one.to) if out else one.sender_name or one.sender,
        subject=one.subject,
        clip=_files(one),
        state=_state(one),
        about=link(crm, one.about),
        date=moment(crm, one),
    )


def _files(one: Letter) -> Markup:
    if not one.attachments:
        return Markup("")
    text = _("files: {n}").format(n=len(one.attachments))
    return Markup(' <span class="tag" title="{}">{}</span>').format(", ".join(one.attachments), text)


def _state(one: Letter) -> Markup:
    if one.status not in (QUEUED, SENDING, FAILED):
        return Markup("")
    tone = "bad" if one.status == FAILED else "warn"
    return Markup(' <span class="tag {}" title="{}">{}</span>').format(tone, one.error or "", _(str(one.status)))


def link(crm: Workspace, ref: str | None) -> Markup:
    """Return a link to what a letter is about, named by its reference where that may not be seen."""
    if not ref:
        return Markup("")
    noun, _slash, number = ref.partition("/")
    doc = crm.doc(noun, int(number))
    name = str(crm.record(ref).label) if doc is not None and crm.guard.may("read", noun, doc) else ref
    return Markup('<a href="/{}">{}</a>').format(ref, name)


def moment(crm: Workspace, letter: Letter) -> str:
    """Return when a letter was written, in the account's own time; without the year where it is this one."""
    stored = letter.doc.get("date")
    if not stored:
        return ""
    when = datetime.fromisoformat(str(stored)).astimezone(crm.settings.time_zone)
    return when.strftime("%d.%m %H:%M" if when.year == crm.today().year else "%d.%m.%Y")

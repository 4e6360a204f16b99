"""Mail at the card: the letters about it, a letter written from it, and what is done with a letter that came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.errors import CrmError, InvalidValue, OutsideFailed
from crm.locale import _
from crm.plugins.mailbox.composing import PAPERS, Draft, addressees

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm.model.record import Record
    from crm.plugins.mailbox.letter import Letter
    from crm.plugins.mailbox.letters import Letters
    from crm.plugins.mailbox.mailboxes import Mailboxes
    from crm.workspace import Workspace

SHOWN = 5
_ATTACH = "attach:"


def _letters(crm: Workspace) -> Letters:
    return crm.collection("letter")  # type: ignore[return-value]


def panel(crm: Workspace, record: Record) -> dict[str, Any] | None:
    """Return the newest letters about a record, and the form of a new one; None where neither can be."""
    found = _about(crm, record)
    items = [
        Markup('<li><a href="/p/letters?id={}">{} {}</a> <small>{}</small></li>').format(
            one.id, "→" if one.direction == "out" else "←", one.subject, str(one.doc.get("date") or "")[:10]
        )
        for one in found[:SHOWN]
    ]
    listed = Markup("<ul>{}</ul>").format(Markup("").join(items)) if items else Markup("")
    form = _write_form(crm, record) if crm.guard.may("create", "letter", None) else Markup("")
    return {"html": listed + form} if listed or form else None


def _about(crm: Workspace, record: Record) -> list[Letter]:
    from tinydb import where

    query: Any = (where("about") == record.ref) | (where("client") == record.ref)
    return list(_letters(crm).find(query, sort="-date", limit=SHOWN))


def _write_form(crm: Workspace, record: Record) -> Markup:
    try:
        to = addressees(crm, (), record.ref)
    except CrmError:
        to = []
    templates = [("", "—"), *((one.name, one.subject) for one in _letters(crm).mail.templates)]
    options = Markup("").join(Markup('<option value="{}">{}</option>').format(*one) for one in templates)
    choice = Markup("<label>{} <select name='template'>{}</select></label>").format(_("Template"), options)
    return Markup(
        '<details><summary class="button">{title}</summary><form method="post" action="/do/letter" class="stacked">'
        '<input type="hidden" name="verb" value="write"><input type="hidden" name="about" value="{about}">'
        '<label>{to} <input name="to" value="{addresses}" required></label>'
        '<label>{subject} <input name="subject"></label>{template}'
        '<label>{text} <textarea name="text" rows="6"></textarea></label>{papers}'
        '<button class="button">{send}</button></form></details>'
    ).format(
        title=_("Write a letter"), about=record.ref, to=_("To whom"), addresses=", ".join(to), subject=_("Subject"),
        template=choice if len(templates) > 1 else "", text=_("Text"), papers=_papers(crm, record), send=_("Send"),
    )  # fmt: skip


def _papers(crm: Workspace, record: Record) -> Markup:
    """Return the quotes and invoices of a deal to tick, the newest first."""
    box = Markup('<label><input type="checkbox" name="{}{}" value="1"> {} {}</label>')
    ticks = [
        box.format(_ATTACH, paper.ref, crm.nouns[noun].entity.one(), paper.label)
        for noun in ("quote", "invoice")
        if record.noun == "deal" and noun in crm.nouns
        for paper in sorted(crm.collection(noun).having("deal", record.ref), key=lambda one: -one.id)[:3]
    ]
    return Markup("").join(ticks)


def answer_form(crm: Workspace, letter: Letter) -> Markup:
    """Return the forms beneath a letter: to answer it, to make a task of it."""
    if not crm.guard.may("edit", "letter", letter.doc):
        return Markup("")
    answer = Markup(
        '<h2>{title}</h2><form method="post" action="/do/letter" class="stacked">'
        '<input type="hidden" name="verb" value="reply"><input type="hidden" name="id" value="{id}">'
        '<label>{text} <textarea name="text" rows="6" required></textarea></label>'
        '<button class="button primary">{send}</button></form>'
    ).format(title=_("Answer"), id=letter.id, text=_("Text"), send=_("Send"))
    people = [(user.login, user.name) for user in crm.users.find() if user.active] or [(crm.actor, crm.actor)]
    options = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            login, Markup(" selected") if login == crm.actor else "", name
        )
        for login, name in people
    )
    task = Markup(
        '<h2>{title}</h2><form method="post" action="/do/letter" class="stacked">'
        '<input type="hidden" name="verb" value="task"><input type="hidden" name="id" value="{id}">'
        '<label>{what} <input name="subject" value="{subject}" required></label>'
        '<label>{who} <select name="owner">{options}</select></label>'
        '<label>{when} <input type="date" name="due" value="{today}" required></label>'
        '<button class="button">{make}</button></form>'
    ).format(
        title=_("Task from the letter"), id=letter.id, what=_("What to do"), subject=letter.subject, who=_("Whose"),
        options=options, when=_("Due"), today=crm.today().isoformat(), make=_("Make the task"),
    )  # fmt: skip
    return answer + task


# --- what the forms do ------------------------------------------------------------------------------------------------


def act(crm: Workspace, form: Mapping[str, str]) -> str | tuple[str, str]:
    """Write a letter, answer one, make a task of one, or fetch; raise InvalidValue for a form that is not whole."""
    verb = form.get("verb", "")
    if verb == "fetch":
        return _fetched(crm)
    if verb == "task":
        made = _letters(crm).task(
            form.get("id", ""), form.get("subject", ""), owner=form.get("owner", ""), due=form.get("due", "")
        )
        return _("Planned: {subject}").format(subject=made.subject), f"/{made.ref}"
    if verb == "reply":
        return _sent(crm, _letters(crm).reply(form.get("id", ""), form.get("text", "").strip()))
    if verb != "write":
        raise InvalidValue(_("It is not said what to do with the letter."))
    to = tuple(filter(None, (one.strip() for one in form.get("to", "").replace(";", ",").split(","))))
    draft = Draft(to, form.get("subject", ""), form.get("text", ""), form.get("about", ""), attach=tuple(_ticked(form)))
    return _sent(crm, _letters(crm).write(draft, form.get("template", "")))


def _fetched(crm: Workspace) -> str:
    mailboxes: Mailboxes = crm.collection("mailbox")  # type: ignore[assignment]
    found = mailboxes.fetch()
    wrong = [f"{one.name}: {one.error}" for one in found if one.error]
    if wrong:
        raise OutsideFailed("; ".join(wrong), _("What the other folders held is there."))
    return _("New letters: {n}.").format(n=sum(one.taken for one in found))


def _ticked(form: Mapping[str, str]) -> Iterator[str]:
    """Yield the papers that were ticked; a form names no file of this machine."""
    for name in form:
        if name.startswith(_ATTACH):
            ref = name.removeprefix(_ATTACH)
            noun, _slash, number = ref.partition("/")
            if noun not in PAPERS or not number.isdecimal():
                raise InvalidValue(_("«{word}» is no paper.").format(word=ref[:80]))
            yield ref


def _sent(crm: Workspace, letter: Letter) -> str:
    """Hand a letter over at once, and say how it stands; one that cannot go now waits in the queue."""
    try:
        _letters(crm).deliver(letter.id)
    except CrmError as error:
        return _("The letter waits in the queue: {why}").format(why=error.message)
    now = _letters(crm).get(letter.id)
    if now.status == "sent":
        return _("Sent: {subject}").format(subject=now.subject)
    return _("Not sent yet: {why}").format(why=now.error or now.status)

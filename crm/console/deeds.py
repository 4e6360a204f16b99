"""What one does with one record: move, close, reopen, link, comment, do, delete, take a change back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.controls import control
from crm.console.forms import noun_called
from crm.console.mentions import tell
from crm.console.roads import WON, Road, road_of
from crm.console.routes import action, page
from crm.console.visit import Done, View
from crm.errors import InvalidValue, NotFound, Refused
from crm.locale import _
from crm.sales import undo as undoing
from crm.sales.collection import Edit

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit
    from crm.model.fields import Doc
    from crm.model.record import Record

_RECORD = "/<kind:re:[a-z_]+>/<id:int>"


def _road(visit: Visit, kind: str, doc: Doc) -> Road:
    path = road_of(visit.crm, kind, doc)
    if path is None:
        raise NotFound(_("«{noun}» has no stages.").format(noun=kind), _("Deals and leads have."))
    return path


@page(f"{_RECORD}/move")
def where_to(visit: Visit, kind: str, id: int) -> View:
    """Ask where to move a record."""
    record = visit.crm.collection(kind).get(id)
    path = _road(visit, kind, record.doc)
    stages = path.ladder.stages
    made = {
        "kind": kind,
        "id": id,
        "rev": record.rev,
        "title": record.label,
        "address": visit.url.card(kind, id),
        "now": path.standing(record.doc),
        "back": visit.back(visit.came or visit.url.board(kind, path.ladder.id)),
        "stages": [
            {"value": stage.id, "title": stage.title.text(), "step": place, "of": len(stages)}
            for place, stage in enumerate(stages, 1)
            if stage.id != record.doc.get("stage")
        ],
        "closings": path.closings(),
    }
    return View("move.html", _("Where to"), f"{kind}s", {"move": made})


@action(f"{_RECORD}/move")
def move(visit: Visit, kind: str, id: int) -> Done:
    """Move a record to a stage, or close it."""
    record = visit.crm.collection(kind).get(id)
    path, target = _road(visit, kind, record.doc), visit.form.get("stage")
    if kind == "lead" and target == WON:
        return Done("", visit.url.convert(id))
    with visit.crm.transaction(f"{kind} {_verb(kind, target)}"):
        path.refuse_stale(id, visit.form.number("rev"))
        path.move(id, target)
    return Done(_("{title} → {stage}").format(title=record.label, stage=path.title(target)))


def _verb(kind: str, target: str) -> str:
    end = target.partition(":")[0]
    return {"won": "win", "lost": "lose" if kind == "deal" else "reject"}.get(end, "move")


@action(f"{_RECORD}/reopen")
def reopen(visit: Visit, kind: str, id: int) -> Done:
    """Take a closed record back to work."""
    if kind == "deal":
        record: Record = visit.crm.deals.reopen(id)
    else:
        first = _road(visit, kind, {}).ladder.first.id
        record = visit.crm.leads.move(id, first)
    return Done(_("{title} is at work again").format(title=record.label))


@action(f"{_RECORD}/comment")
def comment(visit: Visit, kind: str, id: int) -> Done:
    """Add a comment: a line of the record's own field, dated and signed in its history."""
    noun_called(visit, kind)
    text = visit.form.get("text").strip()
    if not text:
        raise InvalidValue(_("The comment is empty."), _("Write what was agreed."))
    with visit.crm.transaction(f"{kind} comment"):
        record = visit.crm.collection(kind).set(id, Edit("comment", "+=", text))
        told = tell(visit, record, text)
    said = _("The comment is written; a task is set for: {names}.").format(names=", ".join(told))
    return Done(said if told else _("The comment is written."))


@action("/lead/<id:int>/qualify")
def qualify(visit: Visit, id: int) -> Done:
    """Mark a lead as good and put it to work."""
    return Done(_("A good lead: {title}").format(title=visit.crm.leads.qualify(id).label))


@action("/activity/<id:int>/done")
def done(visit: Visit, id: int) -> Done:
    """Note an activity as done, with its result."""
    outcome = visit.form.get("outcome")
    made = visit.crm.activities.done(id, visit.form.get("result").strip(), outcome=outcome)
    if not visit.crm.activities.has_next(made):
        back = visit.back(visit.url.record(str(made.about)))
        go = visit.url.add("activity", about=str(made.about), owner=made.owner, back=back)
        return Done(_("Done: {title}. What is the next step?").format(title=made.subject), go)
    return Done(_("Done: {title}").format(title=made.subject))


@action(f"{_RECORD}/delete")
def delete(visit: Visit, kind: str, id: int) -> Answer:
    """Put a record into the trash, once the person is sure."""
    noun = noun_called(visit, kind)
    record = visit.crm.collection(kind).get(id)
    if not visit.form.get("sure"):
        days = visit.crm.settings.account.trash_days
        question = _("«{title}» goes to the trash and can be restored within {n} days.").format(
            title=record.label, n=days
        )
        address = visit.url.delete(kind, id)
        return ask(visit, _("Delete"), question, address, visit.url.card(kind, id), danger=True)
    visit.crm.collection(kind).delete(id)
    return Done(_("In the trash: {title}").format(title=record.label), visit.url.list(noun.name))


@action(f"{_RECORD}/restore")
def restore(visit: Visit, kind: str, id: int) -> Done:
    """Take a record out of the trash."""
    noun_called(visit, kind)
    record = visit.crm.collection(kind).restore(id)
    return Done(_("Restored: {title}").format(title=record.label), visit.url.card(kind, id))


def ask(visit: Visit, title: str, question: str, address: str, back: str, *, danger: bool = False) -> View:
    """Return the page that asks before something is done; the form then posts `sure`."""
    made: Context = {
        "title": title, "question": question, "rows": [], "rest": "", "action": address, "hidden": [], "fields": [],
        "submit": title, "danger": danger, "rev": "", "back": visit.back(back),
    }  # fmt: skip
    return View("confirm.html", title, "", {"confirm": made})


# --- links ------------------------------------------------------------------------------------------------------------


@page("/deal/<id:int>/link")
def what_to_link(visit: Visit, id: int) -> View:
    """Ask whom to link to a deal."""
    deal = visit.crm.deals.get(id)
    suggest = visit.url.suggest
    return _link_form(visit, deal, [
        control("contact", _("Contact"), suggest=suggest("contact")),
        *([] if deal.company else [control("company", _("Company"), suggest=suggest("company"))]),
    ])  # fmt: skip


def _link_form(visit: Visit, deal: Any, fields: list[Context]) -> View:
    hint = _("Who is known is found by the first letters; a new one is added.")
    form: Context = {
        "title": _("Link to «{title}»").format(title=deal.label), "action": visit.url.link("deal", deal.id),
        "kind": "deal", "id": deal.id, "rev": "", "back": visit.back(visit.url.card("deal", deal.id)),
        "submit": _("Link"), "hidden": [], "failures": [], "draft": "",
        "groups": [{"title": "", "hint": hint, "fields": fields}],
    }  # fmt: skip
    return View("form.html", form["title"], "deals", {"form": form})


@action("/deal/<id:int>/link")
def link(visit: Visit, id: int) -> Done:
    """Link a contact or a company to a deal; a new one is added."""
    from crm.console.quick import client_company, client_contact

    with visit.crm.transaction("deal link"):
        company = client_company(visit.crm, visit.form.get("company").strip())
        own = company or visit.crm.deals.get(id).company or ""
        contact = client_contact(visit.crm, {"contact": visit.form.get("contact").strip()}, own)
        if not (company or contact):
            raise InvalidValue(_("Nobody was named."), _("Write a name."))
        for ref in filter(None, (company, contact)):
            visit.crm.deals.link(id, ref)
    return Done(_("Linked."), visit.url.card("deal", id))


@action("/deal/<id:int>/unlink/<field:re:company|contacts>/<other>/<number:int>")
def unlink(visit: Visit, id: int, field: str, other: str, number: int) -> Answer:
    """Take a link of a deal away, once the person is sure."""
    ref = f"{other}/{number}"
    if not visit.form.get("sure"):
        question = _("«{name}» stays, only the link goes.").format(name=visit.shown.label(ref))
        address = visit.url.unlink("deal", id, field, ref)
        return ask(visit, _("Take out of the deal"), question, address, visit.url.card("deal", id))
    visit.crm.deals.unlink(id, ref)
    return Done(_("{name} is not in the deal any more").format(name=visit.shown.label(ref)))


# --- history ----------------------------------------------------------------------------------------------------------


@action("/undo/<n:int>")
def undo(visit: Visit, n: int) -> Done:
    """Take a change set back, with what it caused."""
    if n < 1:
        raise Refused(_("There is nothing to undo."))
    undone = undoing.undo(visit.crm, n)
    return Done(_("Taken back: {what}").format(what=_named(visit, undone.refs)))


def _named(visit: Visit, refs: list[str]) -> str:
    """Return the name of the first of some records and how many more there are; of one that is gone, what it was."""
    first, rest = refs[0], len(refs) - 1
    kind, _slash, number = first.partition("/")
    name = visit.shown.label(first)
    if name == first and kind in visit.crm.nouns:
        name = f"{visit.crm.nouns[kind].entity.one()} № {number}"
    return " ".join(filter(None, (name, _("and {n} more").format(n=rest) if rest else "")))

"""A person erased everywhere, the journal included: what would go is shown first, what is known can be kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crm.console.deeds import ask
from crm.console.routes import action, page
from crm.console.visit import Done, Sent
from crm.errors import NotFound
from crm.locale import _
from crm.sales.dossier import dossier
from crm.sales.forgetting import foresee, forget

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, View, Visit

PEOPLE = ("contact", "lead")
_LISTED = 20
_LOOKED_THROUGH = 20_000
"""Records that a question may look through; of more, only what is about the person is named before he is erased."""
_PERSON = "/<kind:re:contact|lead>/<id:int>"


@page(f"{_PERSON}/forget")
def question(visit: Visit, kind: str, id: int) -> View:
    """Ask whether a person is to be erased, naming all that would go."""
    record = visit.crm.collection(kind).get(id)
    visit.crm.guard.check("delete", kind, record.doc)
    foreseen = foresee(visit.crm, [record.ref], _LOOKED_THROUGH)
    parts = [
        _("«{name}» is erased everywhere, the journal included. It cannot be undone.").format(name=record.label),
        _named(_("The cards: {refs}."), [one.ref for one in foreseen.cards]),
        _named(_("Also cleaned: {refs}."), foreseen.cleaned),
        "" if foreseen.whole else _("Traces of the person in other records are found and cleaned too."),
        _named(_("Left as they are, with the same phone or address: {refs}."), foreseen.left),
        _("Older backups and copies of the folder still hold the data: delete them or let them run out."),
    ]
    view = ask(
        visit, _("Forget the person"), " ".join(filter(None, parts)), visit.url.forget(kind, id),
        visit.url.card(kind, id), danger=True,
    )  # fmt: skip
    made: Context = view.parts["confirm"]
    made["rows"] = []
    return view


def _named(sentence: str, refs: list[str]) -> str:
    more = _(" and {n} more").format(n=len(refs) - _LISTED) if len(refs) > _LISTED else ""
    return sentence.format(refs=", ".join(refs[:_LISTED]) + more) if refs else ""


@action(f"{_PERSON}/forget")
def erase(visit: Visit, kind: str, id: int) -> Answer:
    """Erase a person, once one is sure."""
    if not visit.form.get("sure"):
        return question(visit, kind, id)
    done = forget(visit.crm, [f"{kind}/{id}"])
    if not done.cards:
        raise NotFound(_("Nothing is left of this person."))
    return Done(_("Forgotten; {n} other records are cleaned.").format(n=len(done.cleaned)), visit.url.list(kind))


@page(f"{_PERSON}/known")
def known(visit: Visit, kind: str, id: int) -> Sent:
    """Send all that is known of a person, as JSON."""
    record = visit.crm.collection(kind).get(id)
    text = json.dumps(dossier(visit.crm, [record.ref]), ensure_ascii=False, indent=2)
    return Sent(f"{kind}-{id}.json", "application/json", f"{text}\n".encode())

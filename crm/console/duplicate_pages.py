"""Records that seem to be one (X5): side by side with what they have in common, made one with a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.controls import control
from crm.console.deed_form import deed_form
from crm.console.deeds import ask
from crm.console.routes import action, page
from crm.console.visit import Done, View
from crm.errors import CrmError, WrongUsage
from crm.locale import _
from crm.sales.duplicates import NOUNS, duplicates
from crm.sales.merging import merge, united

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit
    from crm.model.fields import Doc
    from crm.sales.duplicates import Group
    from crm.sales.noun import Noun

SHOWN = 20
_APART = ("created", "updated", "stage_log", "score")


@page("/duplicates")
def pairs(visit: Visit) -> View:
    """Show the groups of records of a noun that seem to be one."""
    nouns = [visit.crm.nouns[name] for name in NOUNS if name in visit.crm.nouns]
    noun = next((one for one in nouns if one.name == visit.query.get("noun")), nouns[0])
    visit.crm.guard.check("read", noun.name, None)
    groups = visit.crm.remembered(("duplicates", noun.name), lambda: duplicates(visit.crm, noun.name))
    tabs = [
        {"title": one.entity.many(), "address": visit.url.duplicates(noun=one.name), "current": one is noun}
        for one in nouns
    ]
    rest = len(groups) - SHOWN
    shown: Context = {
        "tabs": tabs, "action": visit.url.duplicates(), "noun": noun.name, "back": visit.url.duplicates(noun=noun.name),
        "editable": bool(visit.crm.guard.may("edit", noun.name, None)),
        "groups": [_group(visit, noun, one) for one in groups[:SHOWN]],
        "rest": _("and {n} more").format(n=rest) if rest > 0 else "",
    }  # fmt: skip
    data = {"groups": [{"ids": one.ids, "reasons": [reason.text for reason in one.reasons]} for one in groups]}
    return View("duplicates.html", _("Duplicates"), noun.plural, {"duplicates": shown}, data)


def _group(visit: Visit, noun: Noun, group: Group) -> Context:
    docs = [visit.crm.collection(noun.name).doc(one) for one in group.ids]
    visit.shown.load_of(noun, docs, list(noun.fields))
    records = [visit.crm.collection(noun.name).record(doc) for doc in docs]
    together = dict(docs[0])
    for other in docs[1:]:
        together |= united(together, other)
    return {
        "ids": group.ids,
        "reasons": ", ".join(reason.text for reason in group.reasons),
        "records": [
            {"id": one.id, "title": one.label, "address": visit.url.card(noun.name, one.id)} for one in records
        ],
        "rows": _rows(visit, noun, docs, together),
    }


def _rows(visit: Visit, noun: Noun, docs: list[Doc], together: Doc) -> list[Context]:
    """Return the fields that any of them has, with what becomes of each when the first one is kept."""
    rows = []
    for name, field in noun.fields.items():
        if name in _APART or not any(doc.get(name) for doc in docs):
            continue
        texts = [visit.shown.text(field, doc.get(name)) for doc in [*docs, together]]
        rows.append({"title": field.label, "cells": texts[:-1], "made": texts[-1], "same": len(set(texts)) == 1})
    return rows


@action("/duplicates")
def make_one(visit: Visit) -> Done:
    """Merge a group into the record that was chosen."""
    noun, keep, ids = visit.form.get("noun"), visit.form.get("keep"), visit.form.all("ids")
    if noun not in NOUNS or keep not in ids or len(ids) < 2:
        raise WrongUsage(_("It is not said which of them stays."), _("Choose one."))
    merged = merge(visit.crm, noun, int(keep), [int(one) for one in ids if one != keep])
    return Done(_("One now: {title}").format(title=merged.label), visit.url.duplicates(noun=noun))


# --- two that one knows to be the same --------------------------------------------------------------------------------

MERGED = (*NOUNS, "deal")
_ONE = f"/<kind:re:{'|'.join(MERGED)}>/<id:int>/merge"


@page(_ONE)
def other(visit: Visit, kind: str, id: int) -> View:
    """Ask which record is the same as this one."""
    return _other(visit, kind, id, "")


def _other(visit: Visit, kind: str, id: int, failure: str) -> View:
    record = visit.crm.collection(kind).get(id)
    hint = _("What this one lacks is taken from the other; links and history come along, the other goes to the trash.")
    typed = visit.form.get("other")
    fields = [control("other", _("The other one"), "text", typed, suggest=visit.url.suggest(kind), required=True)]
    return deed_form(visit, record, _("Merge with another"), visit.url.merge(kind, id), fields, failure, hint)


@action(_ONE)
def merge_two(visit: Visit, kind: str, id: int) -> Answer:
    """Merge another record into this one, once one is sure."""
    records = visit.crm.collection(kind)
    record = records.get(id)
    try:
        ref = visit.crm.customs.find_ref(kind, visit.form.get("other").strip().removeprefix(f"{kind}/"))
        twin = records.get(ref)
        if twin.id == record.id:
            raise WrongUsage(_("It is the same record."), _("Choose another one."))
    except CrmError as error:
        return _other(visit, kind, id, str(error))
    if not visit.form.get("sure"):
        question = _("«{other}» ({ref}) becomes a part of «{name}».")
        words = question.format(other=twin.label, ref=twin.ref, name=record.label)
        view = ask(visit, _("Merge"), words, visit.url.merge(kind, id), visit.url.card(kind, id))
        view.parts["confirm"]["hidden"] = [{"name": "other", "value": str(twin.id)}]
        return view
    merged = merge(visit.crm, kind, id, [twin.id])
    return Done(_("One now: {title}").format(title=merged.label), visit.url.card(kind, id))

"""Saved views: the menu of them on lists and boards, saving what is looked at, and letting one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.routes import action
from crm.console.visit import Done
from crm.errors import NotFound
from crm.locale import _

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.model.record import Record


def views(visit: Visit, address: str) -> Context | None:
    """Return the menu of the views of a list or a board, as `view_parts.html` shows it; None without the plugin."""
    if "view" not in visit.crm.nouns:
        return None
    path, _mark, words = address.partition("?")
    place = path.strip("/")
    found = _views(visit).at(place)
    return {
        "place": place,
        "words": words,
        "items": [_item(visit, one, path, words) for one in found],
        "savable": bool(visit.crm.guard.may("create", "view", None)),
        "current": next((one.name for one in found if one.doc.get("words", "") == words and words), ""),
        "save": visit.url.save_view(),
    }


def _item(visit: Visit, one: Record, path: str, words: str) -> Context:
    said = one.doc.get("words", "")
    mine = one.owner == visit.crm.actor
    owner = "" if mine else str((visit.shown.person(one.owner) or {}).get("name", ""))
    return {
        "title": one.label,
        "address": f"{path}?{said}" if said else path,
        "current": said == words,
        "owner": owner,
        "shared": bool(one.doc.get("shared")),
        "forget": visit.url.forget_view(one.id) if mine else "",
    }


@action("/views/save")
def save(visit: Visit) -> Done:
    """Save the filters, columns and order of a list or a board under a name; an own view of that name is replaced."""
    form = visit.form
    name, place = form.get("name").strip(), form.get("place").strip("/ ")
    views_ = _views(visit)
    values = {"name": name, "words": form.get("words"), "shared": "yes" if form.get("shared") else "no"}
    old = [one for one in views_.at(place) if one.name == name and one.owner == visit.crm.actor]
    made: Record = views_.set(old[0].id, **values) if old else views_.add(place=place, **values)
    said = made.doc.get("words", "")
    return Done(_("The view «{name}» is saved").format(name=made.label), f"/{place}?{said}" if said else f"/{place}")


@action("/views/<id:int>/forget")
def forget(visit: Visit, id: int) -> Done:
    """Let a view of one's own go."""
    view: Record = _views(visit).forget(id)
    return Done(_("The view «{name}» is let go").format(name=view.label))


def _views(visit: Visit) -> Any:
    if "view" not in visit.crm.nouns:
        raise NotFound(_("Saved views are switched off."), _("Switch them on: crm plugin enable views."))
    return visit.crm.collection("view")

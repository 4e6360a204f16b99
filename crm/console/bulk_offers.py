"""What a list offers to do with many records at once: move, assign, change a field, delete, restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.controls import options
from crm.console.roads import road
from crm.locale import _
from crm.model.field_parts import Items, Parts

if TYPE_CHECKING:
    from crm.console.lists import Listing
    from crm.console.visit import Context


def bulk(listing: Listing) -> list[Context]:
    """Return what can be done with the marked records of a list."""
    if listing.trashed:
        return [{"name": "restore", "title": _("Restore"), "options": []}] if listing.may("delete") else []
    actions = [_move(listing), _assign(listing), _set(listing)] if listing.may("edit") else []
    if listing.may("delete"):
        actions.append({"name": "delete", "title": _("Delete"), "options": []})
    return [action for action in actions if action is not None]


def _move(listing: Listing) -> Context | None:
    path = road(listing.crm, listing.noun.name, listing.asked.get("pipeline", ""))
    if path is None:
        return None
    stages = [(stage.id, stage.title.text()) for stage in path.ladder.stages]
    ends = (
        [("lost", path.ends()[1])]
        if listing.noun.name == "lead"
        else list(zip(("won", "lost"), path.ends(), strict=True))
    )
    return {"name": "move", "title": _("Move"), "options": options([*stages, *ends], (), _("To the stage…"))}


def _assign(listing: Listing) -> Context | None:
    if "owner" not in listing.noun.fields or not listing.shown.active:
        return None
    return {
        "name": "assign",
        "title": _("Assign"),
        "options": options(listing.shown.active.items(), (), _("To the owner…")),
    }


def _set(listing: Listing) -> Context | None:
    """Return the change of one field of all marked records."""
    apart = ("owner", "stage", "pipeline", "created", "updated", listing.noun.entity.naming)
    names = [
        (name, field.label)
        for name, field in listing.noun.fields.items()
        if name not in apart and not field.fixed and not isinstance(field, Items | Parts)
    ]
    if not names:
        return None
    return {"name": "set", "title": _("Change"), "options": options(names, (), _("The field…"))}

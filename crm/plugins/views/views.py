"""The verbs of saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from crm.errors import Refused
from crm.locale import _
from crm.plugins.views.view import View
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft


class Views(Collection[View]):
    """All saved views."""

    def at(self, place: str) -> list[View]:
        """Return the views of a place that the actor uses: the own and the shared ones, by name."""
        found = (one for one in self.having("place", place) if one.shared or one.owner == self.crm.actor)
        return sorted(found, key=lambda one: one.name.casefold())

    def forget(self, key: int | str) -> View:
        """Put a view of the actor's own into the trash; raise Refused for another's."""
        view = self.get(key)
        if view.owner != self.crm.actor:
            raise Refused(_("«{name}» is the view of another person.").format(name=view.name), _("Ask that person."))
        with self.crm.writing("view delete") as draft:
            draft.update("view", view.id, {"deleted": self.crm.store.now()})
        return view

    def complete(self, doc: Doc) -> Doc:
        """Return a new view with its words in order."""
        return tidy(super().complete(doc))

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change with its words in order."""
        super().change(draft, stored, tidy(fields))


def tidy(doc: Doc) -> Doc:
    """Return a view whose words are those of an address, without what belongs to one look: page, way back."""
    if not doc.get("words"):
        return doc
    left_out = ("page", "back", "show", "as_of")
    words = [(name, value) for name, value in parse_qsl(doc["words"].lstrip("?")) if name not in left_out]
    return {**doc, "words": urlencode(words)}

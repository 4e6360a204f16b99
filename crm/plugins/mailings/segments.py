"""The verbs of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.mailings.nouns import Segment
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft


class Segments(Collection[Segment]):
    """All segments."""

    def complete(self, doc: Doc) -> Doc:
        """Return a new segment whose condition can be read."""
        doc = super().complete(doc)
        self._check(doc)
        return doc

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; the condition can still be read."""
        self._check({name: value for name, value in {**stored, **fields}.items() if value is not None})
        super().change(draft, stored, fields)

    def _check(self, doc: Doc) -> None:
        from crm.sales.filtering import parse

        if doc["kind"] == "lead" and doc.get("roles"):
            raise InvalidValue(_("Leads have no roles."), _("Take contacts or companies, or leave the roles out."))
        if doc.get("query"):
            parse(self.crm, self.crm.nouns[doc["kind"]], doc["query"])
        if not doc.get("query") and not doc.get("roles") and not doc.get("addresses"):
            raise InvalidValue(
                _("The segment «{name}» selects nothing.").format(name=doc.get("name", "")),
                _("Give a condition (--where 'id > 0' is everybody), roles or addresses."),
            )

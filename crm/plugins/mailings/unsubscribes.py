"""The list of addresses that get no mailings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import NotFound, WrongUsage
from crm.locale import _
from crm.model.email_address import fold
from crm.model.forgotten import mark
from crm.plugins.mailings.nouns import Dispatch, Unsubscribe
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft


class Unsubscribes(Collection[Unsubscribe]):
    """All unsubscribed addresses."""

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values with the address in the form that addresses are compared in."""
        return {**values, "address": fold(str(values.get("address") or ""))}

    def complete(self, doc: Doc) -> Doc:
        """Return a new entry with today's date; an address stands in the list once."""
        if self.holds(doc["address"]):
            raise WrongUsage(_("{address} is unsubscribed already.").format(address=doc["address"]))
        doc.setdefault("date", self.crm.today().isoformat())
        return super().complete(doc)

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; an address stays in its compared form."""
        if fields.get("address"):
            fields["address"] = fold(fields["address"])
        super().change(draft, stored, fields)

    def holds(self, address: str) -> bool:
        """Tell whether an address gets no mailings, whoever asks; one whose person was forgotten still gets none."""
        return bool(self.having("address", address) or self.having("address", mark(address, self.crm.identity)))

    def put(self, address: str, reason: str = "") -> Unsubscribe:
        """Put an address on the list; one that is there already stays as it is."""
        with self.crm.writing("mailing unsubscribe"):
            known = self.having("address", fold(address)) or self.having("address", mark(address, self.crm.identity))
            return known[0] if known else self.add(address=address, reason=reason)

    def leave(self, token: str, reason: str = "") -> Unsubscribe:
        """Unsubscribe the address whose letter carried `token` (RFC 8058: List-Unsubscribe); raise NotFound."""
        dispatches: list[Dispatch] = self.crm.collection("dispatch").having("token", token) if token else []
        if not dispatches:
            raise NotFound(
                _("No letter has this token."), _("Unsubscribe by address: crm mailing unsubscribe ADDRESS.")
            )
        one = dispatches[0]
        with self.crm.writing("mailing unsubscribe") as draft:
            left = self.put(one.address, reason)
            if not left.doc.get("mailing"):
                draft.update("unsubscribe", left.id, {"mailing": one.mailing})
            return self.record(self.doc(left.id))

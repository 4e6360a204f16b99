"""The exchange with 1C: invoices join it when they are issued, and go out in numbered files of which a copy is kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import OutsideFailed, Refused
from crm.locale import _
from crm.plugins.onec.exchange import EXPORTED, WAITING, OnecOrder
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from pathlib import Path

    from crm.plugins.invoices.invoice import Invoice
    from crm.store.draft import Draft
    from crm.workspace import Workspace


class Exchange(NamedTuple):
    """A file for 1C; `number` is None when there was nothing to tell, `kept` where its copy is in the workspace."""

    number: int | None
    orders: list[OnecOrder]
    data: bytes
    kept: Path | None


class _Due(NamedTuple):
    order: OnecOrder
    invoice: Invoice


class OnecOrders(Collection[OnecOrder]):
    """All invoices in the exchange."""

    if TYPE_CHECKING:
        crm: Workspace

    def add(self, **values: object) -> OnecOrder:
        """Refuse: an invoice joins the exchange when it is issued."""
        raise Refused(_("An invoice joins the exchange with 1C by itself."), _("Issue it: crm invoice issue."))

    def join(self, invoice: Invoice) -> OnecOrder:
        """Let an invoice take part in the exchange from now on; one that does already stays as it is."""
        with self.crm.writing("onec join") as draft:
            return self._find(invoice.ref) or self._join(draft, invoice)

    def _find(self, invoice: str) -> OnecOrder | None:
        return next(iter(self.having("invoice", invoice)), None)

    def _join(self, draft: Draft, invoice: Invoice) -> OnecOrder:
        return self._create(draft, {"invoice": invoice.ref, "number": invoice.exchange_number, "status": WAITING})

    # --- files -------------------------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Return where the copies of the files are kept, each under its number."""
        return self.crm.root / "data" / "exchange" / "onec"

    def write_out(self, *, since: int | None = None, everything: bool = False, out: Path | None = None) -> Exchange:
        """Write what 1C does not know yet as CommerceML, to `out` and to the kept copy, and remember that it knows.

        That is every invoice that is new or has changed since it went out; with `since`, also those that went after
        that exchange; with `everything`, all invoices ever issued. A failure to write leaves all as it was.
        """
        from crm.plugins.onec.commerceml import write_orders
        from crm.plugins.onec.making import order_of

        with self.crm.writing("onec export") as draft:
            self.crm.guard.check("export", self.noun.name, None)
            if everything:
                self._join_all(draft)
            known = list(self._known())
            due = [one for one in known if everything or _is_due(one, since)]
            number = 1 + max([self._last_kept(), *(one.order.exchange or 0 for one in known)])
            made_at = datetime.now(self.crm.settings.time_zone)
            data = write_orders([order_of(self.crm, one.invoice) for one in due], made_at)
            orders = [self._note(draft, one, number) for one in due]
            kept = self._write(data, number if due else None, out)
        return Exchange(number if due else None, orders, data, kept)

    def _join_all(self, draft: Draft) -> None:
        """Join the invoices issued while the exchange was switched off."""
        joined = {order.invoice for order in self.find()}
        for invoice in self.crm.collection("invoice").find(sort="id"):
            if invoice.exchange_number and invoice.ref not in joined:
                self._join(draft, invoice)

    def _known(self) -> list[_Due]:
        """Return the orders with their invoices, by number, without those whose invoice is gone for good."""
        invoices = self.crm.collection("invoice")
        found = []
        for order in self.find(sort="number"):
            doc = self.crm.doc("invoice", invoices.id_of(order.invoice or ""))
            if doc is not None and doc.get("exchange_number"):
                found.append(_Due(order, invoices.record(doc)))
        return found

    def _note(self, draft: Draft, due: _Due, number: int) -> OnecOrder:
        fields = {
            "status": EXPORTED,
            "exchange": number,
            "exported": draft.time,
            "invoice_rev": due.invoice.rev,
        }
        return self.record(draft.update(self.noun.name, due.order.id, fields))

    def _last_kept(self) -> int:
        names = [path.stem for path in self.folder.glob("*.xml")]
        return max([int(name) for name in names if name.isdecimal()], default=0)

    def _write(self, data: bytes, number: int | None, out: Path | None) -> Path | None:
        if self.crm.dry_run:
            return None
        kept = None if number is None else self.folder / f"{number}.xml"
        for path in filter(None, (out, kept)):
            try:
                if path is kept:
                    self.folder.mkdir(parents=True, exist_ok=True)
                written = path.with_name(f".{path.name}.part")
                written.write_bytes(data)
                written.replace(path)
            except OSError as error:
                raise OutsideFailed(
                    _("{path} cannot be written: {why}.").format(path=path, why=error.strerror),
                    _("Choose another place with -o."),
                ) from error
        return kept


def _is_due(one: _Due, since: int | None) -> bool:
    if one.order.status == WAITING or one.order.invoice_rev != one.invoice.rev:
        return True
    return since is not None and (one.order.exchange or 0) > since

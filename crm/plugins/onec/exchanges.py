"""The exchange with 1C: invoices join it when they are issued, and go out in numbered files of which a copy is kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.plugins.onec.archive import IN, OUT, Archive, write_whole
from crm.plugins.onec.connections import Connection, Connections
from crm.plugins.onec.exchange import EXPORTED, WAITING, OnecOrder
from crm.plugins.onec.settings import OnecSettings
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from pathlib import Path

    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.onec.applying import Outcome
    from crm.plugins.onec.buyers_invoice import BuyersFile
    from crm.store.draft import Draft
    from crm.workspace import Workspace

COMMERCEML, ENTERPRISEDATA = "commerceml", "enterprisedata"


class Exchange(NamedTuple):
    """A file for 1C; `number` is None when there was nothing to tell, `kept` where its copy is in the workspace."""

    number: int | None
    orders: list[OnecOrder]
    data: bytes
    kept: Path | None


class Pulled(NamedTuple):
    """What a base of 1C is answered: the number of the kept file, None when there is nothing to tell, and what is told.

    `told` maps invoices to the revisions that are told.
    """

    number: int | None
    data: bytes
    numbers: list[str]
    told: dict[str, int]


class TakenIn(NamedTuple):
    """What a file of 1C brought, document by document; `number` is None after a dry run."""

    number: int | None
    outcomes: list[Outcome]


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

    # --- what goes out -----------------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Return where the copies of the files are kept, each under its number."""
        return self.crm.root / "data" / "exchange" / "onec"

    @property
    def archive(self) -> Archive:
        """Return the kept exchanges."""
        return Archive(self.folder)

    @property
    def settings(self) -> OnecSettings:
        """Return `config/onec.yaml`."""
        return self.crm.settings.section("onec", OnecSettings)

    def write_out(
        self,
        *,
        since: int | None = None,
        everything: bool = False,
        out: Path | None = None,
        form: str = COMMERCEML,
        version: str = "",
    ) -> Exchange:
        """Write what 1C does not know yet, to `out` and to the kept copy, and remember that it knows.

        That is every invoice that is new or has changed since it went out; with `since`, also those that went after
        that exchange; with `everything`, all invoices ever issued. `form` is CommerceML or EnterpriseData. A failure to
        write leaves all as it was.
        """
        with self.crm.writing("onec export") as draft:
            self.crm.guard.check("export", self.noun.name, None)
            if everything:
                self._join_all(draft)
            known = list(self._known())
            due = [one for one in known if everything or _is_due(one, since)]
            number = 1 + max([self.archive.last(), *(one.order.exchange or 0 for one in known)])
            data = self._written([one.invoice for one in due], form, version or self.settings.version)
            orders = [self._note(draft, one, number) for one in due]
            kept = self._keep(data, number if due else None, out)
        if kept is not None:
            self.archive.note(number, OUT, "file", form, _numbers(due), "written")
        return Exchange(number if due else None, orders, data, kept)

    def _written(self, invoices: list[Invoice], form: str, version: str) -> bytes:
        made_at = datetime.now(self.crm.settings.time_zone)
        if form == ENTERPRISEDATA:
            from crm.plugins.onec.enterprisedata import write_message

            return write_message(self.crm, invoices, made_at)
        from crm.plugins.onec.commerceml import write_orders
        from crm.plugins.onec.making import order_of

        return write_orders([order_of(self.crm, one) for one in invoices], made_at, version)

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

    def _keep(self, data: bytes, number: int | None, out: Path | None) -> Path | None:
        if self.crm.dry_run:
            return None
        if out is not None:
            write_whole(out, data)
        if number is None:
            return None
        self.archive.keep(data, number)
        return self.archive.path(number)

    def buyers_file(self, key: int | str) -> BuyersFile:
        """Return «Счет на оплату» for the buyer's 1C."""
        from crm.plugins.onec.buyers_invoice import write_invoice

        invoice = self.crm.collection("invoice").get(key)
        return write_invoice(self.crm, invoice, datetime.now(self.crm.settings.time_zone))

    # --- the bases that call -----------------------------------------------------------------------------------------

    def connect(self, name: str, since: str = "") -> tuple[Connection, str] | None:
        """Let a base of 1C call, or give it a new password; return both, None in a dry run. For an admin."""
        self.crm.guard.check("settings", self.noun.name, None)
        with self.crm.writing("onec connect"):
            return None if self.crm.dry_run else Connections(self.archive).connect(name, since)

    def disconnect(self, name: str) -> Connection:
        """Let a base of 1C call no more; for an admin."""
        self.crm.guard.check("settings", self.noun.name, None)
        with self.crm.writing("onec disconnect"):
            connections = Connections(self.archive)
            return connections.get(name) if self.crm.dry_run else connections.disconnect(name)

    # --- what a base of 1C pulls -------------------------------------------------------------------------------------

    def pull(self, connection: Connection, version: str = "") -> Pulled:
        """Return what a base of 1C has not confirmed yet; it is confirmed by `Connections.confirm` with its `told`.

        Nothing is written but the kept file: until it is confirmed, the same set is pulled again.
        """
        knows = Connections(self.archive).knows(connection.name)
        with self.crm.writing("onec pull"):
            due = [
                one.invoice
                for one in self._known()
                if knows.get(one.invoice.ref) != one.invoice.rev
                and (one.invoice.ref in knows or (one.invoice.doc.get("date") or "") >= connection.since)
            ]
            data = self._written(due, COMMERCEML, version or self.settings.version)
            number = self.archive.keep(data) if due else None
        numbers = [str(invoice.exchange_number) for invoice in due]
        if number is not None:
            self.archive.note(number, OUT, connection.name, COMMERCEML, numbers, "answered")
        return Pulled(number, data, numbers, {invoice.ref: invoice.rev for invoice in due})

    # --- what comes in -----------------------------------------------------------------------------------------------

    def take_in(self, data: bytes, by: str = "file") -> TakenIn:
        """Apply what 1C tells of our orders (CommerceML 2, packed or not), in one change set; the file is kept.

        A document that cannot be right is left out and said; a file that cannot be read raises InvalidValue and
        changes nothing. The same file again changes nothing.
        """
        from crm.plugins.onec.applying import apply
        from crm.plugins.onec.outside_xml import read_message, unpack
        from crm.plugins.onec.told import papers_of

        root = read_message(data, self.settings.file_limit)
        papers = papers_of(root)
        if not papers and len(root):
            raise InvalidValue(
                _("The file has no orders in it."), _("Payments and statuses come in documents «Заказ товара».")
            )
        with self.crm.writing("onec import") as draft:
            revs = self._revs()
            outcomes = [apply(self, draft, paper) for paper in papers]
        if not self.crm.dry_run:
            number = self._keep_incoming(unpack(data, self.settings.file_limit))
            said = [f"{one.number}: {sentence}" for one in outcomes for sentence in one.said]
            self.archive.note(number, IN, by, COMMERCEML, [one.number for one in outcomes], "applied", said)
            self._know(by, revs, outcomes)
            return TakenIn(number, outcomes)
        return TakenIn(None, outcomes)

    def refuse(self, data: bytes, by: str, why: str) -> None:
        """Keep a file that could not be taken in, with the reason."""
        self.archive.note(self._keep_incoming(data), IN, by, "", [], "refused", [why])

    def _keep_incoming(self, data: bytes) -> int:
        with self.crm.writing("onec keep"):  # for the lock: numbers are given once
            return self.archive.keep(data)

    def _revs(self) -> dict[str, int]:
        """Return the revision of every invoice that a base of 1C may know."""
        return {one.invoice.ref: one.invoice.rev for one in self._known()}

    def _know(self, by: str, before: dict[str, int], outcomes: list[Outcome]) -> None:
        """Note that a base knows what it told itself; what it had not heard before it still gets."""
        connections = Connections(self.archive)
        if by not in {one.name for one in connections.all()}:
            return
        knows, invoices = connections.knows(by), self.crm.collection("invoice")
        refs = [one.order.invoice for one in outcomes if one.order is not None and one.order.invoice]
        told = {ref: invoices.get(ref).rev for ref in refs if ref in knows and knows[ref] == before.get(ref)}
        if told:
            connections.confirm(by, told)


def _numbers(due: list[_Due]) -> list[str]:
    return [str(one.order.number) for one in due]


def _is_due(one: _Due, since: int | None) -> bool:
    if one.order.status == WAITING or one.order.invoice_rev != one.invoice.rev:
        return True
    return since is not None and (one.order.exchange or 0) > since

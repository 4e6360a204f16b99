"""Where an invoice stands: what it may be asked for in its status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import Refused
from crm.locale import _
from crm.plugins.invoices.invoice import DRAFT, Invoice
from crm.plugins.invoices.settings import InvoiceSettings
from crm.plugins.quotes.papers import Papers, status_of

if TYPE_CHECKING:
    from crm.model.fields import Doc


class Standing(Papers[Invoice]):
    """What all verbs of invoices ask first."""

    @property
    def settings(self) -> InvoiceSettings:
        """Return `config/invoices.yaml`."""
        return self.crm.settings.section("invoices", InvoiceSettings)

    def _in_status(self, key: int | str, *statuses: str) -> Doc:
        stored = self.editable(self.id_of(key))
        if stored["status"] not in statuses:
            is_draft = stored["status"] == DRAFT
            raise Refused(
                _("{ref}: the status is «{status}».").format(ref=self._ref(stored), status=status_of(stored)),
                _("Issue it first: crm invoice issue {id}").format(id=stored["id"])
                if is_draft
                else _("See what happened to it: crm invoice history {id}").format(id=stored["id"]),
            )
        return stored

"""The accountant's check of invoices (Q6): given to check, approved, given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import Refused
from crm.locale import _
from crm.plugins.invoices.invoice import APPROVED, AWAITING, CHECKING, ISSUED, Invoice
from crm.plugins.invoices.mailing import queue_letter
from crm.plugins.invoices.standing import Standing
from crm.plugins.quotes.papers import any_text

if TYPE_CHECKING:
    from crm.model.fields import Doc

_REJECTED = ("rejected_at", "rejected_by", "reject_reason")


class Checking(Standing):
    """The verbs by which an accountant checks invoices."""

    def submit(self, key: int | str) -> Invoice:
        """Give an issued invoice to the accountant to check (на проверке у бухгалтера)."""
        with self.crm.writing("invoice submit") as draft:
            stored = self._in_status(key, ISSUED)
            fields = {"status": CHECKING, "submitted_at": draft.time, "submitted_by": self.crm.actor}
            draft.update("invoice", stored["id"], {**fields, **dict.fromkeys(_REJECTED)})
            self._plan(self.settings.accountant, _("Check invoice No. {number}"), stored)
            return self.get(stored["id"])

    def _plan(self, owner: str, subject: str, stored: Doc, reason: str = "") -> None:
        """Give a task about an invoice to somebody, where it is said to whom."""
        if owner and owner != self.crm.actor:
            self.crm.collection("activity").add(
                kind="task",
                subject=subject.format(number=stored["number"]) + (f": {reason}" if reason else ""),
                about=self._ref(stored),
                owner=owner,
                due=self.crm.today(),
            )

    def reject(self, key: int | str, reason: str = "") -> Invoice:
        """Give an invoice back to whoever made it, as the accountant, with what is to be corrected."""
        with self.crm.writing("invoice reject") as draft:
            stored = self._in_status(key, CHECKING, APPROVED)
            self._refuse_stranger()
            fields: Doc = {
                "status": ISSUED,
                "rejected_at": draft.time,
                "rejected_by": self.crm.actor,
                "reject_reason": any_text(reason) or None,
                "approved_at": None,
                "approved_by": None,
            }
            draft.update("invoice", stored["id"], fields)
            self._checked(stored)
            self._plan(str(stored.get("owner") or ""), _("Correct invoice No. {number}"), stored, any_text(reason))
            return self.get(stored["id"])

    def _refuse_stranger(self) -> None:
        """Let only the accountant of the settings, or an admin, judge an invoice."""
        accountant = self.settings.accountant
        if accountant and self.crm.actor != accountant and not self.crm.guard.may("delete", "invoice", None):
            raise Refused(
                _("Invoices are checked by {login}.").format(login=accountant),
                _("Give it to check: crm invoice submit ID"),
            )

    def _checked(self, stored: Doc) -> None:
        """Mark the task of checking as done."""
        activities: Any = self.crm.collection("activity")
        for task in activities.having("about", self._ref(stored)):
            if task.owner == self.settings.accountant and task.kind == "task" and not task.done:
                activities.done(task.id)

    def approve(self, key: int | str) -> Invoice:
        """Note that the accountant checked an invoice, who and when."""
        with self.crm.writing("invoice approve") as draft:
            stored = self._in_status(key, *AWAITING)
            self._refuse_stranger()
            fields = {"approved_at": draft.time, "approved_by": self.crm.actor, **dict.fromkeys(_REJECTED)}
            if stored["status"] in (ISSUED, CHECKING):
                fields["status"] = APPROVED
            draft.update("invoice", stored["id"], fields)
            self._checked(stored)
            approved = self.get(stored["id"])
            if self.settings.send_automatically and self.settings.check_first and not approved.sent_at:
                queue_letter(self.crm, draft, approved)
            return approved

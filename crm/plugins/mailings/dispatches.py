"""The outbox of mailings: one dispatch per mailing and address, and every step of it as a commit of its own.

A letter is committed as `sending` before the mail server hears of it and as `sent` after it took it. What lies
between is told to a person: nothing here sends such a letter again by itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from crm.errors import NotFound, Refused
from crm.locale import _
from crm.plugins.mailings import nouns
from crm.plugins.mailings.nouns import Dispatch
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.model.fields import Doc
    from crm.plugins.mailings.audience import Recipient
    from crm.store.draft import Draft

LONGEST_ERROR = 500


class Dispatches(Collection[Dispatch]):
    """All dispatches."""

    def given(self, values: dict[str, object]) -> NoReturn:
        """Refuse a dispatch made by hand."""
        raise Refused(_("Letters of a mailing are not added by hand."), _("Send the mailing: crm mailing send ID."))

    def delete(self, key: int | str) -> NoReturn:
        """Refuse: a dispatch is what keeps an address from getting a letter twice."""
        raise Refused(
            _("Letters of a mailing are not deleted: they say who has got it."), _("Delete the mailing itself instead.")
        )

    # --- reading -----------------------------------------------------------------------------------------------------

    def of(self, mailing: str, status: str = "") -> list[Dispatch]:
        """Return the dispatches of a mailing, of one status or all; rights are asked of the mailing as a whole."""
        ids = self.crm.store.index.lookup("dispatch", "mailing", mailing)
        docs = (self.crm.doc("dispatch", record_id) for record_id in ids)
        return [self.record(doc) for doc in docs if doc is not None and status in ("", doc.get("status"))]

    def waiting(self, mailing: str, limit: int | None = None) -> list[Dispatch]:
        """Return the letters of a mailing that wait to be sent, or the first of them."""
        from tinydb.queries import where

        if limit is None:
            return self.of(mailing, nouns.QUEUED)
        query = (where("mailing") == mailing) & (where("status") == nouns.QUEUED)
        return list(self.find(query, limit=limit)) if limit else []

    def counts(self, mailing: str) -> dict[str, int]:
        """Return how many letters of a mailing stand where, of those that the actor may read."""
        from tinydb.queries import where

        groups = self.totals("status", query=where("mailing") == mailing)
        return {str(group.by[0]): group.count for group in groups}

    # --- steps, each one commit --------------------------------------------------------------------------------------

    @contextmanager
    def _step(self, command: str) -> Iterator[Draft]:
        """Write one step for good: what happened to a letter outside cannot be undone here."""
        with self.crm.writing(command) as draft:
            draft.extra["final"] = True
            yield draft

    def queue(self, draft: Draft, mailing: str, owner: str, recipients: Iterable[Recipient]) -> None:
        """Draft a dispatch for each address that has none of this mailing yet."""
        for one in recipients:
            slot = f"{mailing} {one.address}"
            if not self.crm.store.index.lookup("dispatch", "slot", slot):
                draft.create("dispatch", {"owner": owner, **self._queued(mailing, slot, one)})

    def _queued(self, mailing: str, slot: str, to: Recipient) -> Doc:
        from secrets import token_urlsafe

        return {
            "mailing": mailing,
            "address": to.address,
            "slot": slot,
            "recipient": to.record.ref if to.record is not None else None,
            "company": to.company.ref if to.company is not None else None,
            "status": nouns.QUEUED,
            "token": token_urlsafe(16),
        }

    def claim(self, record_id: int, message_id: str) -> bool:
        """Commit that a letter is being handed over now; False where it is not to be sent, or no longer by us.

        Looks at the list of the unsubscribed in the same step. Raise Refused where nothing can be committed first.
        """
        if self.crm.store.draft is not None:
            raise self._uncommitted()
        with self._step("mailing send") as draft:
            doc = draft.get("dispatch", record_id)
            if doc is None or doc.get("status") != nouns.QUEUED:
                return False
            if self._is_unwanted(doc["address"]):
                self.skip(record_id, _("unsubscribed"))
                return False
            attempts = (doc.get("attempts") or 0) + 1
            fields = {"status": nouns.SENDING, "message_id": message_id, "attempts": attempts, "error": None}
            draft.update("dispatch", record_id, fields)
        if (self.crm.doc("dispatch", record_id) or {}).get("status") != nouns.SENDING:
            raise self._uncommitted()
        return True

    def _is_unwanted(self, address: str) -> bool:
        """Tell whether an address is unsubscribed, or no address any more: its person was forgotten meanwhile."""
        return "@" not in address or self.crm.collection("unsubscribe").holds(address)  # type: ignore[attr-defined]

    def _uncommitted(self) -> Refused:
        return Refused(
            _("Letters are sent only after each has been written down."),
            _("Send outside of transactions and --dry-run."),
        )

    def skip(self, record_id: int, reason: str) -> None:
        """Commit that a queued letter is not sent at all, and why."""
        with self._step("mailing send") as draft:
            if (draft.get("dispatch", record_id) or {}).get("status") == nouns.QUEUED:
                draft.update("dispatch", record_id, {"status": nouns.SKIPPED, "error": reason})

    def settle(self, record_id: int, status: str, error: str = "", **fields: int | None) -> None:
        """Commit what became of a letter that was being handed over; `sending` means that nobody knows."""
        with self._step("mailing send") as draft:
            sent = {"sent_at": draft.time} if status == nouns.SENT else {}
            said = {"status": status, "error": error[:LONGEST_ERROR] or None}
            draft.update("dispatch", record_id, {**said, **sent, **fields})

    def decide(self, mailing: str, status: str) -> int:
        """Commit what a person says of the letters that may have arrived; return how many there were."""
        unknown = self.of(mailing, nouns.SENDING)
        with self._step("mailing resume") as draft:
            for one in unknown:
                draft.update("dispatch", one.id, {"status": status, "error": None})
        return len(unknown)

    def bounced(self, message_id: str, reason: str = "") -> Dispatch:
        """Note that a letter came back (RFC 3464), found by its Message-ID; raise NotFound."""
        found = self.having("message_id", message_id)
        if not found:
            raise NotFound(_("No mailing has sent the letter {id}.").format(id=message_id))
        if found[0].status != nouns.BOUNCED:
            self.settle(found[0].id, nouns.BOUNCED, reason)
        return self.record(self.doc(found[0].id))

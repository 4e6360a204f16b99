"""Handing queued letters to the mail server, recipient by recipient, each step a commit: never the same one twice."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tinydb import where

from crm.errors import Busy, CrmError, OutsideFailed, Refused
from crm.locale import _
from crm.plugins.mailbox import filing
from crm.plugins.mailbox.letter import FAILED, QUEUED, SENDING, SENT, Letter
from crm.plugins.mailings.letter import mail_settings
from crm.plugins.mailings.post import Lost, Postman, PutOff, Rejected, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.model.fields import Doc
    from crm.plugins.mailbox.letters import Letters
    from crm.sales.desk import Desk

LONGEST_ERROR = 500


class Sent(NamedTuple):
    """What a run did: the letters as they stand now, and those of which nobody knows whether they arrived."""

    letters: list[Letter]
    unknown: list[Letter]


class Outbox:
    """The queue of letters."""

    def __init__(self, crm: Desk, letters: Letters) -> None:
        self.crm = crm
        self.letters = letters
        self._postmen: dict[str, Postman] = {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only process that empties the queue; raise Busy while another does."""
        from crm.store.lock import locked

        if self.crm.store.draft is not None or self.crm.dry_run:
            raise Refused(_("Letters are sent only after each has been written down."), _("Leave --dry-run out."))
        try:
            with locked(self.crm.store.data / ".outbox", holder="letters", wait=0):
                yield
        except Busy:
            raise Busy(_("Another process is sending letters of this workspace."), _("Wait until it ends.")) from None
        finally:
            for postman in self._postmen.values():
                postman.close()

    def run(self, ids: Iterable[int] = ()) -> Sent:
        """Send these queued letters, or all; raise OutsideFailed when the server fails: what waits stays queued."""
        wanted = list(ids) or [one.id for one in self._standing(QUEUED)]
        with self.alone():
            for record_id in wanted:
                self._send(record_id)
        unknown = self._standing(SENDING)
        return Sent([self.letters.record(self.letters.doc(one)) for one in wanted], unknown)

    def _standing(self, status: str) -> list[Letter]:
        return list(self.letters.find(where("status") == status))

    def decide(self, record_id: int, *, again: bool) -> Letter:
        """Say of a letter that may have arrived that it did, or send it again; raise Refused for any other."""
        with self.alone(), self.crm.writing("letter retry") as draft:
            stored = self.letters.editable(record_id)
            if stored.get("status") not in (SENDING, FAILED):
                raise Refused(_("letter/{id} is not in doubt.").format(id=record_id), _("See: crm letter list."))
            fields: Doc = {"status": QUEUED, "error": None, "attempts": None}
            if not again:
                fields["delivered"] = [*(stored.get("delivered") or []), *self._waiting(stored)[:1]]
                if set(fields["delivered"]) >= set(stored["to"]):
                    fields["status"] = SENT
            return self.letters.record(draft.update("letter", record_id, fields))

    # --- one letter --------------------------------------------------------------------------------------------------

    def _waiting(self, stored: Doc) -> list[str]:
        done = {*(stored.get("delivered") or []), *(stored.get("refused") or [])}
        return [address for address in stored.get("to") or [] if address not in done]

    def _note(self, record_id: int, **fields: object) -> Doc:
        with self.crm.writing("letter send") as draft:
            draft.extra["final"] = True
            return draft.update("letter", record_id, fields)

    def _claim(self, record_id: int) -> Doc | None:
        """Commit that a letter is being handed over, before the server hears of it; None where it is not to be."""
        with self.crm.writing("letter send") as draft:
            stored = draft.get("letter", record_id)
            if stored is None or stored.get("status") != QUEUED or "deleted" in stored:
                return None
            draft.extra["final"] = True
            return draft.update("letter", record_id, {"status": SENDING, "attempts": (stored.get("attempts") or 0) + 1})

    def _send(self, record_id: int) -> None:
        doc = self.letters.doc(record_id)
        if doc.get("status") != QUEUED:
            return
        postman = self._postman(str(doc.get("sender")))
        postman.ready()
        data = filing.kept(self.crm, str(doc.get("raw")))
        stored = self._claim(record_id)
        if stored is None:
            return
        for address in self._waiting(stored):
            if not self._hand_over(postman, record_id, data, address):
                return
        self._finish(record_id, data)

    def _hand_over(self, postman: Postman, record_id: int, data: bytes, address: str) -> bool:
        """Hand a letter over for one address and commit what became of it; False where the rest waits."""
        stored = self.letters.doc(record_id)
        try:
            postman.ready()
            postman.hand_over(data, address)
        except Rejected as reply:
            refused = [*(stored.get("refused") or []), address]
            error = f"{stored.get('error') or ''} {address}: {reply}".strip()[:LONGEST_ERROR]
            self._note(record_id, refused=refused, error=error)
            return True
        except PutOff as reply:
            self._note(record_id, status=self._later(stored), error=f"{address}: {reply}"[:LONGEST_ERROR])
            return False
        except Unknown as loss:
            self._note(record_id, error=f"{address}: {loss}"[:LONGEST_ERROR])
            raise postman.failed(str(loss)) from loss
        except (Lost, OutsideFailed) as loss:
            self._note(record_id, status=self._later(stored), error=str(loss)[:LONGEST_ERROR])
            raise (loss if isinstance(loss, OutsideFailed) else postman.failed(str(loss))) from loss
        self._note(record_id, delivered=[*(stored.get("delivered") or []), address])
        return True

    def _later(self, stored: Doc) -> str:
        return FAILED if (stored.get("attempts") or 0) >= self.letters.mail.attempts else QUEUED

    def _finish(self, record_id: int, data: bytes) -> None:
        stored = self.letters.doc(record_id)
        took = bool(stored.get("delivered"))
        error = stored.get("error") if stored.get("refused") else None
        self._note(record_id, status=SENT if took else FAILED, error=error)
        if took:
            self._copy(str(stored.get("box") or ""), data)

    def _copy(self, name: str, data: bytes) -> None:
        """Put a copy into the folder of sent letters; one that cannot be put there is told, the letter is sent."""
        from crm.plugins.mailbox.imap import signed_in

        for box in self.letters.mail.boxes:
            if box.name == name and box.sent:
                try:
                    with signed_in(box) as session:
                        session.append(data, box.sent, flag_set=[r"\Seen"])
                except CrmError as error:
                    self.crm.warnings.append(str(error))

    def _postman(self, sender: str) -> Postman:
        if sender not in self._postmen:
            self._postmen[sender] = Postman(mail_settings(self.crm).smtp, sender)
        return self._postmen[sender]

"""Sending what waits in the outbox: one letter after another, each written down before and after it goes."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import Busy, OutsideFailed
from crm.locale import _
from crm.plugins.mailings import nouns
from crm.plugins.mailings.audience import Recipient
from crm.plugins.mailings.letter import checked_sender, mail_settings, new_message_id
from crm.plugins.mailings.merged import Merged, merged
from crm.plugins.mailings.post import Lost, Pace, Postman, PutOff, Rejected, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.model.record import Record
    from crm.plugins.mailings.dispatches import Dispatches
    from crm.plugins.mailings.nouns import Dispatch, Mailing
    from crm.sales.desk import Desk


class Sent(NamedTuple):
    """A mailing after a run: how many of its letters stand where, and the addresses of unknown fate."""

    mailing: Mailing
    counts: dict[str, int]
    unknown: list[str]


class Sending:
    """One run over the queued letters of a mailing; `clock` counts seconds, `sleep` waits for some."""

    def __init__(
        self,
        crm: Desk,
        mailing: Mailing,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.crm = crm
        self.mailing = mailing
        self.settings = mail_settings(crm)
        self.sender = checked_sender(mailing.from_address or self.settings.from_)
        self.pace = Pace(mailing.rate or self.settings.rate, clock=clock, sleep=sleep)
        self.postman = Postman(self.settings.smtp, self.sender)

    def __enter__(self) -> Sending:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.postman.close()

    @staticmethod
    @contextmanager
    def alone(crm: Desk) -> Iterator[None]:
        """Be the only process that sends letters of this workspace; raise Busy while another does."""
        from crm.store.lock import locked

        with ExitStack() as held:
            try:
                held.enter_context(locked(crm.store.data / ".mailings", holder="mailings", wait=0))
            except Busy:
                raise Busy(
                    _("Another process is sending letters of this workspace."),
                    _("Wait until it ends, or pause its mailing: crm mailing pause ID"),
                ) from None
            yield

    @property
    def dispatches(self) -> Dispatches:
        """Return the outbox."""
        return self.crm.collection("dispatch")  # type: ignore[return-value]

    def run(self, limit: int | None = None) -> Sent:
        """Send every queued letter, or `limit`, until it is paused; raise OutsideFailed when the server fails."""
        try:
            for dispatch in self.dispatches.waiting(self.mailing.ref, limit):
                self.pace.wait()
                self.postman.ready()
                if self._paused():
                    break
                self._send(dispatch)
        except OutsideFailed as error:
            waiting = len(self.dispatches.of(self.mailing.ref, nouns.QUEUED))
            more = _("{count} letters wait: crm mailing send {id}").format(count=waiting, id=self.mailing.id)
            raise OutsideFailed(error.message, f"{error.remedy} {more}") from error
        return self._finished()

    def _paused(self) -> bool:
        self.crm.store.refresh()
        return (self.crm.doc("mailing", self.mailing.id) or {}).get("status") != nouns.SENDING

    def _send(self, dispatch: Dispatch) -> None:
        to = self._recipient(dispatch)
        if to is None:
            self.dispatches.skip(dispatch.id, _("the record was deleted"))
            return
        message_id = new_message_id(self.sender)
        letter = merged(self.crm, self.mailing, to, message_id, dispatch.token)
        if self.dispatches.claim(dispatch.id, message_id):
            self._hand_over(dispatch, letter)

    def _hand_over(self, dispatch: Dispatch, letter: Merged) -> None:
        """Tell the server the letter and write down what became of it."""
        tries = dispatch.attempts or 0
        later = nouns.FAILED if tries + 1 >= self.settings.attempts else nouns.QUEUED
        try:
            self.postman.hand_over(letter.message, dispatch.address)
        except PutOff as reply:
            self.dispatches.settle(dispatch.id, later, str(reply))
        except Rejected as reply:
            self.dispatches.settle(dispatch.id, nouns.FAILED, str(reply))
        except (Lost, Unknown) as loss:
            self.dispatches.settle(dispatch.id, later if isinstance(loss, Lost) else nouns.SENDING, str(loss))
            raise self.postman.failed(str(loss)) from loss
        except OutsideFailed as failure:
            self.dispatches.settle(dispatch.id, nouns.QUEUED, failure.message, attempts=tries or None)
            raise
        else:
            self.dispatches.settle(dispatch.id, nouns.SENT)

    def _recipient(self, dispatch: Dispatch) -> Recipient | None:
        """Return to whom a letter goes as the records stand now; None when the record is gone."""
        record, company = self._living(dispatch.recipient), self._living(dispatch.company)
        if dispatch.recipient and record is None:
            return None
        return Recipient(record, company, dispatch.address)

    def _living(self, ref: str | None) -> Record | None:
        if not ref:
            return None
        kind, _slash, number = ref.partition("/")
        doc = self.crm.doc(kind, int(number))
        return self.crm.collection(kind).record(doc) if doc is not None and "deleted" not in doc else None

    def _finished(self) -> Sent:
        left = {one.status for one in self.dispatches.of(self.mailing.ref)}
        with self.crm.writing("mailing send") as draft:
            if not left & {nouns.QUEUED, nouns.SENDING}:
                draft.extra["final"] = True
                draft.update("mailing", self.mailing.id, {"status": nouns.SENT})
        unknown = [one.address for one in self.dispatches.of(self.mailing.ref, nouns.SENDING)]
        mailings = self.crm.collection("mailing")
        return Sent(mailings.record(mailings.doc(self.mailing.id)), self.dispatches.counts(self.mailing.ref), unknown)


def send_one(crm: Desk, letter: Merged, address: str) -> Merged:
    """Send one letter at once to an address of ours, outside of any mailing; raise OutsideFailed if it is refused."""
    letter = letter.readdressed(crm, address)
    postman = Postman(mail_settings(crm).smtp, letter.envelope.sender)
    postman.ready()
    try:
        postman.hand_over(letter.message, address)
    except (PutOff, Rejected, Lost, Unknown) as reply:
        raise postman.failed(str(reply)) from reply
    finally:
        postman.close()
    return letter

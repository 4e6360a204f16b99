"""The verbs of mailings: write, look at, start, pause, go on; handing letters over is `sending.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.plugins.mailings import nouns
from crm.plugins.mailings.nouns import Mailing, Segment
from crm.sales.collection import Collection, Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from crm.model.fields import Doc
    from crm.plugins.mailings.dispatches import Dispatches
    from crm.plugins.mailings.merged import Merged
    from crm.plugins.mailings.sending import Sent
    from crm.plugins.mailings.settings import MailSettings
    from crm.store.draft import Draft

_CONTENT = ("segment", "subject", "template", "from_address")


class Look(NamedTuple):
    """One letter as it would go, with what is worth a second look."""

    letter: Merged
    warnings: list[str]


class Mailings(Collection[Mailing]):
    """All mailings."""

    def complete(self, doc: Doc) -> Doc:
        """Return a new mailing whose merge fields are known."""
        doc = super().complete(doc)
        self._check(doc)
        return doc

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; what letters say is settled once they go out."""
        changed = [name for name in _CONTENT if name in fields and fields[name] != stored.get(name)]
        if changed and stored.get("status") != nouns.DRAFT:
            raise Refused(
                _("Letters of mailing/{id} are out already: «{field}» stays.").format(
                    id=stored["id"], field=changed[0]
                ),
                _("Make a new mailing: crm mailing add."),
            )
        self._check({**stored, **fields})
        super().change(draft, stored, fields)

    def _check(self, doc: Doc) -> None:
        from crm.plugins.mailings.audience import letter_noun
        from crm.plugins.mailings.letter import checked_sender
        from crm.plugins.mailings.merging import check_fields

        if doc.get("from_address"):
            checked_sender(doc["from_address"])
        if doc.get("rate") is not None and doc["rate"] < 1:
            raise InvalidValue(_("At least one letter a minute."), _("Leave the rate out for the one of the settings."))
        if doc.get("hours"):
            from crm.plugins.mailings.spreading import read_hours

            read_hours(doc["hours"])
        if doc.get("segment"):
            segment = self.crm.collection("segment").record(self._segment_doc(doc))
            check_fields(self.crm, letter_noun(segment), doc.get("subject") or "", doc.get("template") or "")

    def _segment_doc(self, doc: Doc) -> Doc:
        segments = self.crm.collection("segment")
        return segments.doc(segments.id_of(doc["segment"]))

    def segment(self, mailing: Mailing) -> Segment:
        """Return whom a mailing goes to; raise NotFound or Refused."""
        found: Segment = self.crm.collection("segment").get(str(mailing.segment))
        return found

    @property
    def dispatches(self) -> Dispatches:
        """Return the outbox."""
        return self.crm.collection("dispatch")  # type: ignore[return-value]

    def export(self, record: Mailing) -> Doc:
        """Return a mailing's JSON with how many of its letters stand where."""
        return {**super().export(record), "letters": self.dispatches.counts(record.ref)}

    # --- looking -----------------------------------------------------------------------------------------------------

    def preview(self, key: int | str, to: str = "") -> Look:
        """Return one letter as it would go, to the first recipient or to `to`, with warnings about empty values."""
        from crm.plugins.mailings.audience import recipient
        from crm.plugins.mailings.merged import empty_values, merged

        mailing = self.get(key)
        segment = self.segment(mailing)
        letter = merged(self.crm, mailing, recipient(self.crm, segment, to))
        return Look(letter, empty_values(self.crm, mailing, segment, letter))

    def test(self, key: int | str, address: str) -> Merged:
        """Send one letter, as the first recipient would get it, to an address of ours; nothing is written down."""
        from crm.plugins.mailings.audience import recipient
        from crm.plugins.mailings.merged import merged
        from crm.plugins.mailings.sending import send_one

        mailing = self.get(key)
        letter = merged(self.crm, mailing, recipient(self.crm, self.segment(mailing)))
        return send_one(self.crm, letter, address)

    # --- sending -----------------------------------------------------------------------------------------------------

    def start(self, key: int | str) -> Mailing:
        """Put a letter for everybody of the segment into the outbox, once; a paused mailing goes on."""
        with self.crm.writing("mailing send") as draft:
            stored = self._sendable(key)
            if stored.get("status") == nouns.DRAFT:
                self._fill_outbox(draft, self.record(stored))
            draft.update("mailing", stored["id"], {"status": nouns.SENDING})
            return self.record(self.doc(stored["id"]))

    def _sendable(self, key: int | str) -> Doc:
        """Return a mailing that may be sent now; raise Refused for one that is sent."""
        stored = self.editable(self.id_of(key))
        if stored.get("status") == nouns.SENT:
            raise Refused(
                _("mailing/{id} is sent already.").format(id=stored["id"]), _("Make a new one: crm mailing add.")
            )
        return stored

    def _fill_outbox(self, draft: Draft, mailing: Mailing) -> None:
        from crm.plugins.mailings.audience import mailable, recipient

        self._check(mailing.doc)
        segment = self.segment(mailing)
        recipients = mailable(self.crm, segment)
        if not recipients:
            recipient(self.crm, segment)
        draft.extra["final"] = True
        self.dispatches.queue(draft, mailing.ref, mailing.owner, recipients)

    def send(self, key: int | str, **timing: Callable[..., Any]) -> Sent:
        """Send what waits, one letter after another; `timing` may give `clock` (s) and `sleep` of the pace.

        Raises OutsideFailed when the mail server fails, Busy while another process sends.
        """
        from crm.plugins.mailings.sending import Sending

        mailing = self.record(self._sendable(key))
        with Sending.alone(self.crm), Sending(self.crm, mailing, **timing) as sending:
            sending.postman.ready()
            self.start(key)
            return sending.run()

    def schedule(self, key: int | str, hours: str = "", starts: str = "") -> Mailing:
        """Let the clock send a mailing, spread over the hours of working days; a paused one goes on."""
        from crm.plugins.mailings.spreading import read_hours

        with self.crm.writing("mailing schedule") as draft:
            given = [Edit(name, "=", value) for name, value in (("hours", hours), ("starts", starts)) if value]
            if given:
                self.set(key, *given)
            mailing = self.start(key)
            read_hours(mailing.hours or self._settings().hours)
            return self.record(draft.update("mailing", mailing.id, {"by_clock": True}))

    def _settings(self) -> MailSettings:
        from crm.plugins.mailings.letter import mail_settings

        return mail_settings(self.crm)

    def send_due(self, now: datetime, **timing: Callable[..., Any]) -> Iterator[Sent]:
        """Send the share of this minute of each mailing that the clock sends; Busy while another process sends."""
        from tinydb.queries import where

        from crm.plugins.mailings.sending import Sending
        from crm.plugins.mailings.spreading import share

        query: Any = (where("status") == nouns.SENDING) & (where("by_clock") == True)  # noqa: E712 - a query
        for mailing in list(self.find(query)):
            counts = self.dispatches.counts(mailing.ref)
            waiting = counts.get(nouns.QUEUED, 0)
            count = share(self.crm, mailing, self._settings(), now, waiting)
            if count or not counts.keys() & {nouns.QUEUED, nouns.SENDING}:
                with Sending.alone(self.crm), Sending(self.crm, mailing, **timing) as sending:
                    yield sending.run(limit=count)

    def parked(self) -> list[tuple[str, int, str]]:
        """Return the parked addresses, how many letters to each came back, and what was said last."""
        from crm.plugins.mailings.audience import is_bounce

        found: dict[str, list[str]] = {}
        for one in self.dispatches.find(sort="id"):
            if is_bounce(one.doc):
                found.setdefault(one.address, []).append(str(one.doc.get("error") or ""))
        least = max(self._settings().bounces, 1)
        return [(address, len(why), why[-1]) for address, why in found.items() if len(why) >= least]

    def unpark(self, address: str) -> int:
        """Let an address get letters again: those that came back count no more; return how many there were."""
        from crm.model.email_address import fold
        from crm.plugins.mailings.audience import bounces_of

        found = bounces_of(self.crm, fold(address))
        with self.crm.writing("mailing unpark") as draft:
            if not found:
                raise Refused(_("{address} is not parked.").format(address=address), _("See: crm mailing parked."))
            for one in found:
                draft.update("dispatch", one.id, {"pardoned": True})
        return len(found)

    def pause(self, key: int | str) -> Mailing:
        """Stop sending after the letter at hand; `send` goes on."""
        with self.crm.writing("mailing pause") as draft:
            stored = self.editable(self.id_of(key))
            if stored.get("status") != nouns.SENDING:
                raise Refused(_("mailing/{id} is not being sent.").format(id=stored["id"]))
            return self.record(draft.update("mailing", stored["id"], {"status": nouns.PAUSED}))

    def resume(self, key: int | str, *, again: bool) -> int:
        """Decide about letters of which nobody knows whether they arrived: send them again, or count them as sent.

        Returns how many there were. Raises Busy while a process sends: what it hands over just now is not unknown.
        """
        from crm.plugins.mailings.sending import Sending

        mailing = self.get(key)
        self.crm.guard.check("edit", "mailing", mailing.doc)
        with Sending.alone(self.crm), self.crm.writing("mailing resume") as draft:
            count = self.dispatches.decide(mailing.ref, nouns.QUEUED if again else nouns.SENT)
            if not again and not self.dispatches.of(mailing.ref, nouns.QUEUED):
                draft.update("mailing", mailing.id, {"status": nouns.SENT})
            return count

    def unknown(self, key: int | str) -> list[str]:
        """Return the addresses that may have got their letter, though nobody knows."""
        return [one.address for one in self.dispatches.of(self.get(key).ref, nouns.SENDING)]

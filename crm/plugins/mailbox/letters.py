"""The verbs of letters: take one in, make tasks of it, write, answer; handing over to the server is `outbox.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from crm.errors import NotFound, Refused
from crm.locale import _
from crm.plugins.mailbox import filing, robots
from crm.plugins.mailbox.binding import Place, new_client, place_of
from crm.plugins.mailbox.letter import BOUNCED, IN, OUT, QUEUED, RECEIVED, SENT, Letter
from crm.plugins.mailbox.settings import MailboxSettings
from crm.sales.collection import Collection, Edit

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.model.fields import Doc
    from crm.plugins.mailbox.attachments import Attachment
    from crm.plugins.mailbox.composing import Draft
    from crm.plugins.mailbox.outbox import Sent
    from crm.plugins.mailbox.reading import Read
    from crm.plugins.mailbox.settings import Box
    from crm.store.draft import Draft as ChangeDraft


class Letters(Collection[Letter]):
    """All letters."""

    def given(self, values: dict[str, object]) -> NoReturn:
        """Refuse a letter made by hand."""
        raise Refused(
            _("Letters are not added by hand."), _("Write one: crm letter send. Fetch them: crm mailbox fetch.")
        )

    @property
    def mail(self) -> MailboxSettings:
        """Return `config/mailbox.yaml`."""
        return self.crm.settings.section("mailbox", MailboxSettings)

    def knows(self, message_id: str) -> bool:
        """Tell whether a letter is here already, in the trash too."""
        return bool(message_id and self.crm.store.index.lookup("letter", "message_id", message_id))

    # --- coming in ---------------------------------------------------------------------------------------------------

    def take_in(self, data: bytes) -> Letter:
        """Take a letter from its bytes (RFC 5322), as if a box had brought it; one that is known stays as it is."""
        from crm.plugins.mailbox.reading import read
        from crm.plugins.mailbox.settings import Box

        self.crm.guard.check("create", "letter", None)
        raw, letter = filing.keep(self.crm, data), read(data)
        with self.crm.writing("mailbox fetch") as draft:
            draft.extra["final"] = True
            self.receive(draft, Box(name="", address="", host=""), letter, raw, len(data), "")
        return self.record(self.doc(next(iter(self.crm.store.having("letter", "message_id", letter.message_id)))))

    def receive(self, draft: ChangeDraft, box: Box, letter: Read, raw: str, size: int, why: str) -> bool:
        """Draft a letter that came in, where it belongs, and what is to be done about it; False if it is known."""
        if not letter.message_id:
            letter.message_id = f"<{raw.partition('.')[0][:40]}@unnamed>"
        if self.knows(letter.message_id):
            return False
        ours = self._is_ours(letter.sender)
        nature = robots.nature(letter.message, letter.sender)
        place = place_of(self.crm, letter, letter.to[0] if ours and letter.to else letter.sender)
        if self._is_new_person(place, letter, ours, nature):
            place = new_client(self.crm, letter, self._source(), box.owner)._replace(parent=place.parent)
        way = {"direction": OUT, "status": SENT} if ours else {"direction": IN, "status": RECEIVED}
        stored = {**way, "nature": nature, "raw": raw, "size": size, "error": why}
        added = self.record(draft.create("letter", self._doc(draft, box, letter, place, stored)))
        if nature == robots.BOUNCE:
            self._bounced(draft, letter)
        elif ours:
            self._answered_elsewhere(added)
        else:
            self._answer_is_due(draft, added, nature)
        if not ours:
            draft.emit("on_letter_received", added.ref)
        return True

    def _is_ours(self, address: str) -> bool:
        own = {box.address.lower() for box in self.mail.boxes}
        own |= {str(user.email).lower() for user in self.crm.collection("user").find() if user.email}
        return address in own

    def _is_new_person(self, place: Place, letter: Read, ours: bool, nature: str) -> bool:
        return bool(self.mail.new_leads and not place.about and not ours and nature == robots.PERSON and letter.sender)

    def _source(self) -> str:
        known = {entry.id for entry in self.crm.settings.dictionary("sources").entries}
        return self.mail.source if self.mail.source in known else ""

    def _doc(self, draft: ChangeDraft, box: Box, letter: Read, place: Place, stored: Doc) -> Doc:
        """Return the record of a letter; `stored` says what is not read of it."""
        parent = place.parent
        broken = _("it cannot be read as a whole ({why})").format(why=letter.broken) if letter.broken else ""
        found = {
            "owner": place.owner or box.owner or self.crm.actor,
            "subject": letter.subject or _("(no subject)"),
            "sender": letter.sender,
            "sender_name": letter.sender_name,
            "to": list(dict.fromkeys(letter.to)),
            "date": letter.date.isoformat(timespec="seconds") if letter.date else draft.time,
            "about": place.about,
            "client": place.client,
            "text": letter.text,
            "attachments": [one.name for one in letter.attachments],
            "box": box.name,
            "message_id": letter.message_id,
            "thread": (parent.thread or parent.message_id) if parent else _first(letter) or letter.message_id,
            "parent": parent.ref if parent else None,
            **stored,
            "error": stored.get("error") or broken,
        }
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def _answer_is_due(self, draft: ChangeDraft, letter: Letter, nature: str) -> None:
        """Plan «прочитать и ответить» (T4), once for a thread; a robot is not answered."""
        if nature != robots.PERSON or self._open_answer(letter.thread) or self._was_answered(letter):
            return
        planned = self.crm.collection("activity").add(
            kind="letter",
            subject=_("Read and answer: {subject}").format(subject=letter.subject),
            about=letter.about or letter.ref,
            due="today",
            direction="in",
            owner=letter.owner,
        )
        self._attach(draft, letter, planned.ref)

    def _attach(self, draft: ChangeDraft, letter: Letter, activity: str) -> None:
        now = self.doc(letter.id).get("activities") or []
        draft.update("letter", letter.id, {"activities": [*now, activity]})

    def _was_answered(self, letter: Letter) -> bool:
        """Tell whether a letter of ours in the thread is younger, as when the folder of sent ones is read first."""
        ours = (one for one in self.having("thread", letter.thread) if one.direction == OUT)
        return any(str(one.doc["date"]) > str(letter.doc["date"]) for one in ours)

    def _answered_elsewhere(self, letter: Letter) -> None:
        """Do what was to be answered in the thread of a letter that was written in another program."""
        before = [one for one in self.having("thread", letter.thread) if one.direction == IN]
        if any(str(one.doc["date"]) < str(letter.doc["date"]) for one in before):
            self._close_answers(letter)

    def _close_answers(self, letter: Letter) -> list[str]:
        activities: Any = self.crm.collection("activity")
        waiting = self._open_answer(letter.thread)
        for ref in waiting:
            activities.done(ref, _("Answered: {text}").format(text=letter.subject))
        return waiting

    def _open_answer(self, thread: str) -> list[str]:
        """Return the activities of a thread that wait for an answer."""
        found = []
        for letter in self.having("thread", thread) if thread else ():
            for ref in letter.activities:
                activity = self.crm.doc("activity", int(ref.partition("/")[2]))
                if activity and activity.get("kind") == "letter" and not {"done", "deleted"} & _true(activity):
                    found.append(ref)
        return found

    def _bounced(self, draft: ChangeDraft, letter: Read) -> None:
        """Note that a letter of ours came back, on it and on its mailing; its owner hears of it."""
        told = robots.bounce(letter.message)
        if told is None or not told.final:
            return
        for ours in self.having("message_id", told.message_id) if told.message_id else ():
            why = f"{told.address}: {told.why}"[:500]
            draft.update("letter", ours.id, {"status": BOUNCED, "error": why})
            self.crm.collection("activity").add(
                kind="task",
                subject=_("The letter did not arrive: {subject}").format(subject=ours.subject),
                about=ours.about or ours.ref,
                due="today",
                owner=ours.owner,
            )
        if "dispatch" in self.crm.nouns and told.message_id:
            dispatches: Any = self.crm.collection("dispatch")
            if dispatches.having("message_id", told.message_id):
                dispatches.bounced(told.message_id, told.why)

    # --- reading and working -----------------------------------------------------------------------------------------

    def whole(self, key: int | str) -> Read:
        """Return a letter as it is read from its bytes."""
        from crm.plugins.mailbox.reading import read

        return read(filing.kept(self.crm, self.get(key).raw))

    def attachment(self, key: int | str, name: str) -> Attachment:
        """Return one attachment of a letter by its name; raise NotFound."""
        found = {one.name: one for one in self.whole(key).attachments}
        if name not in found:
            raise NotFound(
                _("The letter has no attachment «{name}».").format(name=name),
                _("It has: {names}.").format(names=", ".join(found) or "–"),
            )
        return found[name]

    def thread_of(self, key: int | str) -> list[Letter]:
        """Return the letters of a thread in the order they were written."""
        letter = self.get(key)
        return sorted(self.having("thread", letter.thread), key=lambda one: (str(one.doc.get("date")), one.id))

    def task(self, key: int | str, subject: str = "", *, owner: str = "", due: str = "today") -> Activity:
        """Make a task of a letter, for oneself or another, with the letter attached (T13)."""
        with self.crm.writing("letter task") as draft:
            letter = self.record(self.editable(self.id_of(key)))
            planned: Activity = self.crm.collection("activity").take(  # type: ignore[assignment]
                kind="task",
                subject=f"{subject or letter.subject} ({letter.ref})",
                about=letter.about or letter.ref,
                due=due,
                **({"owner": owner} if owner else {}),
            )
            self._attach(draft, letter, planned.ref)
            return planned

    def bind(self, key: int | str, about: str) -> Letter:
        """Put a letter, and what follows in its thread, to another record."""
        with self.crm.writing("letter bind"):
            record = self.crm.record(about)
            edits = [Edit("about", "=", record.ref)]
            if record.noun not in ("deal", "letter"):
                edits.append(Edit("client", "=", record.ref))
            for letter in self.thread_of(key):
                self.set(letter.id, *edits)
        return self.get(key)

    # --- writing -----------------------------------------------------------------------------------------------------

    def write(self, draft: Draft, template: str = "") -> Letter:
        """Put a letter into the queue."""
        from crm.plugins.mailbox.writing import Writing

        return Writing(self.crm, self).queue(draft, template)

    def reply(self, key: int | str, text: str, *, attach: tuple[str, ...] = (), template: str = "") -> Letter:
        """Put an answer into the queue, in the thread of the letter; what was to be answered is done."""
        from crm.plugins.mailbox.composing import Draft
        from crm.plugins.mailbox.writing import Writing

        letter = self.get(key)
        to = tuple(letter.to) if letter.direction == OUT else (letter.sender,)
        if not all(to):
            raise Refused(
                _("{ref} does not say who wrote it.").format(ref=letter.ref), _("Write anew: crm letter send.")
            )
        subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
        draft = Draft(to, subject, text, str(letter.about or ""), letter, attach)
        return Writing(self.crm, self).queue(draft, template, quote=True)

    def written(self, letter: Letter) -> None:
        """Log a letter of ours with its client, or do what was to be answered in its thread."""
        activities: Any = self.crm.collection("activity")
        waiting = self._close_answers(letter)
        if letter.about and not waiting:
            activities.add(kind="letter", subject=letter.subject, about=letter.about, direction="out", done=True)

    def deliver(self, *keys: int | str) -> Sent:
        """Send these letters of the queue, or all; raise OutsideFailed when the server fails."""
        from crm.plugins.mailbox.outbox import Outbox

        return Outbox(self.crm, self).run([self.id_of(key) for key in keys])

    def waiting(self) -> bool:
        """Tell whether letters wait in the queue and there is a server to take them."""
        from tinydb import where

        from crm.plugins.mailings.letter import mail_settings

        found = next(iter(self.find(where("status") == QUEUED, limit=1)), None)
        return found is not None and bool(mail_settings(self.crm).smtp.host)

    def decide(self, key: int | str, *, again: bool) -> Letter:
        """Say of a letter of which nobody knows whether it arrived that it did, or send it again."""
        from crm.plugins.mailbox.outbox import Outbox

        return Outbox(self.crm, self).decide(self.id_of(key), again=again)


def _true(doc: Doc) -> set[str]:
    return {name for name, value in doc.items() if value}


def _first(letter: Read) -> str:
    """Return the first letter of a thread as a letter names it."""
    return letter.references[-1] if letter.references else ""

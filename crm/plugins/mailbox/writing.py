"""Writing letters: from a card, as an answer; each is committed to the queue before any server hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue, WrongUsage
from crm.locale import _
from crm.plugins.mailbox import composing, filing
from crm.plugins.mailbox.binding import client_of, open_deal
from crm.plugins.mailbox.letter import OUT, QUEUED, Letter

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.plugins.mailbox.composing import Draft
    from crm.plugins.mailbox.letters import Letters
    from crm.sales.desk import Desk


class Writing:
    """Putting one letter into the queue."""

    def __init__(self, crm: Desk, letters: Letters) -> None:
        self.crm = crm
        self.letters = letters
        self.settings = letters.mail

    def queue(self, draft: Draft, template: str = "", *, quote: bool = False) -> Letter:
        """Commit a letter to the queue, with what its sending means for quotes, invoices and open answers."""
        from crm.plugins.mailings.letter import new_message_id

        draft = self._worded(self._addressed(draft), template, quote=quote)
        sender, name, box = self._sender(draft)
        files = composing.enclosed(self.crm, draft.attach)
        message_id = new_message_id(sender)
        data = composing.composed(draft, sender, name, message_id, files).as_bytes()
        with self.crm.writing("letter send") as change:
            self.crm.guard.check("create", "letter", None)
            kept = {
                "sender": sender,
                "sender_name": name,
                "box": box,
                "message_id": message_id,
                "date": change.time,
                "attachments": [one.name for one in files],
                "raw": "" if self.crm.dry_run else filing.keep(self.crm, data),
                "size": len(data),
            }
            letter = self.letters.record(change.create("letter", self._doc(draft, kept)))
            composing.note_sent(self.crm, files)
            if not draft.automatic:
                self.letters.written(letter)
            return self.letters.record(self.letters.doc(letter.id))

    def _worded(self, draft: Draft, template: str, *, quote: bool) -> Draft:
        """Return a draft with the words of its template, the signature, and what it answers."""
        if template:
            draft = composing.from_template(self.crm, self.settings, template, draft)
        if not draft.subject.strip() or not draft.text.strip():
            raise WrongUsage(_("A letter needs a subject and a text."), _("Give --subject and --text, or --template."))
        text = composing.signed(draft.text, self._signature(draft.owner or self.crm.actor))
        return draft._replace(text=composing.quoted(draft.parent, text) if quote and draft.parent else text)

    def _doc(self, draft: Draft, kept: Doc) -> Doc:
        doc = {
            "owner": draft.owner or self.crm.actor,
            "subject": " ".join(draft.subject.split()),
            "direction": OUT,
            "status": QUEUED,
            "to": list(draft.to),
            "about": draft.about,
            "client": self._client(draft),
            "text": draft.text,
            "thread": (draft.parent.thread or draft.parent.message_id) if draft.parent else kept["message_id"],
            "parent": draft.parent.ref if draft.parent else "",
            **kept,
        }
        return {key: value for key, value in doc.items() if value not in (None, "", [])}

    def _addressed(self, draft: Draft) -> Draft:
        about = self.crm.record(draft.about).ref if draft.about else ""
        to = composing.addressees(self.crm, draft.to, about)
        self._refuse_unsendable(to)
        if not about and (client := client_of(self.crm, to[0])) is not None:
            about = (open_deal(self.crm, client) or client).ref
        return draft._replace(about=about, to=tuple(to))

    def _refuse_unsendable(self, to: list[str]) -> None:
        from crm.plugins.mailings.letter import sendable

        for address in to:
            if not sendable(address):
                raise InvalidValue(
                    _("«{address}» has letters that mail servers do not take.").format(address=address),
                    _("Ask for another address."),
                )

    def _client(self, draft: Draft) -> str:
        client = client_of(self.crm, draft.to[0])
        return client.ref if client is not None else ""

    def _sender(self, draft: Draft) -> tuple[str, str, str]:
        """Return address, name and box that a letter comes from: the box of the letter answered, else the first."""
        from crm.model.email_address import fold
        from crm.plugins.mailings.letter import checked_sender, mail_settings

        wanted = draft.box or (draft.parent.box if draft.parent else "")
        boxes = [box for box in self.settings.boxes if box.name == wanted] or list(self.settings.boxes)
        given = self.settings.from_ or (boxes[0].address if boxes else "") or mail_settings(self.crm).from_
        address = checked_sender(given)
        name = address.partition("<")[0].strip(' "') if "<" in address else ""
        return fold(address), name or self._name_of(draft.owner or self.crm.actor), boxes[0].name if boxes else ""

    def _name_of(self, login: str) -> str:
        users = self.crm.collection("user").having("login", login)
        return str(users[0].label) if users else ""

    def _signature(self, login: str) -> str:
        signatures = self.settings.signatures
        return (signatures.get(login) or signatures.get("default") or "").replace("{name}", self._name_of(login))

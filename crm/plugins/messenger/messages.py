"""Messages: taken once, bound to a client, to be answered; answers go out by the channel that they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import Busy, CrmError, InvalidValue, Refused
from crm.locale import _
from crm.plugins.messenger import channels
from crm.plugins.messenger.message import IN, OUT, QUEUED, RECEIVED, SENDING, SENT, Message, Told
from crm.plugins.messenger.settings import MessengerSettings
from crm.plugins.site.posting import Unanswered, Unsent
from crm.sales.collection import Collection
from crm.sales.intake import Asked, find_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.model.record import Record

LONGEST = 4000


class Messages(Collection[Message]):
    """All messages."""

    @property
    def rules(self) -> MessengerSettings:
        """Return `config/messenger.yaml`."""
        return self.crm.settings.section("messenger", MessengerSettings)

    # --- coming in ---------------------------------------------------------------------------------------------------

    def hear(self, told: Told) -> Message:
        """Take a message, once for its key: the client is found or a lead is made, the answer becomes an activity."""
        with self.crm.writing("message") as draft:
            key = f"{told.channel}:{told.key}"
            for known in self.having("key", key):
                return known
            chat = f"{told.channel}:{told.chat}"
            client, about = self._place(told, chat)
            owner = str(about.doc.get("owner") or self._owner())
            doc: Doc = {
                "channel": told.channel,
                "chat": chat,
                "key": key,
                "direction": IN,
                "status": RECEIVED,
                "text": told.text[:LONGEST],
                "name": told.name,
                "date": told.time or draft.time,
                "client": client.ref,
                "about": about.ref,
                "owner": owner,
            }
            waiting = self._waiting(chat)
            message = self.record(draft.create("message", {k: v for k, v in doc.items() if v}))
            activity = waiting or self._answer_is_due(message, about, owner)
            draft.update("message", message.id, {"activity": activity})
            return self.get(message.id)

    def note(self, **facts: Any) -> Message:
        """Take a message by its facts, named as those of Told; otherwise as hear."""
        return self.hear(Told(**facts))

    def _owner(self) -> str:
        return self.rules.owner or self.crm.settings.account.default_owner or self.crm.actor

    def _place(self, told: Told, chat: str) -> tuple[Record, Record]:
        """Return the client of a chat and what the message is about: his open deal, else himself."""
        client = self._client(told, chat)
        field = {"contact": "contacts", "company": "company"}.get(client.noun, "")
        deals = self.crm.collection("deal").having(field, client.ref) if field else []
        open_deal = max((one for one in deals if not one.doc.get("outcome")), key=lambda one: one.id, default=None)
        return client, open_deal or client

    def _client(self, told: Told, chat: str) -> Record:
        for earlier in reversed(self.having("chat", chat)):
            found = self._alive(str(earlier.client))
            if found is not None:
                return found
        phones, emails = [told.phone] if told.phone else [], [told.email] if told.email else []
        known = find_client(self.crm, Asked("", phones, emails, "")) if phones or emails else []
        return known[0] if known else self._lead(told, phones, emails)

    def _alive(self, ref: str) -> Record | None:
        """Return a client of earlier messages as he stands now: what a lead became, None for one in the trash."""
        noun, _slash, number = ref.partition("/")
        doc = self.crm.doc(noun, int(number)) if number else None
        if doc is None or "deleted" in doc or doc.get("stage") == "rejected":
            return None
        if doc.get("converted_to"):
            became = self.crm.record(str(doc["converted_to"]))
            return self._person(became) if became.noun == "deal" else became
        record: Record = self.crm.collection(noun).record(doc)
        return record

    def _person(self, deal: Record) -> Record:
        refs = [*(deal.doc.get("contacts") or []), deal.doc.get("company")]
        return next((self.crm.record(ref) for ref in refs if ref), deal)

    def _lead(self, told: Told, phones: list[str], emails: list[str]) -> Record:
        values: dict[str, Any] = {
            "name": told.name or told.phone or told.chat,
            "contact_name": told.name,
            "phones": phones,
            "emails": emails,
            "source": self.rules.source,
            "comment": told.text[:500],
            "owner": self.rules.owner,
        }
        made = self.crm.collection("lead").take(**{name: value for name, value in values.items() if value})
        return self._person(made) if made.noun == "deal" else made

    def _answer_is_due(self, message: Message, about: Record, owner: str) -> str:
        planned = self.crm.collection("activity").add(
            kind="letter",
            subject=_("Answer in {channel}: {text}").format(channel=message.channel, text=message.text[:120]),
            about=about.ref,
            due=self.crm.today(),
            direction="in",
            owner=owner,
        )
        return str(planned.ref)

    def _waiting(self, chat: str) -> str:
        """Return the open «answer» of a chat, empty where there is none."""
        for message in self.having("chat", chat):
            ref = str(message.doc.get("activity") or "")
            doc = self.crm.doc("activity", int(ref.partition("/")[2])) if ref else None
            if doc is not None and not doc.get("done") and "deleted" not in doc:
                return ref
        return ""

    # --- answering ---------------------------------------------------------------------------------------------------

    def thread_of(self, ref: str) -> list[Message]:
        """Return the messages with a client, or about a deal, in their order."""
        found = {one.id: one for field in ("client", "about") for one in self._by(field, ref)}
        chats = dict.fromkeys(str(one.chat) for one in found.values())
        every = {one.id: one for chat in chats for one in self.having("chat", chat)}
        return sorted(every.values(), key=lambda one: one.id)

    def _by(self, field: str, ref: str) -> list[Message]:
        if field == "client":
            return self.having("client", ref)
        from tinydb.queries import where

        return list(self.find(where("about") == ref))

    def reply(self, key: int | str, text: str) -> Message:
        """Put an answer to a message into the queue; what was to be answered in its chat is done."""
        if not text.strip():
            raise InvalidValue(_("The message is empty."), _("Write what to answer."))
        with self.crm.writing("message reply") as draft:
            asked = self.get(key)
            doc: Doc = {
                "channel": asked.channel,
                "chat": asked.chat,
                "direction": OUT,
                "status": QUEUED,
                "text": text.strip()[:LONGEST],
                "name": self._own_name(),
                "date": draft.time,
                "client": asked.doc.get("client"),
                "about": asked.doc.get("about"),
                "owner": self.crm.actor,
            }
            message = self.record(draft.create("message", {k: v for k, v in doc.items() if v}))
            waiting = self._waiting(str(asked.chat))
            if waiting:
                activities: Any = self.crm.collection("activity")
                activities.done(waiting, _("Answered: {text}").format(text=message.text[:120]))
            return message

    def _own_name(self) -> str:
        """Return what people call who acts."""
        users = self.crm.collection("user").having("login", self.crm.actor)
        return str(users[0].label) if users else self.crm.actor

    def deliver(self) -> Iterator[Message]:
        """Send what is queued, one after another; yield each as it stands then. Raises Busy while another sends."""
        from tinydb.queries import where

        from crm.store.lock import locked

        if self.crm.store.draft is not None or self.crm.dry_run:
            raise Refused(_("Messages are sent only after each has been written down."), _("Leave --dry-run out."))
        waiting = list(self.find(where("status") == QUEUED))
        if not waiting:
            return
        try:
            with locked(self.crm.store.data / ".messages", holder="messages", wait=0):
                for message in waiting:
                    yield self._send(message.id)
        except Busy:
            raise Busy(_("Another process is sending messages of this workspace."), _("Wait until it ends.")) from None

    def _send(self, record_id: int) -> Message:
        with self.crm.writing("message send") as draft:
            stored = draft.get("message", record_id)
            if stored is None or stored.get("status") != QUEUED:
                return self.get(record_id)
            draft.extra["final"] = True
            draft.update("message", record_id, {"status": SENDING, "error": None})
        try:
            key = channels.send(self.rules, self.get(record_id))
        except (Unsent, channels.Later) as error:
            return self._settle(record_id, QUEUED, str(error))
        except Unanswered as error:
            return self._settle(record_id, SENDING, str(error))
        except CrmError as error:
            return self._settle(record_id, "failed", str(error))
        return self._settle(record_id, SENT, "", key)

    def _settle(self, record_id: int, status: str, error: str, key: str = "") -> Message:
        with self.crm.writing("message send") as draft:
            draft.extra["final"] = True
            fields: Doc = {"status": status, "error": error[:300] or None, **({"key": key} if key else {})}
            return self.record(draft.update("message", record_id, fields))

    def decide(self, key: int | str, *, again: bool) -> Message:
        """Say of a message that may have arrived that it did, or send it again; raise Refused for any other."""
        with self.crm.writing("message retry") as draft:
            stored = self.editable(self.id_of(key))
            if stored.get("status") not in (SENDING, "failed"):
                raise Refused(_("{ref} is not in doubt.").format(ref=f"message/{stored['id']}"))
            fields = {"status": QUEUED if again else SENT, "error": None}
            return self.record(draft.update("message", stored["id"], fields))

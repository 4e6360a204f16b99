"""Taking what an exchange tells of a call: in any order, any number of times; logged once, called back once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.phone import format_phone, normalize
from crm.plugins.telephony.call import ANSWERED, FINAL, IN, MISSED, OUT, RINGING, Call, Told
from crm.plugins.telephony.settings import TelephonySettings
from crm.sales.collection import Collection
from crm.sales.intake import Asked, find_client

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.store.draft import Draft
    from crm.workspace import Workspace


class Calls(Collection[Call]):
    """All calls."""

    if TYPE_CHECKING:
        crm: Workspace

    def hear(self, told: Told) -> Call:
        """Note what was told; a call that has ended is logged, one that nobody answered is to be called back."""
        with self.crm.writing("call") as draft:
            stored = next(iter(self.having("key", told.key)), None)
            call = stored or self._begin(draft, told)
            fields = self._news(call.doc, told)
            if stored is not None and not fields:
                return stored
            draft.update("call", call.id, fields)
            call = self.get(call.id)
            if call.status in FINAL and (stored is None or stored.status != call.status):
                self._end(draft, call)
            return self.get(call.id)

    def note(self, **facts: Any) -> Call:
        """Note a call by its facts, named as those of Told; otherwise as hear."""
        return self.hear(Told(**facts))

    def _begin(self, draft: Draft, told: Told) -> Call:
        doc = self.complete({"key": told.key, "status": RINGING})
        return self.record(draft.create("call", doc))

    def default_owner(self, doc: Doc) -> str:
        """Return who owns a call of nobody's yet."""
        return self.crm.settings.account.default_owner or self.crm.actor

    def _news(self, known: Doc, told: Told) -> Doc:
        """Return the fields that are new: an end is not taken back by a late «ringing», nor an answer by a «missed»."""
        fields: Doc = {}
        for name in ("direction", "extension", "line", "recording", "started", "duration"):
            value = getattr(told, name)
            if value not in ("", None):
                with suppress(InvalidValue):  # a call is not lost for a time that cannot be read
                    fields |= self.noun.read({name: value}, self.crm.customs)
        if told.number:
            fields["number"] = normalize(told.number, self.crm.customs.phone_region).number
        rank = (RINGING, MISSED, ANSWERED)
        if told.status and rank.index(told.status) > rank.index(known["status"]):
            fields["status"] = told.status
        return {name: value for name, value in fields.items() if known.get(name) != value}

    # --- what an ended call leads to ---------------------------------------------------------------------------------

    def _end(self, draft: Draft, call: Call) -> None:
        client = self._client(call)
        owner = self._owner(call, client)
        draft.update("call", call.id, {"client": client.ref if client else None, "owner": owner})
        activity = self._log(call, client, owner)
        draft.update("call", call.id, {"activity": activity.ref})
        if call.status == ANSWERED:
            self._close_callbacks(draft, call)
        elif call.direction == IN:
            self._call_back(draft, call, client, owner)

    def _client(self, call: Call) -> Record | None:
        """Return whose number it is; of an unknown incoming one a lead is made."""
        if not call.number:
            return None
        found = find_client(self.crm, Asked("", [call.number], [], ""))
        if found or call.direction != IN:
            return found[0] if found else None
        return self.crm.leads.take(name=format_phone(call.number), phones=[call.number], source=self._source(call))

    def _source(self, call: Call) -> str:
        """Return where a caller has our number from: the source of the number that was dialled (I4)."""
        region = self.crm.customs.phone_region
        lines = self.crm.settings.section("telephony", TelephonySettings).lines
        known = {normalize(number, region).number: source for number, source in lines.items()}
        return known.get(normalize(call.line, region).number, "call_in") if call.line else "call_in"

    def _owner(self, call: Call, client: Record | None) -> str:
        people = self.crm.settings.section("telephony", TelephonySettings).people
        answered_by = people.get(call.extension, "")
        if call.status == ANSWERED and answered_by:
            return answered_by
        return str((client.doc.get("owner") if client else "") or answered_by or call.owner)

    def _about(self, client: Record | None) -> str | None:
        """Return the client's only open deal, else the client."""
        if client is None or client.noun not in ("contact", "company"):
            return client.ref if client else None
        field = "contacts" if client.noun == "contact" else "company"
        deals = [deal for deal in self.crm.deals.having(field, client.ref) if not deal.outcome]
        return deals[0].ref if len(deals) == 1 else client.ref

    def _log(self, call: Call, client: Record | None, owner: str) -> Activity:
        given: dict[str, Any] = {
            "kind": "call",
            "subject": _("Call: {number}").format(number=format_phone(call.number)),
            "direction": call.direction or IN,
            "outcome": "success" if call.status == ANSWERED else "no_answer",
            "duration": call.duration,
            "about": self._about(client),
            "owner": owner,
            "result": call.recording,
            "done": "yes",
        }
        return self.crm.activities.add(**{name: value for name, value in given.items() if value not in (None, "")})

    def _call_back(self, draft: Draft, call: Call, client: Record | None, owner: str) -> None:
        if self._waiting(call.number):
            return
        activity = self.crm.activities.add(
            kind="call",
            subject=_("Call back: {number}").format(number=format_phone(call.number)),
            direction=OUT,
            about=self._about(client),
            owner=owner,
            due=self.crm.today(),
        )
        draft.update("call", call.id, {"callback": activity.ref})
        draft.emit("on_call_missed", activity.ref)

    def _waiting(self, number: str) -> list[Activity]:
        """Return what is to be called back of a number."""
        refs = [call.callback for call in self.having("number", number) if call.callback]
        found = [self.crm.activities.get(ref) for ref in refs]
        return [activity for activity in found if not activity.done and "deleted" not in activity.doc]

    def _close_callbacks(self, draft: Draft, call: Call) -> None:
        """Do what was to be called back; the call itself has the points, so this has none."""
        for activity in self._waiting(call.number):
            draft.update("activity", activity.id, {"points": 0})
            self.crm.activities.done(activity.id, _("Reached by a later call."), outcome="success")

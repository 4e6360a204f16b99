"""The verbs of leads: move, qualify, reject, convert, assign; naming by the team's scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import Refused
from crm.locale import _
from crm.model.lead import GOOD, JUNK, Lead
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.conversion import Conversion
    from crm.store.draft import Draft

REJECTED = "rejected"
CONVERTED = "converted"


class Leads(Collection[Lead]):
    """All leads."""

    created_event = "on_lead_created"
    matched = True

    def take(self, **values: object) -> Record:
        """Add a lead, or at once a deal: in simple mode, or where a pipeline takes requests of that source (S1, P5)."""
        values = self.of_a_person(values)
        source = self.noun.read({"source": values.get("source")}, self.crm.customs)["source"] or ""
        pipeline = next((one.id for one in self.crm.settings.pipelines if one.creates_from(source)), "")
        if not pipeline and self._are_on():
            return self.add(**values)
        from crm.sales.conversion import deal_at_once

        return deal_at_once(self.crm, values, pipeline)

    def _are_on(self) -> bool:
        """Tell whether a request becomes a lead first; only a setting for departments asks whose the actor is."""
        by_department = bool(self.crm.settings.account.leads_off_departments)
        return self.crm.settings.leads_on(self.crm.department if by_department else "")

    def complete(self, doc: Doc) -> Doc:
        """Return a new lead with the first stage, and the time it came there."""
        doc.setdefault("stage", self.crm.settings.leads.first.id)
        return super().complete(doc)

    def begin(self, doc: Doc, since: str) -> Doc:
        """Note since when the lead stands in its stage."""
        return {"stage_since": since, **doc}

    def default_owner(self, doc: Doc) -> str:
        """Return the author; a lead made by a plugin goes to the account's default owner."""
        automatic = self.crm.settings.account.default_owner
        return automatic if automatic and self.crm.is_automatic else self.crm.actor

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; a new stage is a move."""
        stage = fields.pop("stage", None)
        super().change(draft, stored, fields)
        if stage is not None and stage != stored.get("stage"):
            self._to_stage(draft, stored, stage)

    def _to_stage(self, draft: Draft, stored: Doc, stage: str) -> None:
        draft.update("lead", stored["id"], {"stage": stage, "stage_since": draft.time})
        draft.emit("on_stage_changed", f"lead/{stored['id']}", old_stage=stored.get("stage", ""), new_stage=stage)

    def _open(self, key: int | str) -> Doc:
        stored = self.editable(self.id_of(key))
        if stored.get("stage") == CONVERTED:
            raise Refused(
                _("lead/{id} is converted to {ref} already.").format(id=stored["id"], ref=stored.get("converted_to")),
                _("Work on with {ref}, or undo the conversion.").format(ref=stored.get("converted_to")),
            )
        return stored

    def move(self, key: int | str, stage: str) -> Lead:
        """Move a lead to another stage, named by id or title."""
        with self.crm.writing("lead move") as draft:
            stored = self._open(key)
            wanted = self.crm.settings.leads.stage(stage).id
            if wanted != stored.get("stage"):
                self._to_stage(draft, stored, wanted)
            if stored.get("quality") == JUNK:
                draft.update("lead", stored["id"], {"quality": None, "junk_reason": None})
            return self.record(self.doc(stored["id"]))

    def qualify(self, key: int | str) -> Lead:
        """Mark a lead as good (качественный) and put it to work."""
        with self.crm.writing("lead qualify") as draft:
            stored = self._open(key)
            draft.update("lead", stored["id"], {"quality": GOOD, "junk_reason": None})
            path = self.crm.settings.leads
            following = path.next_after(path.first)
            if following is not None and stored.get("stage") in (path.first.id, REJECTED):
                self._to_stage(draft, stored, following.id)
            return self.record(self.doc(stored["id"]))

    def reject(self, key: int | str, reason: str) -> Lead:
        """Mark a lead as junk (некачественный), with the reason: wrong number, not our city, price monitoring."""
        with self.crm.writing("lead reject") as draft:
            stored = self._open(key)
            reason_id = self.crm.settings.dictionary("junk_reasons").resolve(reason)
            draft.update("lead", stored["id"], {"quality": JUNK, "junk_reason": reason_id})
            if stored.get("stage") != REJECTED:
                self._to_stage(draft, stored, REJECTED)
            if self.doc(stored["id"]) != stored:
                draft.emit("on_lead_rejected", f"lead/{stored['id']}")
            return self.record(self.doc(stored["id"]))

    def convert(
        self,
        key: int | str,
        *,
        company: str = "",
        contact: str = "",
        deal: bool = False,
        amount: object = None,
        pipeline: str = "",
        title: str = "",
    ) -> Conversion:
        """Make a lead a client: contact and company, and a deal when he is ready to buy (E6), none when not (E7)."""
        from crm.sales.conversion import convert

        with self.crm.writing("lead convert") as draft:
            stored = self._open(key)
            return convert(
                self.crm,
                draft,
                self.record(stored),
                company=company,
                contact=contact,
                deal={"amount": amount, "pipeline": pipeline, "title": title} if deal else None,
            )

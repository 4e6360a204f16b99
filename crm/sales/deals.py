"""The verbs of deals: move, win, lose, reopen, link, unlink; amounts from items, time in stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import Refused
from crm.locale import _
from crm.model.deal import LOST, WON, Deal
from crm.sales.collection import Collection, Edit

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.model.pipeline import Pipeline
    from crm.store.draft import Draft


class Deals(Collection[Deal]):
    """All deals."""

    created_event = "on_deal_created"

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values with lines of goods made of what was typed."""
        if values.get("items"):
            values["items"] = self._lines(values["items"])
        return values

    def complete(self, doc: Doc) -> Doc:
        """Return a new deal with pipeline, stage, probability, and an amount that follows its items."""
        pipeline = self.crm.settings.pipeline(doc.get("pipeline", ""))
        stage = pipeline.stage(doc["stage"]) if doc.get("stage") else pipeline.first
        doc |= {"pipeline": pipeline.id, "stage": stage.id}
        doc.setdefault("probability", {WON: 100, LOST: 0}.get(doc.get("outcome", ""), stage.probability))
        if doc.get("items") and "amount" not in doc:
            doc["amount"] = self._amount(doc["items"])
        return super().complete(doc)

    def default_owner(self, doc: Doc) -> str:
        """Return the author; for a deal made automatically the pipeline's default owner (A4)."""
        automatic = self.crm.settings.owner_for(self.crm.settings.pipeline(doc["pipeline"]))
        return automatic if automatic and self.crm.is_automatic else self.crm.actor

    def begin(self, doc: Doc, since: str) -> Doc:
        """Begin the log of stages; a deal of the past came from the first one."""
        log = doc.get("stage_log") or [{"stage": doc["stage"], "since": doc.get("stage_since", since)}]
        first = self.crm.settings.pipeline(doc["pipeline"]).first.id
        if "created" in doc and "stage_log" not in doc and doc["stage"] != first:
            log.insert(0, {"stage": first, "since": since})
        closing = {"closed": log[-1]["since"]} if doc.get("outcome") else {}
        return {**closing, **doc, "stage_since": log[-1]["since"], "stage_log": log}

    def change_historic(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Change a deal as an import says: a closed one with its outcome, a stage with the time it came there."""
        if fields.get("outcome"):
            fields = {"probability": {WON: 100, LOST: 0}[fields["outcome"]], "closed": draft.time, **fields}
        since = fields.get("stage_since")
        super().change_historic(draft, stored, fields)
        log = self.doc(stored["id"]).get("stage_log")
        if since and log and "stage_log" not in fields:
            draft.update("deal", stored["id"], {"stage_log": [*log[:-1], {**log[-1], "since": since}]})

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change: a new stage is a move, items set the amount, another pipeline begins at its first stage."""
        stage = fields.pop("stage", None)
        if "items" in fields:
            fields["items"] = self._lines(fields["items"]) if fields["items"] else None
            if fields["items"] and "amount" not in fields:
                fields["amount"] = self._amount(fields["items"])
        pipeline = self.crm.settings.pipeline(fields.get("pipeline") or stored["pipeline"])
        if pipeline.id != stored["pipeline"]:
            stage = stage or (stored["stage"] if pipeline.get(stored["stage"]) else pipeline.first.id)
        super().change(draft, stored, fields)
        if stage is not None and (stage != stored.get("stage")):
            self._to_stage(draft, self.doc(stored["id"]), pipeline, stage)

    def _edited(self, stored: Doc, edits: list[Any]) -> Doc:
        prepared = [
            edit._replace(raw=self._lines(edit.raw)) if edit.name == "items" and edit.raw else edit for edit in edits
        ]
        if any(edit.name == "items" and edit.op == "+=" for edit in prepared):
            added = [line for edit in prepared if edit.name == "items" for line in edit.raw]
            prepared = [edit for edit in prepared if edit.name != "items"]
            fields = super()._edited(stored, prepared)
            return {**fields, "items": [*stored.get("items", []), *added]}
        return super()._edited(stored, prepared)

    def _lines(self, raw: object) -> list[Doc]:
        from crm.sales.goods import lines

        return lines(self.crm, raw)

    def _amount(self, items: list[Doc]) -> Doc:
        from crm.sales.goods import amount

        return amount(self.crm, items)

    def fixed_remedy(self, name: str) -> str:
        """Name the verbs that close and reopen a deal."""
        return _("Use crm deal win, lose, reopen or move.")

    def _to_stage(self, draft: Draft, stored: Doc, pipeline: Pipeline, stage: str) -> None:
        wanted = pipeline.stage(stage)
        log = [*stored.get("stage_log", []), {"stage": wanted.id, "since": draft.time}]
        fields = {"stage": wanted.id, "stage_since": draft.time, "stage_log": log, "probability": wanted.probability}
        draft.update("deal", stored["id"], fields)
        draft.emit("on_stage_changed", f"deal/{stored['id']}", old_stage=stored.get("stage", ""), new_stage=wanted.id)

    def _open(self, key: int | str) -> Doc:
        stored = self.editable(self.id_of(key))
        if stored.get("outcome"):
            outcome = stored["outcome"]
            raise Refused(
                _("deal/{id} is closed: {outcome}.").format(id=stored["id"], outcome=_(outcome)),
                _("Reopen it first: crm deal reopen {id}.").format(id=stored["id"]),
            )
        return stored

    def move(self, key: int | str, stage: str) -> Deal:
        """Move an open deal to another stage of its pipeline, named by id or title."""
        with self.crm.writing("deal move") as draft:
            stored = self._open(key)
            pipeline = self.crm.settings.pipeline(stored["pipeline"])
            if pipeline.stage(stage).id != stored["stage"]:
                self._to_stage(draft, stored, pipeline, stage)
            return self.record(self.doc(stored["id"]))

    def win(self, key: int | str) -> Deal:
        """Close a deal as won (успешная сделка)."""
        with self.crm.writing("deal win") as draft:
            stored = self._open(key)
            return self._close(draft, stored, {"outcome": WON, "probability": 100}, "on_deal_won")

    def lose(self, key: int | str, reason: str) -> Deal:
        """Close a deal as lost (неуспешная сделка), with the reason."""
        with self.crm.writing("deal lose") as draft:
            stored = self._open(key)
            reason_id = self.crm.settings.dictionary("lost_reasons").resolve(reason)
            fields = {"outcome": LOST, "probability": 0, "lost_reason": reason_id}
            return self._close(draft, stored, fields, "on_deal_lost")

    def _close(self, draft: Draft, stored: Doc, fields: Doc, event: str) -> Deal:
        draft.update("deal", stored["id"], {**fields, "closed": draft.time})
        draft.emit(event, f"deal/{stored['id']}")
        return self.record(self.doc(stored["id"]))

    def reopen(self, key: int | str, stage: str = "") -> Deal:
        """Take a closed deal back to work (вернуть в работу), at the stage where it was or at another."""
        with self.crm.writing("deal reopen") as draft:
            stored = self.editable(self.id_of(key))
            if not stored.get("outcome"):
                raise Refused(_("deal/{id} is open.").format(id=stored["id"]))
            pipeline = self.crm.settings.pipeline(stored["pipeline"])
            current = pipeline.stage(stage or stored["stage"])
            cleared = dict.fromkeys(("outcome", "closed", "lost_reason"))
            draft.update("deal", stored["id"], {**cleared, "probability": current.probability})
            draft.emit("on_deal_reopened", f"deal/{stored['id']}")
            if current.id != stored["stage"]:
                self._to_stage(draft, self.doc(stored["id"]), pipeline, current.id)
            return self.record(self.doc(stored["id"]))

    def share(self, key: int | str, login: str) -> Deal:
        """Let a person see and edit a deal whatever the role reaches (A6)."""
        return self._share(key, self.crm.person(login), seen=True)

    def unshare(self, key: int | str, login: str) -> Deal:
        """Take back what `share` gave."""
        return self._share(key, self.crm.person(login), seen=False)

    def _share(self, key: int | str, login: str, *, seen: bool) -> Deal:
        with self.crm.writing("deal share" if seen else "deal unshare") as draft:
            stored = self.editable(self.id_of(key))
            people = [one for one in stored.get("shared", ()) if one != login] + [login] * seen
            if people != stored.get("shared", []):
                draft.update("deal", stored["id"], {"shared": people or None})
            return self.record(self.doc(stored["id"]))

    def link(self, key: int | str, ref: str) -> Deal:
        """Link a contact (up to five), a company or a lead to a deal."""
        with self.crm.writing("deal link"):
            kind = ref.partition("/")[0]
            if kind == "contact" or "/" not in ref:
                return self.set(key, Edit("contacts", "+=", ref))
            return self.set(key, Edit(_single(kind), "=", ref))

    def unlink(self, key: int | str, ref: str) -> Deal:
        """Unlink a contact, a company or a lead from a deal."""
        with self.crm.writing("deal unlink"):
            kind = ref.partition("/")[0]
            if kind in ("company", "lead"):
                return self.set(key, Edit(kind, "=", ""))
            return self.set(key, Edit("contacts", "-=", ref))


def _single(kind: str) -> str:
    if kind not in ("company", "lead"):
        raise Refused(_("A deal is linked with contacts, a company and a lead, not with {kind}.").format(kind=kind))
    return kind

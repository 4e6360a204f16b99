"""The road of deals and of leads: stages, ends with their reasons, and the one move that screens offer between them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.errors import Conflict, InvalidValue, WrongUsage
from crm.locale import _
from crm.sales.leads import CONVERTED, REJECTED
from crm.store import history

if TYPE_CHECKING:
    from crm.console.visit import Context
    from crm.model.dictionaries import Dictionary
    from crm.model.fields import Doc
    from crm.model.pipeline import Ladder, Pipeline
    from crm.model.record import Record
    from crm.store.query import QueryLike
    from crm.workspace import Workspace

WON, LOST = "won", "lost"
KINDS = ("deal", "lead")


class Road(ABC):
    """The stages of one pipeline of deals, or of leads."""

    kind = ""
    since = "stage_since"

    def __init__(self, crm: Workspace, ladder: Ladder) -> None:
        self.crm = crm
        self.ladder = ladder

    @property
    @abstractmethod
    def open(self) -> QueryLike:
        """Return the query of the records that are on the road."""

    @abstractmethod
    def is_open(self, doc: Doc) -> bool:
        """Tell whether a record is on the road still."""

    @property
    @abstractmethod
    def reasons(self) -> Dictionary:
        """Return why a record may leave the road."""

    @abstractmethod
    def ends(self) -> tuple[str, str]:
        """Return the titles of the good and of the bad end."""

    def closings(self) -> list[Context]:
        """Return the ends as templates show them."""
        good, bad = self.ends()
        reasons = [{"value": entry.id, "title": entry.title.text()} for entry in self.reasons.entries]
        return [
            {"value": WON, "title": good, "tone": "good", "reasons": []},
            {"value": LOST, "title": bad, "tone": "bad", "reasons": reasons},
        ]

    @abstractmethod
    def closed(self, doc: Doc) -> Context | None:
        """Return how a record ended: tone, title, text, since; None while it is on the road."""

    def title(self, target: str) -> str:
        """Return what a place to move to is called: a stage, `won` or `lost:reason`."""
        good, bad = self.ends()
        end, _colon, reason = target.partition(":")
        if end == WON:
            return good
        if end == LOST:
            return f"{bad}: {self.reasons.title(reason)}" if reason else bad
        return self.ladder.stage(target).title.text()

    def move(self, record_id: int, target: str) -> Record:
        """Move a record to a stage, or off the road with `won` or `lost:reason`."""
        end, _colon, reason = target.partition(":")
        if end == LOST:
            if not reason:
                raise WrongUsage(_("A reason is needed."), _("Choose one."))
            return self._lose(record_id, reason)
        if end == WON:
            return self._win(record_id)
        if not target:
            raise InvalidValue(_("No stage was chosen."), _("Choose one."))
        found: Record = self._records.move(record_id, target)
        return found

    @property
    def _records(self) -> Any:
        return self.crm.collection(self.kind)

    @abstractmethod
    def _lose(self, record_id: int, reason: str) -> Record: ...

    @abstractmethod
    def _win(self, record_id: int) -> Record: ...

    def refuse_stale(self, record_id: int, rev: int | None) -> None:
        """Raise Conflict when someone moved the record after the revision that the mover saw."""
        doc = self._records.doc(record_id)
        if rev is None or rev >= doc["rev"]:
            return
        old = history.changed_since(self.crm.store, self.kind, record_id, rev)
        if {"stage", "outcome", "pipeline"} & old.keys():
            raise Conflict(
                _("«{title}» was moved meanwhile: it is on «{stage}» now.").format(
                    title=self._records.record(doc).label, stage=self.standing(doc)
                ),
                _("Look at where it is and move it again."),
            )

    def standing(self, doc: Doc) -> str:
        """Return where a record stands, in words."""
        ended = self.closed(doc)
        if ended is not None:
            return str(ended["title"])
        stage = self.ladder.get(doc.get("stage", ""))
        return stage.title.text() if stage is not None else str(doc.get("stage", ""))


class DealRoad(Road):
    """A pipeline of deals."""

    kind = "deal"
    ladder: Pipeline

    @property
    def open(self) -> QueryLike:
        """Return the query of the open deals of the pipeline."""
        return (where("pipeline") == self.ladder.id) & ~where("outcome").exists()  # type: ignore[no-any-return]

    def is_open(self, doc: Doc) -> bool:
        """Tell whether a deal is open."""
        return not doc.get("outcome")

    @property
    def reasons(self) -> Dictionary:
        """Return the reasons of a loss."""
        return self.crm.settings.dictionary("lost_reasons")

    def ends(self) -> tuple[str, str]:
        """Return «Успешная сделка» and «Неуспешная сделка», as the pipeline calls them."""
        return self.ladder.won.text(), self.ladder.lost.text()

    def closed(self, doc: Doc) -> Context | None:
        """Return how a deal ended."""
        if self.is_open(doc):
            return None
        good, bad = self.ends()
        won = doc["outcome"] == WON
        reason = "" if won else self.reasons.title(doc.get("lost_reason", ""))
        return {
            "tone": "good" if won else "bad",
            "title": good if won else bad,
            "text": reason,
            "since": doc.get("closed"),
        }

    def _lose(self, record_id: int, reason: str) -> Record:
        return self.crm.deals.lose(record_id, reason)

    def _win(self, record_id: int) -> Record:
        return self.crm.deals.win(record_id)


class LeadRoad(Road):
    """The path of leads; its good end is a client, made by the conversion's own form."""

    kind = "lead"

    @property
    def open(self) -> QueryLike:
        """Return the query of the leads at work."""
        return where("stage").one_of([stage.id for stage in self.ladder.stages])

    def is_open(self, doc: Doc) -> bool:
        """Tell whether a lead is at work."""
        return doc.get("stage") not in (CONVERTED, REJECTED)

    @property
    def reasons(self) -> Dictionary:
        """Return the reasons of a refusal."""
        return self.crm.settings.dictionary("junk_reasons")

    def ends(self) -> tuple[str, str]:
        """Return what the ends of a lead are called."""
        path = self.crm.settings.leads
        return path.converted.text(), path.rejected.text()

    def closed(self, doc: Doc) -> Context | None:
        """Return how a lead ended."""
        if self.is_open(doc):
            return None
        good, bad = self.ends()
        won = doc["stage"] == CONVERTED
        reason = "" if won else self.reasons.title(doc.get("junk_reason", ""))
        since = doc.get("stage_since")
        return {"tone": "good" if won else "bad", "title": good if won else bad, "text": reason, "since": since}

    def _lose(self, record_id: int, reason: str) -> Record:
        return self.crm.leads.reject(record_id, reason)

    def _win(self, record_id: int) -> Record:
        return self.crm.leads.convert(record_id, deal=True).lead


def road(crm: Workspace, kind: str, pipeline: str = "") -> Road | None:
    """Return the road of a pipeline (the first one by default) or of leads, None for a noun without stages.

    Raise InvalidValue for a pipeline that there is not.
    """
    if kind == "lead":
        return LeadRoad(crm, crm.settings.leads)
    return DealRoad(crm, crm.settings.pipeline(pipeline)) if kind == "deal" else None


def road_of(crm: Workspace, kind: str, doc: Doc) -> Road | None:
    """Return the road that a record is on; a deal of a pipeline that is gone is on the first one."""
    try:
        return road(crm, kind, doc.get("pipeline", ""))
    except InvalidValue:
        return road(crm, kind)

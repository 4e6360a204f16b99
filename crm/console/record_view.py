"""What every part of a card knows: the record, who looks at it, what that person may do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.controls import Controls

if TYPE_CHECKING:
    from crm.console.visit import Visit
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.noun import Noun


class RecordView:
    """A record as one person sees it."""

    def __init__(self, visit: Visit, noun: Noun, record: Record) -> None:
        self.visit = visit
        self.crm = visit.crm
        self.shown = visit.shown
        self.url = visit.url
        self.noun = noun
        self.record = record
        self.doc: Doc = record.doc
        self.controls = Controls(visit.shown, noun)
        self.address = visit.url.card(noun.name, record.id)
        self.editable = record.deleted is None and visit.crm.guard.may("edit", noun.name, record.doc)

"""The card of a record of any noun: its fields, its place on the road, what it is linked with, what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.card_links import Links
from crm.console.card_plans import Plans
from crm.console.cells import text_cell
from crm.console.controls import in_order, is_free
from crm.console.duplicate_pages import MERGED
from crm.console.forgetting import PEOPLE
from crm.console.forms import noun_called
from crm.console.panels import panels
from crm.console.paper_deeds import deeds
from crm.console.plugin_deeds import offered
from crm.console.record_view import RecordView
from crm.console.roads import road_of
from crm.console.routes import page
from crm.console.sharing import sharing
from crm.console.timeline import timeline
from crm.console.visit import View
from crm.locale import N_, _
from crm.model.field_dates import Moment
from crm.model.field_parts import Classifiers, Items, Parts
from crm.model.fields import Choice, LongText, MoneyField

if TYPE_CHECKING:
    from crm.console.roads import Road
    from crm.console.visit import Context, Visit
    from crm.model.fields import Field
    from crm.model.record import Record
    from crm.sales.noun import Noun

_MOMENT = Moment()


@page("/<kind:re:[a-z_]+>/<id:int>")
def card(visit: Visit, kind: str, id: int) -> View:
    """Show the card of a record."""
    noun = noun_called(visit, kind)
    records = visit.crm.collection(kind)
    record = records.get(id)
    made = Card(visit, noun, record).context()
    section = f"{kind}s" if kind in ("deal", "lead") else noun.plural
    return View(
        "card.html", visit.shown.called(record), section, {"card": made}, data={"record": records.export(record)}
    )


class Card(RecordView):
    """One card as one person sees it."""

    def __init__(self, visit: Visit, noun: Noun, record: Record) -> None:
        super().__init__(visit, noun, record)
        self.road: Road | None = road_of(visit.crm, noun.name, record.doc)

    def context(self) -> Context:
        """Return what `card.html` shows."""
        self.shown.load_of(self.noun, [self.doc], self.noun.fields)
        return {
            "kind": self.noun.name,
            "id": self.record.id,
            "rev": self.record.rev,
            "title": self._title(),
            "address": self.address,
            "above": self._above(),
            "number": f"№ {self.record.id}",
            "facts": self._facts(),
            "actions": self._actions(),
            "more": self._more(),
            "warnings": self._warnings(),
            "steps": self._steps(),
            "movable": self.editable,
            "closings": self._closings(),
            "closed": self._closed(),
            "groups": self._groups(),
            "links": Links(self.visit, self.noun, self.record).panels(),
            "tables": Links(self.visit, self.noun, self.record).tables(),
            "activities": Plans(self.visit, self.noun, self.record).context(),
            "comment": self.editable and isinstance(self.noun.fields.get("comment"), LongText),
            "timeline": timeline(self.visit, self.noun, self.record),
            "people": [{"login": login, "name": name} for login, name in self.shown.active.items()],
            "sharing": sharing(self.visit, self.record, editable=self.editable),
            "panels": panels(self.visit, self.noun.name, self.record),
        }

    def _title(self) -> str:
        """Return the name of a record; of a paper that is only a number, with what it is."""
        label = self.shown.called(self.record)
        numbered = self.noun.entity.naming == "number" and label == self.record.label
        return f"{self.noun.entity.one()} {label}" if numbered else label

    # --- the head ----------------------------------------------------------------------------------------------------

    def _above(self) -> list[Context]:
        above = [{"title": self.noun.entity.many(), "address": self.url.list(self.noun.name)}]
        if self.road is not None and self.noun.name == "deal":
            pipeline = self.road.ladder
            above.append({"title": pipeline.title.text(), "address": self.url.board("deal", pipeline.id)})
        return above

    def _facts(self) -> list[Context]:
        names = [name for name, field in self.noun.fields.items() if _is_fact(name, field, self.noun)]
        cells = [(self.noun.fields[name].label, self.shown.cell(self.noun, name, self.doc)) for name in names[:6]]
        return [{"title": title, "cell": cell} for title, cell in cells if cell is not None]

    def _actions(self) -> list[Context]:
        if self.record.deleted is not None:
            return [
                self._act(
                    _("Restore"), self.url.restore(self.noun.name, self.record.id), "undo", post=True, primary=True
                )
            ]
        if self.noun.name not in ("lead", "deal", "company", "contact"):
            return deeds(self.visit, self.record)
        if not self.editable:
            return []
        ref, back = self.record.ref, self.address
        match self.noun.name:
            case "lead" if self.road is not None and self.road.is_open(self.doc):
                good = self._act(_("A good lead"), self.url.qualify(self.record.id), "flag", post=True)
                client = self._act(_("Make a client"), self.url.convert(self.record.id), "check", primary=True)
                return [client] if self.doc.get("quality") == "good" else [client, good]
            case "deal" if not self.doc.get("outcome"):
                return [self._paper(name) for name in ("quote", "invoice") if name in self.crm.nouns]
            case "company":
                deal = self.url.add("deal", company=self.record.label, back=back)
                person = self.url.add("contact", companies=self.record.label, back=back)
                return [self._act(_("New deal"), deal, "plus", primary=True), self._act(_("Contact"), person, "person")]
            case "contact":
                company = self.shown.label(self.doc["companies"][0]) if self.doc.get("companies") else ""
                deal = self.url.add("deal", contact=ref, company=company, back=back)
                return [self._act(_("New deal"), deal, "plus", primary=True)]
        return []

    def _paper(self, kind: str) -> Context:
        """Return the way to a paper made of this deal."""
        address = self.url.add(kind, deal=self.record.ref, back=self.address)
        return self._act(self.crm.nouns[kind].entity.one(), address, kind)

    def _more(self) -> list[Context]:
        more = []
        if self.editable:
            more.append(self._act(_("Change all fields"), self.url.edit(self.noun.name, self.record.id), "edit"))
        if self.record.deleted is None and self.crm.guard.may("delete", self.noun.name, self.doc):
            more.append(self._act(_("Delete"), self.url.delete(self.noun.name, self.record.id), "trash", post=True))
        if self.noun.name in ("lead", "deal", "company", "contact"):
            more += offered(self.visit, self.record)
        if self.editable and self.noun.name in MERGED:
            more.append(self._act(_("Merge with another"), self.url.merge(self.noun.name, self.record.id), "link"))
        more += self._of_person()
        more.append(self._act("JSON", f"{self.address}.json", "file"))
        return more

    def _of_person(self) -> list[Context]:
        """Return what only the card of a person has: a user signs in, a client may be forgotten."""
        kind, record = self.noun.name, self.record
        if kind == "user" and self.crm.guard.may("edit", "user", self.doc):
            return [
                self._act(_("Set a password"), self.url.account(record.id, "password"), "keyboard"),
                self._act(_("Make a token"), self.url.account(record.id, "token"), "plug", post=True),
            ]
        if kind in PEOPLE and self.crm.guard.may("delete", kind, self.doc):
            known = self._act(_("All that is known"), f"{self.address}/known", "file")
            return [known, self._act(_("Forget the person"), self.url.forget(kind, record.id), "trash")]
        return []

    def _act(self, title: str, address: str, icon: str, *, post: bool = False, primary: bool = False) -> Context:
        return {"title": title, "address": address, "icon": icon, "post": post, "primary": primary}

    def _warnings(self) -> list[Context]:
        warnings = []
        deleted = self.record.deleted
        if deleted is not None:
            day = self.shown.clock.moment(deleted)["text"]
            text = _("In the trash since {day}.").format(day=day)
            remedy = _("It is kept for {n} days.").format(n=self.crm.settings.account.trash_days)
            warnings.append({"tone": "bad", "text": text, "remedy": remedy})
        stage = self.doc.get("stage")
        if self.road is not None and self.road.is_open(self.doc) and stage and self.road.ladder.get(stage) is None:
            text = _("The stage «{stage}» is not in the settings any more.").format(stage=stage)
            warnings.append({"tone": "warn", "text": text, "remedy": _("Move it to another one.")})
        return warnings

    # --- the road ----------------------------------------------------------------------------------------------------

    def _steps(self) -> list[Context]:
        if self.road is None:
            return []
        stages = self.road.ladder.stages
        now = next((place for place, stage in enumerate(stages) if stage.id == self.doc.get("stage")), -1)
        came = {step["stage"]: step["since"] for step in self.doc.get("stage_log", [])}
        return [
            {
                "value": stage.id,
                "title": stage.title.text(),
                "state": "past" if place < now else "now" if place == now else "next",
                "since": self._since(came.get(stage.id), now=place == now) if place <= now else None,
            }
            for place, stage in enumerate(stages)
        ]

    def _since(self, time: str | None, *, now: bool) -> Context | None:
        time = time or (self.doc.get("stage_since") if now else None)
        if time is None:
            return None
        when = _MOMENT.value(time)
        if when is None:
            return None
        return self.shown.clock.age(when) if now else self.shown.clock.moment(self.shown.clock.day(when))

    def _closings(self) -> list[Context]:
        return [] if self.road is None else self.road.closings()

    def _closed(self) -> Context | None:
        ended = self.road.closed(self.doc) if self.road is not None else None
        if ended is None:
            return None
        when = _MOMENT.value(ended.pop("since") or self.doc["updated"])
        reopen = self.editable and (self.noun.name == "deal" or self.doc.get("stage") == "rejected")
        return {**ended, "when": self.shown.clock.moment(when or self.shown.clock.today), "reopen": reopen}

    # --- fields and links --------------------------------------------------------------------------------------------

    def _groups(self) -> list[Context]:
        grouped: dict[str, list[Context]] = {}
        for name, field in in_order(self.noun):
            if (
                isinstance(field, Items)
                or name in _LEFT_OUT
                or (name in ("company", "contacts") and self.noun.name == "deal")
            ):
                continue
            if isinstance(field, Parts):
                parts = list(self.doc.get(name) or {}) or self._usual_parts(field)
                grouped[field.label] = [self._part_row(name, field, part) for part in parts]
                if is_free(field) and self.editable and not field.fixed:
                    whole = {"title": _("Add or change"), "cell": None, "edit": self.controls.make(name, self.doc)}
                    grouped[field.label].append(whole)
            else:
                title = _("Own fields") if name in self.noun.custom else ""
                title = TECHNICAL if field.technical else title
                row = self._row(name, field)
                if row is not None:
                    grouped.setdefault(title, []).append(row)
        folded = grouped.pop(TECHNICAL, [])
        groups = [{"title": title, "rows": rows, "folded": False} for title, rows in grouped.items() if rows]
        return [*groups, {"title": _(TECHNICAL), "rows": folded, "folded": True}] if folded else groups

    def _usual_parts(self, field: Parts) -> list[str]:
        """Return the parts that a card shows empty: what one asks a client about, and the tax number of the country."""
        if isinstance(field, Classifiers):
            return self.controls.parts(field)
        country = {"RU": "inn", "UA": "edrpou"}.get(self.crm.settings.country, "")
        return [country] if country in field.parts else []

    def _row(self, name: str, field: Field[Any]) -> Context | None:
        cell = self.shown.cell(self.noun, name, self.doc)
        written = self.editable and not field.fixed and name not in ("created", "updated")
        if cell is None and not written:
            return None
        edit = self.controls.make(name, self.doc) if written else None
        return {"title": field.label, "cell": cell, "edit": edit}

    def _part_row(self, name: str, field: Parts, part: str) -> Context:
        value = (self.doc.get(name) or {}).get(part)
        cell = text_cell(self.shown.part_text(field, part, value)) if value else None
        edit = self.controls.make(f"{name}.{part}", self.doc) if self.editable and not field.fixed else None
        return {"title": self.shown.part_title(field, part).rstrip(":"), "cell": cell, "edit": edit}


TECHNICAL = N_("Technical fields")
_LEFT_OUT = (
    "stage",
    "pipeline",
    "stage_since",
    "outcome",
    "closed",
    "done",
    "series",
    "series_number",
    "lost_reason",
    "shared",
)


def _is_fact(name: str, field: Field[Any], noun: Noun) -> bool:
    if name == noun.entity.naming:
        return False
    named = name in ("owner", "company", "expected_close", "probability", "about", "due", "position", "role")
    return named or (isinstance(field, MoneyField) and field.listed) or (name == "status" and isinstance(field, Choice))

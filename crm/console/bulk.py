"""The same with several records of a list: asked about first, then done as one change set with one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.controls import control, options
from crm.console.lists import noun_of
from crm.console.roads import LOST, road_of
from crm.console.routes import action
from crm.console.visit import Done, View
from crm.errors import InvalidValue, Refused, WrongUsage
from crm.locale import _, ngettext

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit
    from crm.model.record import Record
    from crm.sales.noun import Noun

SHOWN, MOST = 10, 1000


@action("/<plural:re:[a-z_]+>/bulk")
def bulk(visit: Visit, plural: str) -> Answer:
    """Ask about, then do, the same with the marked records."""
    noun = noun_of(visit, plural)
    wish = Wish(visit, noun)
    if not visit.form.get("sure"):
        return wish.question()
    with visit.crm.transaction(f"{noun.name} {wish.verb}"):
        for record in wish.records:
            wish.do(record)
    return Done(wish.said())


class Wish:
    """What is wished to be done with which records."""

    def __init__(self, visit: Visit, noun: Noun) -> None:
        self.visit = visit
        self.noun = noun
        self.collection = visit.crm.collection(noun.name)
        self.verb = visit.form.get("do")
        self.choice = visit.form.get(self.verb) if self.verb else ""
        self.value = visit.form.get("value").strip()
        self.records: list[Record] = self._marked()
        self._check()

    def _marked(self) -> list[Record]:
        ids = dict.fromkeys(self.visit.form.all("ids"))
        if not ids:
            raise WrongUsage(_("No records are marked."), _("Mark some in the list."))
        if len(ids) > MOST:
            raise WrongUsage(_("Too many records are marked."), _("At most {n} at once.").format(n=MOST))
        return [self.collection.get(one) for one in ids]

    def _check(self) -> None:
        if self.verb not in ("move", "assign", "set", "delete", "restore"):
            raise WrongUsage(_("It is not said what to do."), _("Choose it beneath the list."))
        if self.verb in ("move", "assign", "set") and not self.choice:
            raise InvalidValue(_("Nothing was chosen."), _("Choose a stage, an owner or a field beneath the list."))
        if self.verb == "move":
            self._road(self.records[0]).title(self.choice)
        if self.verb == "set":
            self._written()

    def _written(self) -> Any:
        """Return what the chosen field is going to hold; raise Refused or InvalidValue."""
        field = self.noun.fields.get(self.choice)
        if field is None or field.fixed:
            raise Refused(_("«{field}» is not written by hand.").format(field=self.choice))
        return self.noun.read({self.choice: self.value}, self.visit.crm.customs)[self.choice]

    def _road(self, record: Record) -> Any:
        path = road_of(self.visit.crm, self.noun.name, record.doc)
        if path is None:
            raise WrongUsage(_("«{noun}» has no stages.").format(noun=self.noun.name))
        return path

    def do(self, record: Record) -> None:
        """Do it with one record."""
        match self.verb:
            case "move":
                reason = self.visit.form.get("reason")
                self._road(record).move(record.id, f"{LOST}:{reason}" if self.choice == LOST else self.choice)
            case "assign":
                self.collection.assign(record.id, self.choice)
            case "set":
                changed: dict[str, Any] = {self.choice: self.value}
                self.collection.set(record.id, **changed)
            case "delete":
                self.collection.delete(record.id)
            case "restore":
                self.collection.restore(record.id)

    # --- words -------------------------------------------------------------------------------------------------------

    def _count(self) -> str:
        n = len(self.records)
        return ngettext("{n} record", "{n} records", n).format(n=n)

    def _title(self) -> str:
        titles = {
            "move": _("Move {count}"),
            "assign": _("Assign {count}"),
            "set": _("Change {count}"),
            "delete": _("Delete {count}"),
            "restore": _("Restore {count}"),
        }
        return titles[self.verb].format(count=self._count())

    def said(self) -> str:
        """Return what was done."""
        return f"{self._title()}: {self._after()}" if self._after() else self._title()

    def _after(self) -> str:
        if self.verb == "move":
            return str(self._road(self.records[0]).title(self.choice))
        if self.verb == "assign":
            return self.visit.shown.names.get(self.choice, self.choice)
        if self.verb == "set":
            field = self.noun.fields[self.choice]
            return f"{field.label}: {self.visit.shown.text(field, self._written()) or '—'}"
        return _("trash") if self.verb == "delete" else ""

    def _before(self, record: Record) -> str:
        if self.verb == "move":
            return str(self._road(record).standing(record.doc))
        if self.verb == "set":
            return self.visit.shown.text(self.noun.fields[self.choice], record.doc.get(self.choice)) or "—"
        return self.visit.shown.names.get(record.owner, record.owner) if self.verb == "assign" else ""

    def question(self) -> View:
        """Return the page that asks."""
        rest = len(self.records) - SHOWN
        hidden = [
            ("do", self.verb),
            (self.verb, self.choice),
            ("value", self.value),
            *(("ids", str(one.id)) for one in self.records),
        ]
        made: Context = {
            "title": self._title(),
            "question": _("All of it is one change: one button takes it back."),
            "rows": [self._row(record) for record in self.records[:SHOWN]],
            "rest": _("and {n} more").format(n=rest) if rest > 0 else "",
            "action": self.visit.url.bulk(self.noun.name),
            "hidden": [{"name": name, "value": value} for name, value in hidden],
            "fields": self._reason(),
            "submit": self._title(),
            "danger": self.verb == "delete",
            "rev": "",
            "back": self.visit.back(self.visit.url.list(self.noun.name)),
        }
        return View("confirm.html", made["title"], self.noun.plural, {"confirm": made})

    def _row(self, record: Record) -> Context:
        address = self.visit.url.card(self.noun.name, record.id)
        return {"title": record.label, "address": address, "before": self._before(record), "after": self._after()}

    def _reason(self) -> list[Context]:
        if self.verb != "move" or self.choice != LOST:
            return []
        reasons = [(entry.id, entry.title.text()) for entry in self._road(self.records[0]).reasons.entries]
        return [control("reason", _("Why?"), "select", required=True, options=options(reasons))]

"""The same with several records of a list, the marked ones or all that fit: asked about first, then one change set."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from crm.console.controls import control, options
from crm.console.filters import Filters
from crm.console.forms import Entry
from crm.console.lists import noun_of
from crm.console.roads import LOST, road_of
from crm.console.routes import action
from crm.console.visit import Done, View, Words
from crm.errors import InvalidValue, Refused, WrongUsage
from crm.locale import _, ngettext

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit
    from crm.model.record import Record
    from crm.sales.noun import Noun

SHOWN, MOST = 10, 10_000


@action("/<plural:re:[a-z_]+>/bulk")
def bulk(visit: Visit, plural: str) -> Answer:
    """Ask about, then do, the same with the marked records."""
    noun = noun_of(visit, plural)
    wish = Wish(visit, noun)
    if not visit.form.get("sure") or not wish.settled():
        return wish.question()
    with visit.crm.transaction(f"{noun.name} {wish.verb}"):
        for record in wish.records:
            wish.do(record)
    return Done(wish.said())


class Wish:
    """What is wished to be done with which records; `left` are those that stay as they are, each with its reason."""

    def __init__(self, visit: Visit, noun: Noun) -> None:
        self.visit = visit
        self.noun = noun
        self.collection = visit.crm.collection(noun.name)
        self.verb = visit.form.get("do")
        self.choice = visit.form.get(self.verb) if self.verb else ""
        self.every = bool(visit.form.get("every"))
        self.entry = Entry(visit, noun, {})
        found = self._fitting() if self.every else self._marked()
        self._check(found)
        self.left = {record.id: reason for record in found if (reason := self._hindrance(record))}
        self.records = [record for record in found if record.id not in self.left]
        if not self.records:
            raise Refused(next(iter(self.left.values())), _("Nothing would change."))
        self.value = self._written() if self.verb == "set" else None

    # --- which records -----------------------------------------------------------------------------------------------

    def _marked(self) -> list[Record]:
        ids = dict.fromkeys(self.visit.form.all("ids"))
        return [self.collection.get(one) for one in self._counted(list(ids))]

    def _fitting(self) -> list[Record]:
        """Return what the conditions of the list select, those of other pages too."""
        words = Words(parse_qsl(self.visit.form.get("back").partition("?")[2], keep_blank_values=True))
        filters = Filters(self.visit, self.noun, words)
        found = self.collection.find(filters.query(), sort=filters.sort(), limit=MOST + 1, trashed=filters.trashed)
        return self._counted(list(found))

    def _counted(self, found: list[Any]) -> list[Any]:
        if not found:
            raise WrongUsage(_("No records are marked."), _("Mark some in the list."))
        if len(found) > MOST:
            raise WrongUsage(_("Too many records are marked."), _("At most {n} at once.").format(n=MOST))
        return found

    def _hindrance(self, record: Record) -> str:
        """Return why a record stays as it is, empty where it can be changed."""
        right = "delete" if self.verb in ("delete", "restore") else "edit"
        if not self.visit.crm.guard.may(right, self.noun.name, record.doc):
            return _("your role does not let you change it")
        if self.verb == "move" and not self._road(record).is_open(record.doc):
            return _("it is closed: take it back to work first")
        return ""

    # --- what is wished ----------------------------------------------------------------------------------------------

    def _check(self, found: list[Record]) -> None:
        if self.verb not in ("move", "assign", "set", "delete", "restore"):
            raise WrongUsage(_("It is not said what to do."), _("Choose it beneath the list."))
        if self.verb in ("move", "assign", "set") and not self.choice:
            raise InvalidValue(_("Nothing was chosen."), _("Choose a stage, an owner or a field beneath the list."))
        if self.verb == "move":
            self._road(found[0]).title(self.choice)
        field = self.noun.fields.get(self.choice)
        if self.verb == "set" and (field is None or field.fixed):
            raise Refused(_("«{field}» is not written by hand.").format(field=self.choice))

    def _written(self) -> Any:
        """Return what the chosen field is going to hold; what does not fit is noted in the form."""
        if not self.visit.form.get("sure"):
            return None
        self.entry.read([self.choice])
        return self.entry.value(self.choice)

    def settled(self) -> bool:
        """Tell whether what was asked about is still so: the value fits, and no other records have come meanwhile."""
        asked = self.visit.form.number("seen")
        return not self.entry.errors and (not self.every or asked == len(self.records) + len(self.left))

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
        match self.verb:
            case "set":
                return _("Saved: {title}").format(title=f"{self._count()}. {self._after()}")
            case "delete":
                return _("In the trash: {title}").format(title=self._count())
            case "restore":
                return _("Restored: {title}").format(title=self._count())
        return _("{title} → {stage}").format(title=self._count(), stage=self._after())

    def _after(self) -> str:
        if self.verb == "move":
            return str(self._road(self.records[0]).title(self.choice))
        if self.verb == "assign":
            return self.visit.shown.names.get(self.choice, self.choice)
        if self.verb == "set":
            field = self.noun.fields[self.choice]
            stored = self.noun.read({self.choice: self.value}, self.visit.crm.customs)[self.choice]
            return f"{field.label}: {self.visit.shown.text(field, stored) or '—'}"
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
        made: Context = {
            "title": self._title(),
            "question": " ".join([_("All of it is one change: one button takes it back."), *self._staying()]),
            "rows": [self._row(record) for record in self.records[:SHOWN]],
            "rest": _("and {n} more").format(n=rest) if rest > 0 else "",
            "action": self.visit.url.bulk(self.noun.name),
            "hidden": [{"name": name, "value": value} for name, value in self._kept()],
            "fields": self._fields(),
            "submit": self._title(),
            "danger": self.verb == "delete",
            "rev": "",
            "back": self.visit.back(self.visit.url.list(self.noun.name)),
        }
        return View("confirm.html", made["title"], self.noun.plural, {"confirm": made}, status=self.entry.status)

    def _kept(self) -> list[tuple[str, str]]:
        which = [("ids", str(one.id)) for one in self.records]
        if self.every:
            which = [("every", "yes"), ("seen", str(len(self.records) + len(self.left)))]
        return [("do", self.verb), (self.verb, self.choice), *which]

    def _staying(self) -> list[str]:
        """Return how many records stay as they are, and why."""
        counted = Counter(self.left.values())
        return [
            ngettext("{n} record stays as it is: {reason}.", "{n} records stay as they are: {reason}.", n).format(
                n=n, reason=reason
            )
            for reason, n in counted.items()
        ]

    def _row(self, record: Record) -> Context:
        address = self.visit.url.card(self.noun.name, record.id)
        after = "" if self.verb == "set" else self._after()
        return {"title": record.label, "address": address, "before": self._before(record), "after": after}

    def _fields(self) -> list[Context]:
        if self.verb == "set":
            made = self.entry.controls.make(self.choice, {}, self.entry.typed.get(self.choice))
            hint = " ".join(filter(None, (made["hint"], _("Empty clears the field."))))
            return [{**made, "required": False, "hint": hint, "error": self.entry.errors.get(self.choice, "")}]
        return self._reason()

    def _reason(self) -> list[Context]:
        if self.verb != "move" or self.choice != LOST:
            return []
        reasons = [(entry.id, entry.title.text()) for entry in self._road(self.records[0]).reasons.entries]
        return [control("reason", _("Why?"), "select", required=True, options=options(reasons))]

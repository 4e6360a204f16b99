"""The board: deals or leads of one pipeline in a column per stage, with what a seller must see of each at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.board_filters import BoardFilters
from crm.console.controls import control
from crm.console.panels import marks
from crm.console.roads import Road, road
from crm.console.routes import page
from crm.console.views import views
from crm.console.visit import Plain, View
from crm.errors import InvalidValue, NotFound, WrongUsage
from crm.locale import N_, _, ngettext
from crm.model.field_dates import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.console.shown import Shown
    from crm.console.visit import Context, Visit
    from crm.model.activity import Activity
    from crm.model.fields import Doc
    from crm.model.pipeline import Stage
    from crm.model.record import Record
    from crm.sales.collection import Group
    from crm.store.query import QueryLike

PER_COLUMN, MOST = 50, 1000
_SORTS = {
    "-updated": N_("Newest first"),
    "-amount": N_("Largest first"),
    "stage_since": N_("Longest in the stage first"),
    "expected_close": N_("Closing soonest first"),
}
_MOMENT = Moment()
ICONS = {"call": "call", "meeting": "meeting", "letter": "letter", "invoice": "invoice"}


@page("/board/<kind>")
def first_board(visit: Visit, kind: str) -> View:
    """Show the board of the first pipeline of a kind."""
    return board(visit, kind, "")


@page("/changes")
def changes(visit: Visit) -> Plain:
    """Tell the number of the last change, and whether it is another than the one that the page shows."""
    number = visit.crm.store.number
    return Plain({"number": number, "changed": number != (visit.query.number("after") or 0)})


@page("/board/<kind>/<pipeline>")
def board(visit: Visit, kind: str, pipeline: str) -> View:
    """Show a board."""
    path = road(visit.crm, kind, "" if kind == "lead" else pipeline)
    if path is None:
        raise NotFound(_("There is no board of «{noun}».").format(noun=kind), _("Boards show deals and leads."))
    shown = Board(visit, path)
    try:
        made = shown.context()
    except (InvalidValue, WrongUsage) as error:
        shown.filters.let_faulty_go(error)
        made = shown.context()
    faults = shown.filters.faults
    data = {"message": " ".join(faults), "remedy": ""} if faults else None
    return View("board.html", made["title"], f"{kind}s", {"board": made}, data=data, status=422 if faults else 200)


class Board:
    """One board as one person sees it."""

    def __init__(self, visit: Visit, path: Road) -> None:
        self.visit = visit
        self.crm = visit.crm
        self.shown: Shown = visit.shown
        self.url = visit.url
        self.road = path
        self.kind = path.kind
        self.noun = visit.crm.nouns[path.kind]
        self.records = visit.crm.collection(path.kind)
        self.pipeline = path.ladder.id
        self.filters = BoardFilters(visit, self.noun, self.pipeline)
        self.shows = {name: value for name, value in visit.query.without().items() if name.partition("_")[0] == "show"}
        self.next: dict[str, Activity] = {}
        self.brought: dict[str, list[Context]] = {}

    def context(self) -> Context:
        """Return what `board.html` shows."""
        self.crm.guard.check("read", self.kind, None)
        query = self._query()
        groups = self.records.totals("stage", money="amount", query=query)
        held = {group.by[0] for group in groups}
        docs = {stage.id: self._docs(query, stage) if stage.id in held else [] for stage in self.road.ladder.stages}
        self._look_up([doc for column in docs.values() for doc in column])
        stages = self.road.ladder.stages
        return {
            "kind": self.kind,
            "title": self.noun.entity.many(),
            "pipeline": self.pipeline,
            "address": self._address(**self.shows),
            "number": self.crm.store.number,
            "movable": bool(self.crm.guard.may("edit", self.kind, None)),
            "pipelines": self._pipelines(),
            "table": self._table(),
            "total": self._total(groups),
            "filters": self.filters.row(self._sort_titles(), self._sort()),
            "builder": self.filters.builder(),
            "chips": self.filters.chips(),
            "faults": self.filters.faults,
            "new_stage": self._new_stage(),
            "filtered": bool(self.filters.conditions()),
            "unfiltered": self.url.board(self.kind, self.pipeline),
            "views": views(self.visit, self._address()),
            "quick": self._quick(),
            "add": self._add(),
            "columns": [self._column(place, stage, groups, docs[stage.id]) for place, stage in enumerate(stages, 1)],
            "closings": self.road.closings(),
            "empty": self._empty(groups),
        }

    # --- reading -----------------------------------------------------------------------------------------------------

    def _query(self) -> QueryLike:
        asked = self.filters.query(tabs=False)
        return self.road.open if asked is None else self.road.open & asked

    def _docs(self, query: Any, stage: Stage) -> list[Doc]:
        found: Iterable[Record] = self.records.find(
            query & (where("stage") == stage.id), sort=self._sort(), limit=self._limit(stage)
        )
        return [record.doc for record in found]

    def _limit(self, stage: Stage) -> int:
        """Return how many cards of a column are shown: `show` says it for all columns, `show_<stage>` for one."""
        number = self.visit.query.number
        return min(number(f"show_{stage.id}") or number("show") or PER_COLUMN, MOST)

    def _sort(self) -> str:
        wanted = self.filters.asked.get("sort", "")
        return wanted if wanted in self._sorts() else "-updated"

    def _sorts(self) -> dict[str, str]:
        return {name: title for name, title in _SORTS.items() if name.lstrip("-") in self.noun.fields}

    def _look_up(self, docs: list[Doc]) -> None:
        """Read what cards show of other records: names of clients, the next activity of each; one query a noun."""
        self.shown.load(doc["company"] for doc in docs if doc.get("company"))
        self.shown.load(doc["contacts"][0] for doc in docs if doc.get("contacts"))
        refs = [f"{self.kind}/{doc['id']}" for doc in docs]
        pending = ~(where("done") == True)  # noqa: E712 - a query, not a comparison
        for activity in self.crm.activities.holding("about", refs, pending):
            ref = activity.doc["about"]
            if ref not in self.next or _due(activity) < _due(self.next[ref]):
                self.next[ref] = activity
        self.brought = marks(self.visit, self.kind, [self.records.record(doc) for doc in docs])

    # --- showing -----------------------------------------------------------------------------------------------------

    def _address(self, /, **more: object) -> str:
        return self.filters.address(**more)

    def _table(self) -> str:
        kept = {
            name: value for name, value in self.filters.asked.items() if name not in ("sort", "columns", "pipeline")
        }
        if self.kind == "deal":
            kept |= {"pipeline": self.pipeline, "outcome": "open"}
        return self.url.list(self.kind, **kept)

    def _pipelines(self) -> list[Context]:
        if self.kind != "deal":
            return []
        return [
            {"title": one.title.text(), "address": self.url.board("deal", one.id), "current": one.id == self.pipeline}
            for one in self.crm.settings.pipelines
        ]

    def _total(self, groups: list[Group]) -> Context:
        count = sum(group.count for group in groups)
        return {
            "count": counted(self.kind, count),
            "sum": self._sum(groups) if any(group.minor for group in groups) else "",
        }

    def _sum(self, groups: Iterable[Group]) -> str:
        return self.shown.total((group.currency, group.minor) for group in groups)

    def _sort_titles(self) -> dict[str, str]:
        return {name: _(title) for name, title in self._sorts().items()}

    def _new_stage(self) -> Context | None:
        """Return where a stage is added (P3), for who may change settings."""
        if not self.crm.guard.may("settings", "workspace", None):
            return None
        return {"action": self.url.settings(f"items/pipeline.{self.pipeline}")}

    def _quick(self) -> Context | None:
        if not self.crm.guard.may("create", self.kind, None):
            return None
        title = _("Title") if self.kind == "deal" else _("Name")
        client = [control("name", _("Contact name"))] if self.kind == "deal" else []
        fields = [
            control("title", title, required=True),
            *client,
            control("contact", _("Phone or e-mail")),
            control("amount", _("Amount"), "decimal"),
        ]
        return {"title": _("Quick deal") if self.kind == "deal" else _("Quick lead"), "fields": fields}

    def _add(self) -> Context | None:
        if not self.crm.guard.may("create", self.kind, None):
            return None
        pipeline = self.pipeline if self.kind == "deal" else ""
        title = _("New deal") if self.kind == "deal" else _("New lead")
        return {"title": title, "address": self.url.add(self.kind, pipeline=pipeline, back=self._address())}

    def _empty(self, groups: list[Group]) -> Context | None:
        if groups or self.filters.conditions() or self.records.count():
            return None
        return {
            "title": _("Nothing here yet"),
            "text": _("Add the first one with «+» in a column, or take a request above."),
            "command": f"crm {self.kind} add «…»",
        }

    def _column(self, place: int, stage: Stage, groups: list[Group], docs: list[Doc]) -> Context:
        mine = [group for group in groups if group.by[0] == stage.id]
        count = sum(group.count for group in mine)
        rest = count - len(docs)
        more = {"count": figure(rest), "address": self._further(stage, len(docs))} if rest > 0 else None
        return {
            "value": stage.id,
            "title": stage.title.text(),
            "step": place,
            "of": len(self.road.ladder.stages),
            "count": figure(count),
            "sum": self._sum(mine) if any(group.minor for group in mine) else "",
            "cards": [self._card(doc, stage) for doc in docs],
            "more": more,
        }

    def _further(self, stage: Stage, shown: int) -> str:
        """Return the address of the board with more of a column; beyond what a board can show, of its list."""
        if shown < MOST:
            return self._address(**{**self.shows, f"show_{stage.id}": min(self._limit(stage) + PER_COLUMN, MOST)})
        return self.url.list(self.kind, stage=stage.id, **({"pipeline": self.pipeline} if self.kind == "deal" else {}))

    def _card(self, doc: Doc, stage: Stage) -> Context:
        since = _MOMENT.value(doc.get("stage_since") or doc["created"])
        age = self.shown.clock.age(since or self.shown.clock.today)
        late = _lateness(age["days"], stage.norm_days)
        activity = self.next.get(f"{self.kind}/{doc['id']}")
        return {
            "id": doc["id"],
            "rev": doc["rev"],
            "address": self.url.card(self.kind, doc["id"]),
            "title": str(doc.get(self.noun.entity.naming, "")),
            "who": self._who(doc),
            "amount": self.shown.money(doc.get("amount")),
            "owner": self.shown.person(doc.get("owner", "")),
            "age": age,
            "age_tone": late,
            "next": self._next(activity),
            "marks": self._marks(doc, stage, late),
        }

    def _who(self, doc: Doc) -> str:
        if self.kind == "deal":
            refs = [doc.get("company"), *(doc.get("contacts") or [])[:1]]
            return " · ".join(self.shown.label(ref) for ref in refs if ref)
        return " · ".join(filter(None, (doc.get("company_name"), doc.get("contact_name"))))

    def _next(self, activity: Activity | None) -> Context:
        if activity is None:
            return {"icon": "warn", "when": None, "text": _("no activities"), "tone": "warn"}
        due = activity.due
        overdue = due is not None and self.shown.clock.day(due) < self.shown.clock.today
        return {
            "icon": ICONS.get(activity.kind, "task"),
            "when": self.shown.clock.moment(due) if due is not None else None,
            "text": activity.subject,
            "tone": "bad" if overdue else "",
        }

    def _marks(self, doc: Doc, stage: Stage, late: str) -> list[Context]:
        own = []
        if late == "bad":
            text = _("Longer in the stage than its norm of {n} d").format(n=stage.norm_days)
            own.append({"icon": "flag", "tone": "bad", "text": text})
        if self.kind == "deal" and not doc.get("amount"):
            own.append({"icon": "payment", "tone": "warn", "text": _("No amount")})
        return own + self.brought.get(f"{self.kind}/{doc['id']}", [])


def _due(activity: Activity) -> str:
    return str(activity.doc.get("due") or "9")


def _lateness(days: int, norm: int | None) -> str:
    """Return the tone of an age: bad beyond the norm of the stage, a warning in its last third."""
    if norm is None:
        return ""
    return "bad" if days > norm else "warn" if days * 3 > norm * 2 else ""


def counted(kind: str, count: int) -> str:
    """Return «212 сделок»."""
    match kind:
        case "deal":
            text = ngettext("{n} deal", "{n} deals", count)
        case "lead":
            text = ngettext("{n} lead", "{n} leads", count)
        case "activity":
            text = ngettext("{n} activity", "{n} activities", count)
        case _:
            text = ngettext("{n} record", "{n} records", count)
    return text.format(n=figure(count))


def figure(count: int) -> str:
    """Return «10 004»."""
    return f"{count:,}".replace(",", "\u00a0")

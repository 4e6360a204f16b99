"""The filters of a list: what the words of an address mean, as a query, as controls, and as chips to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.controls import Controls, control, options
from crm.locale import _
from crm.model.field_parts import Items, Parts
from crm.model.fields import Choice, Ref
from crm.sales.filtering import parse
from crm.store.query import contains

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit, Words
    from crm.sales.collection import Group
    from crm.sales.noun import Noun

KEPT = ("sort", "outcome", "done", "trash", "pipeline", "columns")
"""Words of an address that are not filters: the order, the tab, the pipeline, the columns."""


SHARED = "~shared"
"""What stands for an owner where the deals that others share are asked for; no login begins so."""
_SIGNS = ("=", "!=", ">", ">=", "<", "<=", "~", "is empty", "is not empty")
_BUILT = ("field", "sign", "value")
"""Words of the form that makes a condition by clicking."""


def _asked(query: Words) -> dict[str, str]:
    """Return the words of a list's address; a condition made by clicking is added to the one in words."""
    asked = query.without("page", "back", *_BUILT)
    if "columns" in asked:
        asked["columns"] = ",".join(query.all("columns"))
    made = _clicked(query)
    if made:
        asked["where"] = f"({asked['where']}) and {made}" if asked.get("where") else made
    return asked


def _clicked(query: Words) -> str:
    name, sign, value = (query.get(word).strip() for word in _BUILT)
    if not name or sign not in _SIGNS:
        return ""
    if sign.startswith("is"):
        return f"{name} {sign}"
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name} {sign} "{quoted}"'


class Filters:
    """The filters of one list, as the address says them."""

    def __init__(self, visit: Visit, noun: Noun) -> None:
        self.visit = visit
        self.crm = visit.crm
        self.shown = visit.shown
        self.url = visit.url
        self.noun = noun
        self.asked = _asked(visit.query)
        self.trashed = "trash" in self.asked

    def conditions(self) -> list[str]:
        """Return the names of the filters in force, without order and tabs."""
        return [
            name for name in self.asked if name not in KEPT and (name in ("text", "where") or name in self.noun.fields)
        ]

    def query(self, *, tabs: bool = True) -> Any:
        """Return the query of the filters in force, with the tab or without; None for everything."""
        parts = [self._condition(name) for name in self.conditions()]
        if "pipeline" in self.noun.fields and self.asked.get("pipeline"):
            parts.append(where("pipeline") == self.asked["pipeline"])
        if tabs:
            parts += self._tab_query()
        query = None
        for part in parts:
            query = part if query is None else query & part
        return query

    def _condition(self, name: str) -> Any:
        value = self.asked[name]
        if name == "where":
            return parse(self.crm, self.noun, value)
        if name == "text":
            return having_text(self.noun, value)
        if name == "owner" and value == SHARED:
            return where("shared").any([self.crm.actor])
        if name == "owner":
            return where("owner") == (self.crm.actor if value == "me" else value)
        field = self.noun.fields[name]
        if isinstance(field, Choice) and value in ("converted", "rejected"):
            return where(name) == value
        return where(name) == field.parse(value, self.crm.customs)

    def tab(self) -> str:
        """Return the field that divides the list into tabs, empty for none."""
        return {"deal": "outcome", "activity": "done"}.get(self.noun.name, "")

    def _tab_query(self) -> list[Any]:
        value = self.asked.get(self.tab(), "")
        if self.noun.name == "deal" and value in ("open", "won", "lost"):
            return [~where("outcome").exists() if value == "open" else where("outcome") == value]
        if self.noun.name == "activity" and value in ("yes", "no"):
            return [where("done") == True if value == "yes" else ~where("done").exists()]  # noqa: E712 - a query
        return []

    def in_tab(self, group: Group) -> bool:
        """Tell whether a group of totals by that field belongs to the tab in force."""
        value = self.asked.get(self.tab(), "")
        if not self.tab() or not value:
            return True
        held = group.by[0]
        return bool({"open": not held, "no": not held, "yes": bool(held)}.get(value, held == value))

    def sort(self) -> str:
        """Return the order."""
        wanted = self.asked.get("sort", "")
        name = wanted.removeprefix("-")
        return wanted if name in self.noun.fields and self.sortable(name) else self._default_sort()

    def _default_sort(self) -> str:
        return "due" if self.noun.name == "activity" else "-updated"

    def sortable(self, name: str) -> bool:
        """Tell whether a list can be in the order of a field."""
        field = self.noun.fields[name]
        return field.sort not in ("list", "parts", "items") and not isinstance(field, Ref)

    def address(self, **more: object) -> str:
        """Return the address of the list with some words of it changed."""
        return self.url.list(self.noun.name, **{**self.asked, **more})

    def owners(self) -> list[Context]:
        """Return the choice of owners; of deals also those that others share with who asks."""
        shared = [(SHARED, _("Shared with me"))] if "shared" in self.noun.fields else []
        chosen = list(filter(None, [self.asked.get("owner", "")]))
        return options([*self.shown.active.items(), *shared], chosen, _("All owners"))

    def controls(self) -> list[Context]:
        """Return the controls of the filters."""
        found = [control("text", self.noun.fields[self.noun.entity.naming].label, value=self.asked.get("text", ""))]
        for name, field in self.noun.fields.items():
            if name == "owner" and self.shown.active:
                found.append(control("owner", _("Owner"), "select", options=self.owners()))
            elif isinstance(field, Choice) and field.listed and name not in (self.tab(), "pipeline"):
                found.append(self._choice_filter(name, field))
        return found

    def builder(self) -> Context:
        """Return the form that makes a condition by clicking: a field, a sign, a value."""
        fields = [
            (name, field.label) for name, field in self.noun.fields.items() if not isinstance(field, Items | Parts)
        ]
        signs = [
            ("=", _("is")), ("!=", _("is not")), (">", _("more than")), (">=", _("at least")), ("<", _("less than")),
            ("<=", _("at most")), ("~", _("contains")), ("is empty", _("is empty")),
            ("is not empty", _("is not empty")),
        ]  # fmt: skip
        return {"carried": self._carried(), "fields": options(fields), "signs": options(signs), "values": []}

    def _carried(self, *left_out: str) -> list[Context]:
        return [{"name": name, "value": value} for name, value in self.asked.items() if name not in left_out]

    def _choice_filter(self, name: str, field: Choice) -> Context:
        pairs = Controls(self.shown, self.noun).choices(field)
        if field.dictionary == "stages" and self.asked.get("pipeline"):
            stages = self.crm.settings.pipeline(self.asked["pipeline"]).stages
            pairs = [(stage.id, stage.title.text()) for stage in stages]
        if field.dictionary == "lead_stages":
            pairs += [(end, self.shown.choice(field, end)) for end in ("converted", "rejected")]
        listed = options(pairs, [self.asked.get(name, "")], _("{field}: any").format(field=field.label))
        return control(name, field.label, "select", options=listed)

    def chips(self) -> list[Context]:
        """Return the filters in force, each with the address of the list without it."""
        chips = []
        for name in self.conditions():
            value = self.asked[name]
            title = value if name == "where" else f"{self._filter_title(name)}: {self._filter_text(name, value)}"
            chips.append({"title": title, "address": self.address(**{name: ""})})
        return chips

    def _filter_title(self, name: str) -> str:
        return self.noun.fields[self.noun.entity.naming if name == "text" else name].label

    def _filter_text(self, name: str, value: str) -> str:
        if name == "text":
            return f"«{value}»"
        if name == "owner":
            return _("Shared with me") if value == SHARED else self.shown.names.get(value, value)
        field = self.noun.fields[name]
        return self.shown.choice(field, value) if isinstance(field, Choice) else value


def having_text(noun: Noun, text: str) -> Any:
    """Return the query of the records whose name has a text in it, whatever the case."""
    name: Any = where(noun.entity.naming)
    return name.test(contains, text.strip().casefold())

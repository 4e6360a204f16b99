"""The filters of a list: what the words of an address mean, as a query, as controls, and as chips to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.conditions import BUILT, apart, builder, clicked, said, together
from crm.console.controls import Controls, control, options
from crm.errors import CrmError
from crm.locale import _
from crm.model.fields import Choice, Ref
from crm.sales.filtering import parse
from crm.store.query import contains
from crm.store.search import candidates

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit, Words
    from crm.sales.collection import Group
    from crm.sales.noun import Noun

MOST = 500
"""Records that are named one by one where the words are known that they have."""
KEPT = ("sort", "outcome", "done", "trash", "pipeline", "columns")
"""Words of an address that are not filters: the order, the tab, the pipeline, the columns."""


SHARED = "~shared"
"""What stands for an owner where the deals that others share are asked for; no login begins so."""


def _asked(query: Words) -> dict[str, str]:
    """Return the words of a list's address; a condition made by clicking is added to the one in words."""
    asked = query.without("page", "back", *BUILT)
    if "columns" in asked:
        asked["columns"] = ",".join(query.all("columns"))
    made = clicked(query)
    if made:
        asked["where"] = together(asked.get("where", ""), made)
    return asked


class Filters:
    """The filters of one list, as the address says them."""

    def __init__(self, visit: Visit, noun: Noun, words: Words | None = None) -> None:
        self.visit = visit
        self.crm = visit.crm
        self.shown = visit.shown
        self.url = visit.url
        self.noun = noun
        self.asked = _asked(words or visit.query)
        self.trashed = "trash" in self.asked
        self.faults: list[str] = []

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
        return self._condition_of(name, self.asked[name])

    def _condition_of(self, name: str, value: str) -> Any:
        if name == "where":
            return parse(self.crm, self.noun, value)
        if name == "text":
            return self.having_text(value)
        if name == "owner" and value == SHARED:
            return where("shared").any([self.crm.actor])
        if name == "owner":
            return where("owner") == (self.crm.actor if value == "me" else value)
        field = self.noun.fields[name]
        if isinstance(field, Choice) and value in ("converted", "rejected"):
            return where(name) == value
        return where(name) == field.parse(value, self.crm.customs)

    def having_text(self, text: str) -> Any:
        """Return the query of the records whose name has a text in it, whatever the case."""
        folded = text.strip().casefold()
        name: Any = where(self.noun.entity.naming)
        query = name.test(contains, folded)
        if self.trashed or not self.noun.fields[self.noun.entity.naming].search:
            return query
        ids = candidates(self.crm.store, self.noun.name, folded, MOST)
        return query if ids is None else query & where("id").one_of(ids)

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

    def address(self, /, **more: object) -> str:
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
        """Return the form that makes a condition by clicking; with what was typed where it did not fit."""
        typed = {word: self.visit.query.get(word) for word in BUILT} if self.faults else {}
        return builder(self.shown, self.noun, self._carried(), typed)

    def let_faulty_go(self, error: CrmError) -> None:
        """Leave out the conditions that cannot be read, and keep what is wrong with them; raise where none is."""
        for name in self.conditions():
            parts = apart(self.asked[name]) if name == "where" else [self.asked[name]]
            good = [part for part in parts if self._readable(name, part)]
            self.asked |= {name: together(*good) if name == "where" else "".join(good)}
        self.asked = {name: value for name, value in self.asked.items() if value}
        if not self.faults:
            raise error

    def _readable(self, name: str, value: str) -> bool:
        try:
            self._condition_of(name, value)
        except CrmError as error:
            self.faults.append(self._titled(str(error)))
            return False
        return True

    def _titled(self, text: str) -> str:
        """Return a sentence with the names of fields as the console calls them."""
        for name, field in self.noun.fields.items():
            for before, after in ("«»", "“”"):
                text = text.replace(before + name + after, before + field.label + after)
        return text

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
            if name == "where":
                chips += self._condition_chips(apart(value))
                continue
            title = f"{self._filter_title(name)}: {self._filter_text(name, value)}"
            chips.append({"title": title, "address": self.address(**{name: ""})})
        return chips

    def _condition_chips(self, parts: list[str]) -> list[Context]:
        return [
            {
                "title": said(self.shown, self.noun, part),
                "address": self.address(where=together(*parts[:place], *parts[place + 1 :])),
            }
            for place, part in enumerate(parts)
        ]

    def _filter_title(self, name: str) -> str:
        return self.noun.fields[self.noun.entity.naming if name == "text" else name].label

    def _filter_text(self, name: str, value: str) -> str:
        if name == "text":
            return f"«{value}»"
        if name == "owner":
            return _("Shared with me") if value == SHARED else self.shown.names.get(value, value)
        field = self.noun.fields[name]
        return self.shown.choice(field, value) if isinstance(field, Choice) else value

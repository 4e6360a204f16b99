"""Doing what a rule says to one record: plan an activity, set fields, move, assign, start a process, make a paper."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import Refused
from crm.locale import _
from crm.plugins.automation.rule import Assignment, NewActivity
from crm.sales.collection import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.record import Record
    from crm.plugins.automation.rule import Action, Rule
    from crm.workspace import Workspace

_PLACE = re.compile(r"\{(\w+)\}")


def act(crm: Workspace, rule: Rule, record: Record) -> None:
    """Do the actions of a rule, in their order; the record is read anew before each."""
    for action in rule.then:
        _DEEDS[action.kind](crm, crm.record(record.ref), action)


def subject_of(crm: Workspace, record: Record) -> Record:
    """Return what a record is about in sales: its deal where it has one, else itself."""
    from crm.plugins.goals.reaching import deal_of

    return record if record.noun in ("deal", "lead") else deal_of(crm, record) or record


def _plan(crm: Workspace, record: Record, action: Action) -> None:
    what: NewActivity = action.what
    about = subject_of(crm, record)
    crm.activities.add(
        kind=what.kind,
        subject=_PLACE.sub(lambda match: _shown(record, match[1]), what.subject),
        about=about.ref,
        due=crm.today() + timedelta(days=what.days),
        owner=what.owner or about.doc.get("owner") or record.doc.get("owner") or crm.actor,
    )


def _shown(record: Record, name: str) -> str:
    value = record.label if name == "label" else record.doc.get(name, "")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _set(crm: Workspace, record: Record, action: Action) -> None:
    values: Mapping[str, str] = action.what
    crm.collection(record.noun).set(record.id, *(Edit(name, "=", value) for name, value in values.items()))


def _move(crm: Workspace, record: Record, action: Action) -> None:
    target = subject_of(crm, record)
    if target.noun not in ("deal", "lead"):
        raise Refused(_("{ref} has no deal that could be moved.").format(ref=record.ref))
    if target.doc.get("outcome"):
        raise Refused(_("{ref} is closed.").format(ref=target.ref))
    collection: Any = crm.collection(target.noun)
    if target.doc.get("stage") != action.what:
        collection.move(target.id, action.what)


def _assign(crm: Workspace, record: Record, action: Action) -> None:
    what: Assignment = action.what
    among = what.people(record.doc.get(what.field)) if what.field else what.to
    people = [login for login in among if _works_here(crm, login)] or [
        login for login in what.to if _works_here(crm, login)
    ]
    if not people:
        raise Refused(
            _("None of {people} works here any more.").format(people=", ".join(what.to)),
            _("Name somebody else in config/rules.yaml."),
        )
    owner = _next(crm, record, people) if what.by == "turn" else _least_busy(crm, record.noun, people)
    if record.doc.get("owner") != owner:
        crm.collection(record.noun).set(record.id, owner=owner)


def _works_here(crm: Workspace, login: str) -> bool:
    user = crm.users.by_login(login)
    return user.active if user is not None else crm.users.count() == 0


def _next(crm: Workspace, record: Record, people: list[str]) -> str:
    """Return whose turn it is: who follows the one that got the record before this one."""
    from tinydb.queries import where

    earlier: Any = where("owner").one_of(people) & (where("id") < record.id)
    last = next(iter(crm.collection(record.noun).find(earlier, sort="-id", limit=1)), None)
    return people[(people.index(last.doc["owner"]) + 1) % len(people)] if last else people[0]


def _least_busy(crm: Workspace, noun: str, people: list[str]) -> str:
    """Return who has the fewest open records of a noun, the first named of equals."""
    from tinydb.queries import where

    open_ones: dict[str, Any] = {
        "deal": ~where("outcome").exists(),
        "lead": ~where("stage").one_of(["converted", "rejected"]),
        "activity": ~(where("done") == True),  # noqa: E712 - a query
    }
    groups = crm.collection(noun).totals("owner", query=open_ones.get(noun))
    counted = {str(group.by[0]): group.count for group in groups}
    return min(people, key=lambda login: counted.get(login, 0))


def _start(crm: Workspace, record: Record, action: Action) -> None:
    processes: Any = crm.collection("process")
    processes.start(action.what, subject_of(crm, record).ref)


def _document(crm: Workspace, record: Record, action: Action) -> None:
    invoice = record.ref if record.noun == "invoice" else record.doc.get("invoice")
    if not invoice:
        raise Refused(_("{ref} has no invoice that a document could be made from.").format(ref=record.ref))
    crm.collection("document").add(kind=action.what, invoice=invoice)


_DEEDS = {
    "activity": _plan,
    "set": _set,
    "move": _move,
    "assign": _assign,
    "process": _start,
    "document": _document,
}

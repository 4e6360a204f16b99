"""People named in a comment as `@login`: each gets a task for today; the name stands out in the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm.locale import _

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.model.record import Record

_MENTION = re.compile(r"(?<![\w.@])@([\w.-]*\w)")
_LONGEST = 80


def mentioned(visit: Visit, text: str) -> list[str]:
    """Return the logins of the people a text names, each once; who writes is not told of oneself."""
    people = {login.casefold(): login for login in visit.shown.active}
    named = dict.fromkeys(people.get(word.casefold(), "") for word in _MENTION.findall(text))
    return [login for login in named if login and login != visit.crm.actor]


def tell(visit: Visit, record: Record, text: str) -> list[str]:
    """Add a task for each person that a comment on a record names; return their names."""
    told = mentioned(visit, text)
    short = text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"
    subject = _("{who} in a comment: {text}").format(
        who=visit.shown.names.get(visit.crm.actor, visit.crm.actor), text=short
    )
    for login in told:
        values: dict[str, Any] = {"kind": "task", "subject": subject.replace("\n", " "), "about": record.ref}
        visit.crm.activities.add(**values, owner=login, due=visit.crm.today().isoformat())
    return [visit.shown.names.get(login, login) for login in told]


def pieces(visit: Visit, text: str) -> list[Context]:
    """Return a text in pieces; a piece with a name is a mention of that person."""
    people = {login.casefold(): name for login, name in visit.shown.names.items()}
    made, end = [], 0
    for found in _MENTION.finditer(text):
        name = people.get(found[1].casefold())
        if name:
            made += [{"text": text[end : found.start()], "name": ""}, {"text": found[0], "name": name}]
            end = found.end()
    return [one for one in [*made, {"text": text[end:], "name": ""}] if one["text"]]

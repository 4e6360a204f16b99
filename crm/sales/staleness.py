"""Edits made from an old revision: other fields merge, a field that someone changed meanwhile is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import Conflict
from crm.locale import _
from crm.store import history

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.desk import Desk


def refuse_stale(crm: Desk, noun: str, stored: Doc, rev: int, fields: Doc) -> None:
    """Raise Conflict, with both values, for a field that was changed since revision `rev` to something else."""
    ref = f"{noun}/{stored['id']}"
    if rev > stored["rev"]:
        raise Conflict(_("There is no revision {rev} of {ref}.").format(rev=rev, ref=ref))
    if rev == stored["rev"]:
        return
    old = history.changed_since(crm.store, noun, stored["id"], rev)
    for name in fields:
        if name in old and fields[name] != stored.get(name):
            raise Conflict(
                _("{ref}: «{field}» was changed meanwhile: it is «{theirs}» now, you wrote «{yours}».").format(
                    ref=ref, field=name, theirs=_text(stored.get(name)), yours=_text(fields[name])
                ),
                _("Look at the record and repeat with --rev {rev}.").format(rev=stored["rev"]),
            )


def _text(value: Any) -> str:
    """Return a JSON value as people write it; an absent one is a dash."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return " ".join(_text(part) for part in value.values())
    if isinstance(value, list):
        return ", ".join(_text(part.get("name", part)) if isinstance(part, dict) else _text(part) for part in value)
    return str(value)

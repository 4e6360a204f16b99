"""Filters of lists: `--where` texts and `--stage`, `--owner` … options become one TinyDB query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.model.fields import Choice, Ref

if TYPE_CHECKING:
    from crm.sales.noun import Noun
    from crm.store.query import QueryLike
    from crm.workspace import Workspace


def query_of(crm: Workspace, noun: Noun, texts: tuple[str, ...], equal: dict[str, Any]) -> QueryLike | None:
    """Return the query of all conditions together, None without any.

    A deal that is closed stands in no stage: `--stage` means open deals, unless `--outcome` says otherwise.
    """
    if noun.name == "deal" and equal.get("stage") and equal.get("outcome") is None:
        equal = {**equal, **_open_in(crm, equal["stage"])}
    parts: list[Any] = [_parsed(crm, noun, text) for text in texts]
    parts += [_equal(crm, noun, name, value) for name, value in equal.items() if value is not None]
    query = None
    for part in parts:
        query = part if query is None else query & part
    return query


def _open_in(crm: Workspace, stage: str) -> dict[str, Any]:
    if stage in ("won", "lost") and not any(one.id == stage for path in crm.settings.pipelines for one in path.stages):
        return {"stage": None, "outcome": stage}
    return {"outcome": "open"}


def _parsed(crm: Workspace, noun: Noun, text: str) -> Any:
    from crm.sales.filtering import parse

    return parse(crm, noun, text)


def _equal(crm: Workspace, noun: Noun, name: str, value: str) -> Any:
    from tinydb.queries import where

    field = noun.fields[name]
    if name == "owner":
        return where("owner") == (crm.actor if value == "me" else value)
    if name == "outcome" and value in ("", "open"):
        return ~where("outcome").exists()
    if isinstance(field, Choice) or (isinstance(field, Ref) and field.kind):
        stored = field.parse(value, crm.customs) if value not in ("rejected", "converted") else value
        return where(name) == stored
    return where(name) == value

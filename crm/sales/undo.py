"""Undo and redo of any change set: by last, by number, by record; an import or a bulk command is one.

A change set is undone together with what plugins did because of it. Undo is refused when later changes depend on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.errors import NotFound, Refused
from crm.locale import _
from crm.store import history

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.desk import Desk
    from crm.store.draft import Draft
    from crm.store.journal import Change, Line


class Undone(NamedTuple):
    """What an undo or a redo took back: the change sets, their command, and the records they had changed."""

    numbers: list[int]
    command: str
    refs: list[str]


def undo(crm: Desk, n: int | None = None, ref: str | None = None) -> Undone:
    """Take back change set `n`, the last one of `ref`, or the last one; with all that it caused."""
    with crm.writing("undo") as draft:
        target = _last(crm, ref, undone=False) if n is None else n
        gone = history.taken_back(crm.store, target)
        if target in gone:
            raise _already(crm, target, gone[target])
        numbers = [number for number in _together(crm, target) if number not in gone]
        return _take_back(crm, draft, numbers, "undoes")


def redo(crm: Desk, n: int | None = None, ref: str | None = None) -> Undone:
    """Do again change set `n` that was taken back, what the last undo of `ref` took back, or the last undo at all.

    The numbers in the answer are those of the change sets that are done again.
    """
    with crm.writing("redo") as draft:
        target = _last(crm, ref, undone=True) if n is None else _undo_of(crm, n)
        again = _line(crm, target).extra.get("undoes", [])
        return _take_back(crm, draft, [target], "redoes")._replace(numbers=again)


def _undo_of(crm: Desk, n: int) -> int:
    """Return the undo that took change set `n` back, which may be named by its own number."""
    line = _line(crm, n)
    gone = history.taken_back(crm.store, n)
    target = n if "undoes" in line.extra and n not in gone else gone.get(n, n)
    if "undoes" not in _line(crm, target).extra or target in gone:
        raise Refused(
            _("Change {n} ({command}) stands: there is nothing to do again.").format(n=n, command=line.command)
        )
    return target


def _already(crm: Desk, n: int, by: int) -> Refused:
    return Refused(
        _("Change {n} ({command}) was taken back already, by change {by}.").format(
            n=n, command=_command(crm, _line(crm, n)), by=by
        ),
        _("Do it again with: crm redo {n}").format(n=n),
    )


def _last(crm: Desk, ref: str | None, *, undone: bool) -> int:
    """Return the last change set that can be undone (or the last undo that can be redone)."""
    asked = history.Asked(ref=_split(ref) if ref else None)
    gone: set[int] = set()
    for line in history.lines(crm.store, asked):
        taken = line.extra.get("undoes") or line.extra.get("redoes")
        if taken is not None:
            if line.n not in gone and "undoes" in line.extra and undone:
                return line.n
            if line.n not in gone:
                gone |= set(taken)
            continue
        if undone and line.changes and "cause" not in line.extra:
            break
        if (
            not undone
            and line.n not in gone
            and line.changes
            and not {"cause", "damaged"} & line.extra.keys()
            and line.command != "init"
        ):
            return line.n
    if undone:
        raise NotFound(_("There is nothing to redo."))
    raise NotFound(_("There is nothing to undo."), _("See the history: crm log."))


def _split(ref: str) -> tuple[str, int]:
    kind, _slash, number = ref.partition("/")
    if not number.isdecimal():
        raise NotFound(_("«{ref}» names no record.").format(ref=ref), _("Write noun/number, such as deal/12."))
    return kind, int(number)


def _together(crm: Desk, n: int) -> list[int]:
    """Return all the change sets that go with `n`: its import, and what plugins did because of them."""
    group = history.group_of(crm.store, n)
    caused = [number for member in group for number in history.caused_by(crm.store, member)]
    return sorted({*group, *caused})


def _take_back(crm: Desk, draft: Draft, numbers: list[int], word: str) -> Undone:
    lines = [_line(crm, number) for number in sorted(numbers, reverse=True)]
    own = set(numbers) | _already_undone_by(lines)
    refs: dict[str, None] = {}
    for line in lines:
        for change in reversed(line.changes):
            _reverse(crm, draft, change, line.n, own)
            refs[change.ref] = None
    _refuse_dangling(crm, draft, list(refs))
    draft.extra[word] = sorted(numbers)
    return Undone(sorted(numbers), _command(crm, lines[-1]), list(refs))


def _command(crm: Desk, line: Line) -> str:
    """Return the command of a line; of an undo or a redo, the command that it was about."""
    about = line.extra.get("undoes") or line.extra.get("redoes")
    original = history.line(crm.store, about[0]) if about else None
    return line.command if original is None else _command(crm, original)


def _line(crm: Desk, n: int) -> Line:
    line = history.line(crm.store, n)
    if line is None:
        raise NotFound(_("There is no change {n}.").format(n=n), _("See the history: crm log."))
    if not line.changes or "damaged" in line.extra:
        raise Refused(_("Change {n} changed no record.").format(n=n))
    if line.extra.get("final") == "forgotten":
        raise Refused(_("Change {n} forgot a person: nothing brings him back.").format(n=n))
    if "final" in line.extra:
        raise Refused(
            _("Change {n} ({command}) cannot be taken back: it has gone out.").format(n=n, command=line.command),
            _("An earlier change is undone by its number: crm undo NUMBER."),
        )
    return line


def _already_undone_by(lines: list[Line]) -> set[int]:
    """Return the change sets that the lines themselves had taken back: a redo steps over its undo's targets."""
    return {number for line in lines for number in (line.extra.get("undoes") or [])}


def _reverse(crm: Desk, draft: Draft, change: Change, n: int, own: set[int]) -> None:
    now = draft.get(change.kind, change.id)
    noun = crm.nouns.get(change.kind)
    if noun is not None:
        crm.guard.check(_needed(change), change.kind, now or change.before)
    if change.before is None:
        _refuse_changed(crm, change, now, n, own)
        draft.remove(change.kind, change.id)
    elif change.after is None:
        if now is not None:
            raise _refusal(crm, change, n, own)
        rev = history.last_rev(crm.store, change.kind, change.id) + 1
        draft.recreate(change.kind, change.id, change.before, rev)
    else:
        if now is None or any(now.get(name) != value for name, value in _compared(change).items()):
            raise _refusal(crm, change, n, own)
        draft.update(change.kind, change.id, _old_values(change))


def _needed(change: Change) -> str:
    """Return the right that taking a change back needs: into and out of the trash only for who may delete."""
    fields = (change.before or {}).keys() | (change.after or {}).keys()
    if change.after is None or (change.before is not None and "deleted" in fields and "merged_into" not in fields):
        return "delete"
    return "edit"


def _compared(change: Change) -> Doc:
    """Return the values that must still stand for a change to be taken back; `updated` follows every change."""
    after = change.after or {}
    names = (change.before or {}).keys() | after.keys()
    return {name: after.get(name) for name in names if name != "updated"}


def _old_values(change: Change) -> Doc:
    before, after = change.before or {}, change.after or {}
    return {name: before.get(name) for name in {**before, **after} if name != "rev"}


def _refuse_changed(crm: Desk, change: Change, now: Doc | None, n: int, own: set[int]) -> None:
    """Refuse to undo the making of a record that lives on changed."""
    made = {name: value for name, value in (change.after or {}).items() if name not in ("rev", "updated")}
    living = {name: value for name, value in (now or {}).items() if name not in ("rev", "updated")}
    if now is None or made != living:
        raise _refusal(crm, change, n, own)


def _refuse_dangling(crm: Desk, draft: Draft, refs: list[str]) -> None:
    """Refuse to take away records that others link to."""
    gone = {ref for ref in refs if draft.get(*_split(ref)) is None}
    for ref in gone:
        for noun in crm.nouns.values():
            for name in noun.linking:
                for record_id in crm.store.index.lookup(noun.name, name, ref):
                    doc = draft.get(noun.name, record_id)
                    if doc is not None and ref in noun.links(doc, name):
                        raise Refused(
                            _("{ref} is linked from {other}.").format(ref=ref, other=f"{noun.name}/{record_id}"),
                            _("Undo that first: crm undo --ref {other}").format(other=f"{noun.name}/{record_id}"),
                        )


def _refusal(crm: Desk, change: Change, n: int, own: set[int]) -> Refused:
    later = [one for one in history.numbers_after(crm.store, change.kind, change.id, n) if one not in own]
    gone = history.taken_back(crm.store, n)
    later = [one for one in later if one not in gone and one not in gone.values()] or later
    listed = [
        f"{line.n} ({line.command}, {line.actor})"
        for number in later[:10]
        if (line := history.line(crm.store, number)) is not None
    ]
    return Refused(
        _("Later changes of {ref} depend on change {n}: {later}.").format(
            ref=change.ref, n=n, later=", ".join(listed) or _("it was taken back already")
        ),
        _("Undo them first, newest first: crm undo NUMBER."),
    )

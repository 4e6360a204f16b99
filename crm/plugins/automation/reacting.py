"""Rules on events: which ones an event sets off, done once, named in the history, cut where they run in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, Refused
from crm.locale import _
from crm.plugins.automation.acting import act
from crm.plugins.automation.loops import loops
from crm.plugins.automation.rule import Rule, condition, rules_of
from crm.store import history

if TYPE_CHECKING:
    from crm.hookspecs import Event
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.workspace import Workspace


def react(crm: Workspace, record: Record, event: Event) -> None:
    """Do the rules that an event sets off; what they write names them."""
    name = event.name.removeprefix("on_")
    chain = _chain(crm, event)
    for rule in rules_in_force(crm):
        if rule.on == name and rule.about == record.noun and holds(crm, rule, record.doc):
            _do(crm, rule, record, chain)


def rules_in_force(crm: Workspace) -> list[Rule]:
    """Return the rules that are switched on and in no loop; of one in a loop the user is warned."""
    enabled = [rule for rule in rules_of(crm) if rule.enabled]
    looping = {name: path for path in loops(enabled) for name in path}
    for path in dict.fromkeys(looping.values()):
        crm.warnings.append(
            _("Rules in a loop are left out: {rules}. See crm rules list.").format(rules=" → ".join([*path, path[0]]))
        )
    return [rule for rule in enabled if rule.id not in looping]


def holds(crm: Workspace, rule: Rule, doc: Doc) -> bool:
    """Tell whether the condition of a rule holds for a document as it stands, or stood."""
    query = condition(crm, rule)
    return query is None or crm.collection(rule.about).matches(query, doc)


def _chain(crm: Workspace, event: Event) -> list[str]:
    """Return which rules did what led to an event, each with its record."""
    line = history.line(crm.store, event.n)
    return list(line.extra.get("rules", ())) if line is not None else []


def _do(crm: Workspace, rule: Rule, record: Record, chain: list[str]) -> None:
    key = f"{rule.id} {record.ref}"
    if key in chain:
        crm.warnings.append(_("The rule «{id}» ran in a circle over {ref}; cut.").format(id=rule.id, ref=record.ref))
        return
    with crm.writing("rule") as draft:
        known: list[str] = draft.extra.setdefault("rules", list(chain))
        known.append(key)
        draft.command = _command(draft.command, rule)
        try:
            act(crm, rule, record)
        except CrmError as error:
            raise Refused(
                _("The rule «{id}» failed for {ref}: {why}").format(id=rule.id, ref=record.ref, why=error.message),
                error.remedy,
            ) from error


def _command(before: str, rule: Rule) -> str:
    """Return the command that the history shows: the rules by their names."""
    return f"{before}, {rule.id}" if before.startswith("rule ") else f"rule {rule.id}"


def names(line: Any) -> list[str]:
    """Return the rules that made a change set, in the order they ran."""
    return list(dict.fromkeys(key.partition(" ")[0] for key in line.extra.get("rules", ())))

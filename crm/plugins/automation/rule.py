"""A rule as `config/rules.yaml` describes it; what is wrong with one is said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from crm.errors import CrmError, InvalidValue
from crm.hookspecs_names import EVENTS, RECORD_ARGUMENT
from crm.locale import _
from crm.model.pipeline import Title
from crm.model.shape import Misfit, Shape, nearest, revive

if TYPE_CHECKING:
    from crm.workspace import Workspace

RECORD_CHANGED = "record_changed"
_NOUNS = {"stage_changed": "deal", RECORD_CHANGED: ""}


class NewActivity(Shape):
    """An activity that a rule plans, `days` from today; `{field}` in the subject is a field of the record."""

    kind: str = "task"
    subject: str
    days: int = 0
    owner: str = ""


class Assignment(Shape):
    """Who gets the record (X17): by turn, or who has the least open records of that noun.

    `field` and `table` name other people by a value of the record, or by how it begins: a source, a phone's `+7495`.
    """

    to: tuple[str, ...]
    by: Literal["turn", "least"] = "turn"
    field: str = ""
    table: Mapping[str, tuple[str, ...]] = {}

    def people(self, value: object) -> tuple[str, ...]:
        """Return among whom a record with that value goes: the longest beginning of the table that fits, else `to`."""
        texts = [str(one).casefold() for one in (value if isinstance(value, list) else [value]) if one is not None]
        fitting = [key for key in self.table if any(text.startswith(key.casefold()) for text in texts)]
        return self.table[max(fitting, key=len)] if fitting else self.to


_KINDS: dict[str, Any] = {
    "activity": NewActivity,
    "set": Mapping[str, str],
    "move": str,
    "assign": Assignment,
    "process": str,
    "document": str,
}


class Action:
    """One thing that a rule does: its kind, and what that kind needs."""

    def __init__(self, kind: str, what: Any) -> None:
        self.kind = kind
        self.what = what

    @classmethod
    def from_plain(cls, data: object) -> Action:
        """Read `{move: invoice}`; raises ValueError, Misfit."""
        if not isinstance(data, Mapping) or len(data) != 1:
            raise ValueError(_("An action has one key: {names}.").format(names=", ".join(_KINDS)))
        ((kind, what),) = data.items()
        if kind not in _KINDS:
            raise Misfit(
                (str(kind),), _("There is no action «{name}».").format(name=kind), nearest(str(kind), [*_KINDS])
            )
        return cls(str(kind), revive(_KINDS[kind], what, (str(kind),)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Action) and (self.kind, self.what) == (other.kind, other.what)

    def __hash__(self) -> int:
        return hash(self.kind)

    def text(self) -> str:
        """Return the action as a person reads it in a list."""
        if isinstance(self.what, NewActivity):
            return f"{self.kind}: {self.what.subject}"
        if isinstance(self.what, Assignment):
            return f"{self.kind}: {', '.join(self.what.to)}"
        if isinstance(self.what, Mapping):
            return f"{self.kind}: {', '.join(f'{name}={value}' for name, value in self.what.items())}"
        return f"{self.kind}: {self.what}"


class Rule(Shape):
    """When (`on` an event, or `every` day, week, month), if (a condition on the record), then (actions)."""

    id: str
    title: Title = Title("")
    on: str = ""
    every: Literal["", "day", "week", "month"] = ""
    noun: str = ""
    if_: str = ""
    then: tuple[Action, ...]
    enabled: bool = True

    @property
    def about(self) -> str:
        """Return the noun of the records that the rule is about."""
        return self.noun or _NOUNS.get(self.on) or RECORD_ARGUMENT.get(f"on_{self.on}", "")


class Rules(Shape):
    """`config/rules.yaml`."""

    rules: tuple[Rule, ...] = ()


def rules_of(crm: Workspace) -> tuple[Rule, ...]:
    """Return the rules; raise InvalidValue for one that cannot be, naming it."""
    found = crm.settings.section("rules", Rules).rules
    ids = [one.id for one in found]
    for rule in found:
        problem, remedy = _problem(crm, rule)
        if ids.count(rule.id) > 1:
            problem = _("there are two of this id")
        if problem:
            raise InvalidValue(
                _("config/rules.yaml, rule «{id}»: {problem}.").format(id=rule.id, problem=problem.rstrip(".")), remedy
            )
    return found


def _problem(crm: Workspace, rule: Rule) -> tuple[str, str]:
    """Return what is wrong with a rule and what to do, empty where nothing is."""
    events = [name.removeprefix("on_") for name in EVENTS]
    if bool(rule.on) == bool(rule.every):
        return _("either «on» or «every» is needed"), _("See the comments at the top of the file.")
    if rule.on and rule.on not in events:
        return _("there is no event «{name}»").format(name=rule.on), nearest(rule.on, events)
    if rule.about not in crm.nouns:
        return _("there is no noun «{noun}»").format(noun=rule.about), nearest(rule.about, [*crm.nouns])
    if not rule.then:
        return _("it does nothing: «then» is empty"), _("See the comments at the top of the file.")
    try:
        _parse(crm, rule)
        for action in rule.then:
            _check_action(crm, rule, action)
    except CrmError as error:
        return str(error.message), error.remedy
    return "", ""


def _parse(crm: Workspace, rule: Rule) -> Any:
    from crm.sales.filtering import parse

    return parse(crm, crm.nouns[rule.about], rule.if_) if rule.if_ else None


def _check_action(crm: Workspace, rule: Rule, action: Action) -> None:
    what = action.what
    if isinstance(what, NewActivity):
        crm.settings.dictionary("activity_kinds").resolve(what.kind)
    elif isinstance(what, Assignment):
        if bool(what.field) != bool(what.table):
            raise InvalidValue(
                _("assign: «field» and «table» go together."), _("See the comments at the top of the file.")
            )
        if what.field:
            crm.nouns[rule.about].field(what.field)
    elif isinstance(what, Mapping):
        for name in what:
            crm.nouns[rule.about].field(name)
    elif action.kind == "process":
        from crm.plugins.processes.routine import routine

        routine(crm, what)
    elif action.kind == "move" and not any(one.get(what) for one in [*crm.settings.pipelines, crm.settings.leads]):
        raise InvalidValue(_("There is no stage «{stage}».").format(stage=what), _("See them: crm pipeline show."))


def condition(crm: Workspace, rule: Rule) -> Any:
    """Return the query of a rule's condition, None where it has none."""
    return _parse(crm, rule)


def rule_of(crm: Workspace, name: str) -> Rule:
    """Return the rule with that id; raise InvalidValue."""
    found = rules_of(crm)
    for one in found:
        if one.id == name:
            return one
    raise InvalidValue(
        _("There is no rule «{name}» in config/rules.yaml.").format(name=name),
        _("Known: {names}.").format(names=", ".join(one.id for one in found) or "—"),
    )

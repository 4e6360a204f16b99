"""A routine as `config/processes.yaml` describes it: its steps, whom it may be about. A running one is `process.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from crm.errors import InvalidValue
from crm.locale import N_, _
from crm.model.pipeline import Title
from crm.model.shape import Shape

if TYPE_CHECKING:
    from crm.workspace import Workspace


class Step(Shape):
    """A step: who does it (a login; empty: the owner of the record), in how many days, as what kind of activity."""

    titles: ClassVar[Mapping[str, str]] = {
        "id": N_("Id"),
        "title": N_("Title"),
        "owner": N_("Owner"),
        "days": N_("In so many days"),
        "kind": N_("Kind of the activity"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"owner": "people", "kind": "activity_kinds"}

    id: str
    title: Title
    owner: str = ""
    days: int = 1
    kind: str = "task"


class Routine(Shape):
    """A repeated routine: steps in a strict order; `about` are the nouns it may be started for, empty for any."""

    titles: ClassVar[Mapping[str, str]] = {
        "title": N_("Title"),
        "about": N_("For which records, with commas"),
        "steps": N_("Step"),
    }

    id: str
    title: Title
    about: tuple[str, ...] = ()
    steps: tuple[Step, ...]

    def step_after(self, step_id: str) -> Step | None:
        """Return the step that follows, the first for an empty id, None after the last; InvalidValue for a lost one."""
        ids = [step.id for step in self.steps]
        if step_id and step_id not in ids:
            raise InvalidValue(
                _("The process «{process}» has no step «{step}» any more.").format(
                    process=self.title.text(), step=step_id
                ),
                _("Put it back into config/processes.yaml, or cancel the process: crm process cancel ID."),
            )
        place = ids.index(step_id) + 1 if step_id else 0
        return self.steps[place] if place < len(ids) else None


class Routines(Shape):
    """`config/processes.yaml`."""

    heading = N_("Processes")
    titles: ClassVar[Mapping[str, str]] = {
        "processes": N_("Process"),
    }

    processes: tuple[Routine, ...] = ()


def routines(crm: Workspace) -> tuple[Routine, ...]:
    """Return the routines that can be started; raise InvalidValue for what cannot be in the file."""
    found = crm.settings.section("processes", Routines).processes
    for routine in found:
        _check(crm, routine)
    return found


def _check(crm: Workspace, routine: Routine) -> None:
    kinds = crm.settings.dictionary("activity_kinds")
    ids = [step.id for step in routine.steps]
    problem = ""
    if not ids:
        problem = _("it has no steps")
    elif len(set(ids)) < len(ids):
        problem = _("two steps have the same id")
    for noun in routine.about:
        if noun not in crm.nouns:
            problem = _("there is no noun «{noun}»").format(noun=noun)
    for step in routine.steps:
        kinds.resolve(step.kind)
    if problem:
        raise InvalidValue(
            _("config/processes.yaml, process {id}: {problem}.").format(id=routine.id, problem=problem),
            _("Mend the file; see the comments at its top."),
        )


def routine(crm: Workspace, name: str) -> Routine:
    """Return the routine named by id or title; raise InvalidValue."""
    found = routines(crm)
    for one in found:
        if one.id == name.strip().casefold() or one.title.names(name):
            return one
    raise InvalidValue(
        _("There is no process «{name}» in config/processes.yaml.").format(name=name),
        _("Known: {names}.").format(names=", ".join(one.id for one in found)),
    )

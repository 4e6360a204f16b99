"""The goals of a pipeline: what, once reached, moves a deal on by itself; every goal of every stage is a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.console.controls import control, options
from crm.console.routes import action, page
from crm.console.settings_seal import file_of, held, seal_of, unchanged
from crm.console.visit import Done, View
from crm.errors import CrmError, InvalidValue, Misplaced, NotFound
from crm.locale import N_, _, language
from crm.settings_file import change_settings

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit

_EVENTS = {
    "quote_sent": N_("the quote is sent"), "quote_accepted": N_("the quote is accepted"),
    "invoice_issued": N_("the invoice is issued"), "payment_received": N_("money came in"),
    "invoice_paid": N_("the invoice is paid"), "activity_done": N_("an activity is done"),
    "letter_received": N_("a letter came"), "call_missed": N_("a call was missed"),
    "ticked": N_("the manager ticks it"),
}  # fmt: skip
_TICKED = "ticked"
_FILE = "pipelines"
_COLUMNS = (N_("Stage"), N_("Moves on when"), N_("Kind of the activity"), N_("Moves to"), N_("Title on the card"))


class Held(NamedTuple):
    """A goal as the file has it: its stage, its place there."""

    stage: str
    place: int
    doc: dict[str, Any]

    @property
    def name(self) -> str:
        """Return what the names of its controls begin with."""
        return f"{self.stage}.{self.place}"


def summary(goals: list[dict[str, Any]]) -> str:
    """Return the goals of a stage in a few words."""
    return "; ".join(_text(one.get("title")) or _(_EVENTS.get(str(one.get("on")), str(one.get("on")))) for one in goals)


def _text(title: Any) -> str:
    if isinstance(title, dict):
        return str(title.get(language()) or next(iter(title.values()), ""))
    return str(title or "")


def _stages(visit: Visit, which: str) -> list[dict[str, Any]]:
    """Return the stages of a pipeline as the file has them; raise NotFound."""
    visit.crm.guard.check("settings", "workspace", None)
    for one in held(visit, "pipelines")["pipelines"]:
        if one["id"] == which:
            stages: list[dict[str, Any]] = one["stages"]
            return stages
    raise NotFound(_("There is no such list of settings."), _("Look in the settings."))


def _goals(stages: list[dict[str, Any]]) -> list[Held]:
    return [Held(stage["id"], place, doc) for stage in stages for place, doc in enumerate(stage.get("goals") or [])]


@page("/settings/goals/<which>")
def goals(visit: Visit, which: str) -> View:
    """Show every goal of a pipeline, with a row for a new one."""
    seal = seal_of(visit, _FILE)
    return _view(visit, which, seal, _stages(visit, which), "")


def _view(
    visit: Visit, which: str, seal: str, stages: list[dict[str, Any]], failure: str, wrong: tuple[str, str] = ("", "")
) -> View:
    """Return the page; `wrong` is the name of a control that does not fit, and what is wrong with it."""
    titles = {stage["id"]: _text(stage["title"]) for stage in stages}
    rows = [
        {
            "title": titles[one.stage],
            "cells": [titles[one.stage]],
            "fields": [
                {**field, "error": wrong[1] if field["name"] == wrong[0] else ""}
                for field in _fields(visit, one.name, titles, one.doc)
            ],
        }
        for one in _goals(stages)
    ]
    wished = [visit.form.get("+.stage")] if visit.form.get("+.stage") else []
    first = control("+.stage", _("Stage"), "select", options=options(titles.items(), wished, _("a new goal…")))
    shown: Context = {
        "title": _("Goals of stages: {pipeline}").format(pipeline=visit.crm.settings.pipeline(which).title.text()),
        "action": visit.url.settings(f"goals/{which}"), "columns": [_(one) for one in _COLUMNS], "rows": rows,
        "new": [first, *_fields(visit, "+", titles, {})], "failure": failure,
        "file_name": "pipelines.yaml", "seal": seal,
        "hint": _("A goal that is reached moves the deal on by itself. «—» in the second column takes a goal out."),
        "file": visit.url.settings("file/pipelines"), "back": visit.url.settings(f"items/pipeline.{which}"),
    }  # fmt: skip
    data = {"goals": [{"stage": one.stage, **one.doc} for one in _goals(stages)]}
    return View("settings_table.html", shown["title"], "settings", {"table": shown}, data, 422 if failure else 200)


def _fields(visit: Visit, name: str, titles: dict[str, str], doc: dict[str, Any]) -> list[Context]:
    def chosen(key: str, title: str, pairs: list[tuple[str, str]], empty: str) -> Context:
        held = visit.form.get(f"{name}.{key}", str(doc.get(key) or ""))
        return control(f"{name}.{key}", title, "select", options=options(pairs, [held] if held else [], empty))

    kinds = [(one.id, one.title.text()) for one in visit.shown.dictionary("activity_kinds").entries]
    title = visit.form.get(f"{name}.title", _text(doc.get("title")))
    return [
        chosen("on", _("Moves on when"), [(key, _(text)) for key, text in _EVENTS.items()], "—"),
        chosen("kind", _("Kind of the activity"), kinds, _("any")),
        chosen("to", _("Moves to"), list(titles.items()), _("the next stage")),
        control(f"{name}.title", _("Title on the card"), "text", title),
    ]


# --- saving -----------------------------------------------------------------------------------------------------------


@action("/settings/goals/<which>")
def save(visit: Visit, which: str) -> Answer:
    """Save what was changed in the goals, and a new one."""
    seal = seal_of(visit, _FILE)
    stages = _stages(visit, which)
    try:
        unchanged(visit, _FILE)
        changes = [*_changed(visit, which, stages), *_new(visit, which, stages)]
        if changes:
            change_settings(file_of(visit, _FILE), changes, seal=seal)
    except Misplaced as error:
        return _view(visit, which, seal, stages, error.problem, (_placed(stages, error), error.problem))
    except CrmError as error:
        return _view(visit, which, seal, stages, str(error))
    return Done(_("Settings are saved"), visit.url.settings(f"goals/{which}"))


def _placed(stages: list[dict[str, Any]], error: Misplaced) -> str:
    """Return the name of the control at the place of an error: pipelines, 0, stages, 2, goals, 0, to."""
    match error.place:
        case ("pipelines", int(), "stages", int(stage), "goals", int(goal), str(key)) if stage < len(stages):
            return f"{stages[stage]['id']}.{goal}.{key}"
    return ""


_Change = tuple[list[str | int], object]


def _changed(visit: Visit, which: str, stages: list[dict[str, Any]]) -> list[_Change]:
    """Return the changes, those that take a goal out last and from the end."""
    found: list[_Change] = []
    gone: list[_Change] = []
    for one in _goals(stages):
        place: list[str | int] = ["pipelines", which, "stages", one.stage, "goals", one.place]
        if visit.form.get(f"{one.name}.on", "left") == "":
            gone.insert(0, (place, None))
        else:
            found += [([*place, key], value) for key, value in _edits(visit, one.name, one.doc)]
    return [*found, *gone]


def _edits(visit: Visit, name: str, doc: dict[str, Any]) -> list[tuple[str, object]]:
    """Return the keys of a goal that are another now; None takes a key out."""
    found: list[tuple[str, object]] = []
    for key in ("on", "kind", "to", "title"):
        held = _text(doc.get(key))
        typed = visit.form.get(f"{name}.{key}", held).strip()
        if typed != held:
            old = doc.get("title") if isinstance(doc.get("title"), dict) else {}
            value = {**(old or {}), language(): typed} if key == "title" and typed else typed or None
            found.append((key, value))
    if visit.form.get(f"{name}.on", str(doc.get("on"))) == _TICKED and not doc.get("id") and doc:
        found.append(("id", _free(name)))
    return found


def _free(name: str) -> str:
    return f"goal_{name.replace('.', '_')}"


def _new(visit: Visit, which: str, stages: list[dict[str, Any]]) -> list[_Change]:
    stage, on = visit.form.get("+.stage"), visit.form.get("+.on")
    if not stage and not on:
        return []
    if not stage or not on:
        raise InvalidValue(_("A new goal needs a stage and an event."), _("Choose both."))
    place = sum(1 for one in _goals(stages) if one.stage == stage)
    goal = {key: value for key, value in _edits(visit, "+", {}) if value is not None}
    if on == _TICKED:
        title = goal.get("title") or {language(): _("Done: {stage}").format(stage=_stage_title(stages, stage))}
        goal |= {"id": _free(f"{stage}.{place}"), "title": title}
    return [(["pipelines", which, "stages", stage, "goals", place], goal)]


def _stage_title(stages: list[dict[str, Any]], which: str) -> str:
    return next((_text(one["title"]) for one in stages if one["id"] == which), which)

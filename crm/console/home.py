"""The first page of the day: «Мои дела» and «Мои продажи», and what of one's own sales needs attention (P26, T2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.attention import attention
from crm.console.board import counted
from crm.console.card_plans import shown_activity
from crm.console.controls import control, options
from crm.console.first_run import first_run
from crm.console.panels import panels
from crm.console.roads import road
from crm.console.routes import page
from crm.console.visit import View
from crm.locale import N_, _
from crm.sales.agenda import agenda, beginning

if TYPE_CHECKING:
    from crm.console.roads import Road
    from crm.console.visit import Context, Visit
    from crm.model.activity import Activity
    from crm.model.pipeline import Stage
    from crm.sales.agenda import Planned
    from crm.sales.collection import Group

MOST, SHOWN = 50, 8
_DAYS = {
    "overdue": (N_("Overdue"), "bad"),
    "today": (N_("Today"), ""),
    "later": (N_("Later"), ""),
    "undated": (N_("Without a date"), ""),
}


@page("/")
def first(visit: Visit) -> View:
    """Show one's day."""
    return my(visit)


@page("/my")
def my(visit: Visit) -> View:
    """Show what one has to do and how one's sales go; of another person where that may be read."""
    who = _who(visit)
    crm = visit.crm
    days = crm.remembered(("my", who), lambda: beginning(crm, who, crm.today(), MOST))
    found = crm.remembered(("attention", who, visit.as_of), lambda: attention(visit, who))
    shown: Context = {
        "title": _("My day") if who == visit.crm.actor else visit.shown.names.get(who, who),
        "address": visit.url.my(user="" if who == visit.crm.actor else who),
        "people": _people(visit, who),
        "add": _add(visit, who),
        "groups": [_group(visit, name, some) for name, some in days.items() if some.count],
        "count": counted("activity", sum(some.count for some in days.values())),
        "funnels": [one for one in (_funnel(visit, path, who) for path in _roads(visit)) if one],
        "attention": {"items": found[:SHOWN], "rest": max(len(found) - SHOWN, 0)},
        "panels": panels(visit, "home", None),
        "empty": not any(some.count for some in days.values()),
        "first_run": first_run(visit),
    }
    return View("home.html", shown["title"], "my", {"home": shown}, data=lambda: _data(visit, who, found))


def _data(visit: Visit, who: str, found: list[Context]) -> Context:
    days = agenda(visit.crm, who, visit.crm.today())
    return {**{name: [one.doc for one in some] for name, some in days.items()}, "attention": found}


def _who(visit: Visit) -> str:
    """Return whose day is asked for; raise Refused where it may not be read."""
    asked = visit.query.get("user").strip() or visit.crm.actor
    if asked != visit.crm.actor:
        visit.crm.guard.check("read", "activity", {"owner": asked})
    return asked


def _people(visit: Visit, who: str) -> Context | None:
    """Return the choice of whose day is shown, for those who may see others."""
    may = visit.crm.guard.may
    seen = {login: name for login, name in visit.shown.active.items() if may("read", "activity", {"owner": login})}
    others = seen.keys() - {visit.crm.actor}
    if not others:
        return None
    pairs = {visit.crm.actor: visit.shown.names.get(visit.crm.actor, visit.crm.actor), **seen}
    return control("user", _("Whose day"), "select", options=options(pairs.items(), [who]))


def _add(visit: Visit, who: str) -> Context | None:
    if not visit.crm.guard.may("create", "activity", None):
        return None
    return {"title": _("Activity"), "address": visit.url.add("activity", owner=who, back=visit.url.my())}


# --- what to do -------------------------------------------------------------------------------------------------------


def _group(visit: Visit, name: str, some: Planned) -> Context:
    title, tone = _DAYS[name]
    visit.shown.load([str(one.doc["about"]) for one in some.first if one.doc.get("about")])
    return {
        "name": name,
        "title": _(title),
        "tone": tone,
        "count": str(some.count),
        "items": [_item(visit, one) for one in some.first],
        "more": visit.url.list("activity", owner=some.first[0].owner, done="no") if some.count > MOST else "",
    }


def _item(visit: Visit, one: Activity) -> Context:
    about = one.doc.get("about")
    return {**shown_activity(visit, one), "owner": None, "about": visit.shown.told_link(about) if about else None}


# --- how one's sales go -----------------------------------------------------------------------------------------------


def _roads(visit: Visit) -> list[Road]:
    crm = visit.crm
    leads = [road(crm, "lead")] if crm.settings.account.mode == "classic" else []
    found = [*leads, *(road(crm, "deal", one.id) for one in crm.settings.pipelines)]
    return [one for one in found if one is not None]


def _funnel(visit: Visit, path: Road, who: str) -> Context | None:
    """Return one's open leads, or deals of a pipeline, by stage; None where there is none."""
    query: Any = path.open
    groups = visit.crm.collection(path.kind).totals("stage", money="amount", query=query & (where("owner") == who))
    if not groups:
        return None
    most = max(sum(group.count for group in groups if group.by[0] == stage.id) for stage in path.ladder.stages) or 1
    noun = visit.crm.nouns[path.kind].entity
    several = path.kind == "deal" and len(visit.crm.settings.pipelines) > 1
    count = sum(group.count for group in groups)
    return {
        "title": path.ladder.title.text() if several else noun.many(),
        "address": visit.url.board(path.kind, path.ladder.id, owner=who),
        "count": counted(path.kind, count),
        "sum": _sum(visit, groups),
        "stages": [_stage(visit, path, stage, who, groups, most) for stage in path.ladder.stages],
    }


def _stage(visit: Visit, path: Road, stage: Stage, who: str, groups: list[Group], most: int) -> Context:
    mine = [group for group in groups if group.by[0] == stage.id]
    count = sum(group.count for group in mine)
    words = {"stage": stage.id, "owner": who} | ({"pipeline": path.ladder.id} if path.kind == "deal" else {})
    open_ = {"outcome": "open"} if path.kind == "deal" else {}
    return {
        "title": stage.title.text(),
        "count": str(count),
        "share": round(100 * count / most),
        "sum": _sum(visit, mine),
        "address": visit.url.list(path.kind, **words, **open_),
    }


def _sum(visit: Visit, groups: list[Group]) -> str:
    if not any(group.minor for group in groups):
        return ""
    return visit.shown.total((group.currency, group.minor) for group in groups)

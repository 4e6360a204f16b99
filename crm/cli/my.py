"""`crm my` and `crm calendar`: what is to be done, and the load by day."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from crm.cli.noun_options import read_command
from crm.cli.output import for_a_person, form, option, print_json, print_rows, verb
from crm.locale import N_, _
from crm.model.field_dates import Day
from crm.model.fields import named

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.model.activity import Activity
    from crm.model.deal import Deal


def _day(app: App, text: str) -> date:
    if not text:
        return app.crm.today()
    return date.fromisoformat(named(Day(), "--day").parse(text, app.crm.customs))


@verb("my", example="crm my --day tomorrow", help=N_("Show what is to be done: overdue, today, later."))
@option("--day", default="", metavar="DATE", help=N_("As of this day; by default today."))
@option("--user", default="", metavar="LOGIN", help=N_("Another person's; «all» for everybody's."))
@click.pass_obj
def _my(app: App, day: str, user: str) -> None:
    from crm.sales.agenda import agenda, without_next

    owner = "" if user == "all" else app.crm.person(user) if user else app.crm.actor
    found = agenda(app.crm, owner, _day(app, day))
    rows = [_row(app, when, activity) for when, activities in found.items() for activity in activities]
    if form() == "json":
        print_json(rows)
        return
    print_rows(["id", "when", "due", "kind", "subject", "about", "owner"], rows)
    if not form():
        _print_idle(without_next(app.crm, owner))


def _print_idle(deals: list[Deal]) -> None:
    """Name the deals without a next step, for a person alone: they stand in no list of what is to be done."""
    if deals:
        names = ", ".join(f"{deal.ref} {deal.label}" for deal in deals[:_NAMED])
        more = _(" and {n} more").format(n=len(deals) - _NAMED) if len(deals) > _NAMED else ""
        print(_("Nothing is planned for: {deals}").format(deals=names + more), file=sys.stderr)


_NAMED = 10


_WHEN = {"overdue": N_("overdue"), "today": N_("today"), "later": N_("later"), "undated": N_("no date")}


def _row(app: App, when: str, activity: Activity) -> dict[str, Any]:
    doc = app.crm.activities.export(activity)
    if not for_a_person():
        return {**doc, "when": when}
    from crm.cli.faces import Faces

    return {**Faces(app.crm).row(app.crm.nouns["activity"].fields, doc), "when": _(_WHEN[when])}


@verb("calendar", example="crm calendar --days 7", help=N_("Show the load by day: planned activities of each person."))
@option("--from", "since", default="", metavar="DATE", help=N_("From this day; by default today."))
@option("--days", type=click.IntRange(1, 366), default=14, show_default=True, metavar="N", help=N_("How many days."))
@option("--user", default="", metavar="LOGIN", help=N_("One person's."))
@click.pass_obj
def _calendar(app: App, since: str, days: int, user: str) -> None:
    from crm.sales.agenda import load_by_day

    start = _day(app, since)
    rows = [
        {"id": number, "day": day.isoformat(), "owner": owner, "activities": count}
        for number, (day, owner, count) in enumerate(
            load_by_day(app.crm, start, start + timedelta(days=days - 1), user), 1
        )
    ]
    print_rows(["day", "owner", "activities"], rows)


my = read_command(_my)
calendar = read_command(_calendar)

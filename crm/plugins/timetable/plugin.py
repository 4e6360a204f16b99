"""The load of the team by day, week and month; a person's calendar for phones and Outlook; meetings from .ics files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring addresses of calendars and invitations."""
    from crm.plugins.timetable.feeds import CalendarFeeds
    from crm.plugins.timetable.invitations import Invitations
    from crm.plugins.timetable.nouns import CalendarFeed, Invitation

    register(CalendarFeed, CalendarFeeds)
    register(Invitation, Invitations)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs."""
    where = "crm.plugins.timetable.commands"
    register("calendar_feed", f"{where}:FEED_VERBS", help=N_("Addresses of people's calendars for their programs"))
    register("activity", f"{where}:ACTIVITY_VERBS")


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the load of the team."""
    register("load", "crm.plugins.timetable.pages:page", title=N_("Load"), group="team", icon="people")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the forms of the page do."""
    register("ics", "crm.plugins.timetable.pages:take_ics")
    register("calendar_feed", "crm.plugins.timetable.pages:make_feed")
    register("calendar_feed_revoke", "crm.plugins.timetable.pages:revoke_feed")


@hookimpl
def register_endpoints(register: Callable[..., None]) -> None:
    """Bring the address that calendar programs ask."""
    register("calendar", "crm.plugins.timetable.feeds:answer", methods=("GET", "HEAD"))

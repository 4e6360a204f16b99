"""The load of the team by day, week and month in the console; one's calendar address; meetings from files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crm.html import button, links, note, section, upload
from crm.locale import N_, _, language
from crm.model.days import read_day
from crm.plugins.timetable.load import DAY, HOURS, MONTH, MOST, WEEK, Entry, Load, days_of, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm.plugins.timetable.feeds import CalendarFeeds
    from crm.plugins.timetable.invitations import Invitations
    from crm.workspace import Workspace

VIEWS = {DAY: N_("Day"), WEEK: N_("Week"), MONTH: N_("Month")}
SHOWN = 5


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return who has how much to do, by day, week or month."""
    view = query.get("view", "") if query.get("view") in VIEWS else WEEK
    text = query.get("day", "").strip()
    day = read_day(text, crm.today()) if text else crm.today()
    department = query.get("department", "")
    days = days_of(view, day)
    drawn, told = crm.remembered(("load", view, days, department), lambda: _drawn(crm, view, days, department))
    return {
        "title": _("Load: {period}").format(period=_period(view, days)),
        "filters": _filters(crm, view, day, department),
        "html": _steps(view, days, department) + drawn + _import_form() + _revoke_form(crm),
        "rows_by_person": told,
    }


def _drawn(crm: Workspace, view: str, days: tuple[date, ...], department: str) -> tuple[Markup, list[dict[str, Any]]]:
    """Return the table of a view, and its numbers for scripts."""
    draw, most = {DAY: (_by_hours, MOST), WEEK: (_by_days, SHOWN), MONTH: (_by_numbers, 1)}[view]
    found = load(crm, days, department, most)
    told = [{"owner": login, "days": {str(one): found.number(login, one) for one in days}} for login in found.people]
    return draw(crm, found), told


def _period(view: str, days: tuple[date, ...]) -> str:
    from babel.dates import format_date

    if view == MONTH:
        return str(format_date(days[0], "LLLL y", locale=language()))
    first = str(format_date(days[0], "d MMMM y" if view == DAY else "d MMMM", locale=language()))
    return first if view == DAY else f"{first} – {format_date(days[-1], 'd MMMM y', locale=language())}"


def _filters(crm: Workspace, view: str, day: date, department: str) -> list[dict[str, Any]]:
    departments = [("", _("All departments"))]
    departments += [(one.id, one.title.text()) for one in crm.settings.departments.departments]
    views = [(name, _(title)) for name, title in VIEWS.items()]
    return [
        {"name": "view", "title": _("View"), "type": "select", "options": views, "value": view},
        {"name": "day", "title": _("Day"), "type": "date", "value": day.isoformat()},
        {
            "name": "department", "title": _("Department"), "type": "select", "options": departments,
            "value": department,
        },
    ]  # fmt: skip


def _steps(view: str, days: tuple[date, ...], department: str) -> Markup:
    """Return the links to the period before and after, and to today."""

    def address(**words: str) -> str:
        asked = {"view": view, "department": department, **words}
        return "/p/load?" + urlencode({name: value for name, value in asked.items() if value})

    before, after = days[0] - timedelta(days=1), days[-1] + timedelta(days=1)
    return links(
        (address(day=before.isoformat()), "←"), (address(), _("Today")), (address(day=after.isoformat()), "→")
    )  # fmt: skip


# --- drawing ----------------------------------------------------------------------------------------------------------


_TABLE = Markup(
    '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="{}">'
    "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
)


def _table(head: Iterable[str], rows: Iterable[Iterable[Markup | str]], style: str) -> Markup:
    """Return a table whose first column names its rows."""
    titles = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in head)
    body = Markup("")
    for first, *cells in rows:
        made = Markup("").join(Markup("<td>{}</td>").format(one) for one in cells)
        body += Markup('<tr><th scope="row">{}</th>{}</tr>').format(first, made)
    return _TABLE.format(_("Load"), style, titles, body)


def _by_days(crm: Workspace, found: Load) -> Markup:
    head = [_("Who"), *(f"{_day_title(day, crm.today())} ({found.count_on(day)})" for day in found.days)]
    rows: list[list[Markup | str]] = [
        [
            Markup("{}<br><small>{}</small>").format(name, found.count(login)),
            *(_items(found, day, login) for day in found.days),
        ]
        for login, name in found.people.items()
    ]
    return _table(head, rows, "month")


def _day_title(day: date, today: date) -> str:
    from babel.dates import format_date

    text = str(format_date(day, "EE d.MM", locale=language()))
    return f"• {text}" if day == today else text


def _items(found: Load, day: date, login: str) -> Markup:
    entries, count = found.of(login, day), found.number(login, day)
    if not entries:
        return Markup("")
    items = Markup("").join(Markup("<li>{}</li>").format(_link(one)) for one in entries)
    rest = Markup("")
    if count > SHOWN:
        asked = urlencode({"where": f"due >= {day} and due < {day + timedelta(days=1)}", "owner": login})
        text = _("and {n} more").format(n=count - SHOWN)
        rest = Markup('<p><a class="rest" href="/activities?{}">{}</a></p>').format(asked, text)
    return Markup("<ul>{}</ul>{}").format(items, rest)


def _link(entry: Entry) -> Markup:
    one = entry.activity
    time = Markup("<time>{}</time> ").format(entry.time) if entry.time else Markup("")
    sign = "✓ " if one.done else ""
    return Markup('<a href="/{}" title="{}">{}<span>{}{}</span></a>').format(
        one.ref, one.subject, time, sign, one.subject
    )


def _by_hours(_crm: Workspace, found: Load) -> Markup:
    (day,) = found.days
    head = [_("Hour"), *(f"{name} ({found.count(login)})" for login, name in found.people.items())]
    hours = sorted({*HOURS, *(one.hour for some in found.entries.values() for one in some if one.hour is not None)})
    rows: list[list[Markup | str]] = [[_("All day"), *(_at(found.of(login, day), None) for login in found.people)]]
    rows += [[f"{hour:02}:00", *(_at(found.of(login, day), hour) for login in found.people)] for hour in hours]
    return _table(head, rows, "figures")


def _at(entries: list[Entry], hour: int | None) -> Markup:
    found = Markup("").join(Markup("<li>{}</li>").format(_link(one)) for one in entries if one.hour == hour)
    return Markup("<ul>{}</ul>").format(found) if found else found


def _by_numbers(_crm: Workspace, found: Load) -> Markup:
    head = [_("Who"), *(str(day.day) for day in found.days), _("Together")]
    rows: list[list[Markup | str]] = []
    for login, name in found.people.items():
        cells = [_number(day, found.number(login, day)) for day in found.days]
        rows.append([name, *cells, str(found.count(login))])
    total = sum(found.count(login) for login in found.people)
    rows.append([_("Together"), *(str(found.count_on(day) or "") for day in found.days), str(total)])
    return _table(head, rows, "figures")


def _number(day: date, count: int) -> Markup:
    if not count:
        return Markup("")
    return Markup('<a href="/p/load?view=day&amp;day={}">{}</a>').format(day.isoformat(), count)


# --- one's calendar elsewhere -----------------------------------------------------------------------------------------


def _import_form() -> Markup:
    text = _("My activities in a phone or Outlook: a secret address, shown once; a new one revokes the one before.")
    return section(
        _("Calendar programs"),
        upload("ics", _("A meeting from a file (.ics)"), _("Plan it"), ".ics,text/calendar"),
        note(text),
        button("calendar_feed", _("Make the address"), look="button"),
    )


def _revoke_form(crm: Workspace) -> Markup:
    """Return the way to revoke one's address; nothing where there is none."""
    from tinydb.queries import where

    mine: Any = (where("owner") == crm.actor) & ~where("revoked").exists()
    if not crm.collection("calendar_feed").count(mine):
        return Markup("")
    form = Markup('<form method="post" action="/do/calendar_feed_revoke"><button class="button">{}</button></form>')
    return form.format(_("Revoke the address"))


def take_ics(crm: Workspace, form: Mapping[str, Any]) -> tuple[str, str]:
    """Plan the meetings of a chosen file."""
    invitations: Invitations = crm.collection("invitation")  # type: ignore[assignment]
    data = form.get("file") or b""
    planned = invitations.take(data if isinstance(data, bytes) else str(data).encode())
    where = f"/{planned[0].ref}" if len(planned) == 1 else "/p/load"
    return _("Planned: {subjects}").format(subjects=", ".join(one.subject for one in planned) or "—"), where


def make_feed(crm: Workspace, _form: Mapping[str, Any]) -> str:
    """Make one's address and show it this once."""
    from crm.plugins.timetable.feeds import address

    feeds: CalendarFeeds = crm.collection("calendar_feed")  # type: ignore[assignment]
    return address(crm, feeds.make().token)


def revoke_feed(crm: Workspace, _form: Mapping[str, Any]) -> str:
    """Revoke one's address."""
    feeds: CalendarFeeds = crm.collection("calendar_feed")  # type: ignore[assignment]
    feeds.revoke()
    return _("The address of your calendar is revoked.")

"""When the clock sends letters: within the hours of working days, evenly over what is left of the day."""

from __future__ import annotations

from datetime import datetime, time
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from crm.plugins.mailings.nouns import Mailing
    from crm.plugins.mailings.settings import MailSettings
    from crm.sales.desk import Desk


class Hours(NamedTuple):
    """From when to when of a day letters go."""

    first: time
    last: time


def read_hours(text: str) -> Hours:
    """Read `09:00-18:00`; raise InvalidValue."""
    first, dash, last = text.replace("–", "-").partition("-")
    try:
        hours = Hours(*(time.fromisoformat(one.strip().zfill(5)) for one in (first, last)))
    except ValueError:
        hours = Hours(time(1), time(0))
    if not dash or hours.first >= hours.last:
        raise InvalidValue(_("«{text}» are no hours.").format(text=text), _("Write them as 09:00-18:00."))
    return hours


def share(crm: Desk, mailing: Mailing, settings: MailSettings, now: datetime, waiting: int) -> int:
    """Return how many of the waiting letters go in this minute: none at night and on days off.

    What waits is spread evenly over the minutes left of the day, and never more than the rate allows.
    """
    here = now.astimezone(crm.settings.time_zone)
    hours = read_hours(mailing.hours or settings.hours)
    departments = crm.settings.departments
    late = mailing.starts is not None and here.date() < mailing.starts
    if late or not departments.works(departments.only, here.date()):
        return 0
    if not hours.first <= here.time().replace(tzinfo=None) < hours.last:
        return 0
    left = (hours.last.hour - here.hour) * 60 + hours.last.minute - here.minute
    return min(mailing.rate or settings.rate, ceil(waiting / max(left, 1)))

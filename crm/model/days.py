"""Days and months that people ask for, within the years in which every bound of time can be reckoned."""

from __future__ import annotations

from datetime import date, datetime

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.field_dates import parse_day

FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)
"""The first and the last day that can be asked for: there are days enough around them, in any time zone."""


def read_day(text: str, today: date) -> date:
    """Return a day typed as `2026-11-22`, `22.11.2026`, `yesterday`; raise InvalidValue."""
    day = parse_day(text, today)
    if day is None:
        raise InvalidValue(_("«{text}» is not a day.").format(text=text), _("Write it as 2026-01-31 or 31.01.2026."))
    return _within(day, text)


def read_month(text: str) -> date:
    """Return the first day of a month typed as `2026-11` or `11.2026`; raise InvalidValue."""
    for pattern in ("%Y-%m", "%m.%Y"):
        try:
            day = datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
        return _within(day, text)
    raise InvalidValue(_("«{text}» is not a month.").format(text=text), _("Write it as 2026-11 or 11.2026."))


def _within(day: date, text: str) -> date:
    if not FIRST <= day <= LAST:
        raise InvalidValue(
            _("«{text}» is outside the years {first}–{last}.").format(text=text, first=FIRST.year, last=LAST.year),
            _("Choose a nearer day."),
        )
    return day

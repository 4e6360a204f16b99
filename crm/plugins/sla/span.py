"""A time of work as people say it: «3 раб. дн. 2 ч», «1 ч 20 мин», «15 мин»."""

from __future__ import annotations

from crm.locale import _


def span(minutes: int, day: int) -> str:
    """Return minutes of work in words, the two largest parts of them; `day` is how many a working day has."""
    days, rest = divmod(minutes, day) if day > 0 else (0, minutes)
    hours, left = divmod(rest, 60)
    parts = [
        _("{n} d of work").format(n=days) if days else "",
        _("{n} h").format(n=hours) if hours else "",
        _("{n} min").format(n=left) if left and not days else "",
    ]
    return " ".join(filter(None, parts)) or _("{n} min").format(n=0)

"""The table of the team: points against the norm, the days one by one, and a way to what each point is for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup

from crm.html import NOTHING, joined, link, table, tag
from crm.locale import N_, _, language
from crm.plugins.motivator.kinds import kind_title

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from crm.plugins.motivator.standing import Standing
    from crm.workspace import Workspace

GOOD, FAIR = 100, 70
"""From how many percent of the norm on a standing is good, and from how many it is fair."""
TITLES = (N_("Full name"), N_("Points"), N_("Norm"), N_("Of the norm"), N_("By day"), N_("Stability"), N_("Trend"),
          N_("Done"))  # fmt: skip
_TOP = 24
_SPARK = Markup('<svg class="spark" viewBox="0 0 {} 24" role="img" aria-label="{}">{}</svg>')
_DAY = Markup('<rect class="{}" x="{}" y="{}" width="5" height="{}"><title>{}</title></rect>')
_BAR = Markup('<progress class="{}" max="{}" value="{}" aria-label="{}"></progress>')


def team(crm: Workspace, found: list[Standing], query: Mapping[str, str]) -> Markup:
    """Return the table of how people stand, the best first."""
    titles = [_(title) for title in TITLES]
    return table(_("Motivator"), titles, (_row(crm, one, query) for one in found), ends=(1, 2, 5, 6))


def _row(crm: Workspace, one: Standing, query: Mapping[str, str]) -> list[object]:
    kept = {name: query[name] for name in ("day", "month") if query.get(name)}
    address = f"/p/motivator?{urlencode({**kept, 'explain': one.person.login})}"
    done = ", ".join(f"{kind_title(crm, kind)} {count}" for kind, count in one.counts.items())
    stability = "—" if one.stability is None else f"{one.stability} %"
    name = link(address, one.person.name)
    return [name, one.points, f"{one.norm:f}", _share(one), spark(one), stability, _trend(one), done]


def tone(percent: int | None) -> str:
    """Return the tone of a standing."""
    if percent is None:
        return ""
    return "good" if percent >= GOOD else "warn" if percent >= FAIR else "bad"


def _share(one: Standing) -> Markup:
    if one.percent is None:
        return Markup("—")
    text = f"{one.percent} %"
    return tag(text, tone(one.percent)) + _BAR.format(tone(one.percent), one.norm, min(one.points, one.norm), text)


def _trend(one: Standing) -> str:
    if one.trend is None:
        return "—"
    sign = "↗ +" if one.trend > 0 else "↘ −" if one.trend < 0 else ""
    return sign + f"{abs(one.trend):f}".replace(".", "." if language() == "en" else ",")


def spark(one: Standing) -> Markup:
    """Return a column for each working day; those that reached the norm stand out."""
    if not one.days:
        return NOTHING
    most = max([*one.days.values(), int(one.person.norm), 1])
    bars = [_bar(one, place, day, points, most) for place, (day, points) in enumerate(one.days.items())]
    told = "; ".join(f"{day:%d.%m}: {points}" for day, points in one.days.items())
    return _SPARK.format(len(one.days) * 7, told, joined(bars))


def _bar(one: Standing, place: int, day: date, points: int, most: int) -> Markup:
    height = max(round(_TOP * points / most), 1)
    look = tone(round(100 * points / one.person.norm)) if one.person.norm else ""
    return _DAY.format(look, place * 7, _TOP - height, height, f"{day:%d.%m}: {points}")

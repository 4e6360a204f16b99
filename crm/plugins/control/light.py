"""The light: criteria judged as kept or broken, and the colour they give together. Pure, no workspace here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

RED, YELLOW, GREEN = "red", "yellow", "green"
COLORS = (RED, YELLOW, GREEN)
COLOR_TITLES = {RED: N_("red"), YELLOW: N_("yellow"), GREEN: N_("green")}


class Finding(NamedTuple):
    """One criterion: its rule, the colour it gives, what was found, against what threshold, where, what to do.

    `color` is green for a criterion that is kept; `refs` are the records behind it.
    """

    rule: str
    color: str
    why: str
    threshold: str = ""
    refs: tuple[str, ...] = ()
    advice: str = ""

    def plain(self) -> dict[str, Any]:
        """Return what scripts get."""
        return {**self._asdict(), "refs": list(self.refs)}


class Light(NamedTuple):
    """The light of one record: its findings, one for each criterion that is switched on."""

    ref: str
    label: str
    owner: str
    findings: tuple[Finding, ...]

    @property
    def color(self) -> str:
        """Return the worst colour of the findings."""
        return worst(one.color for one in self.findings)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Return the criteria that are not kept."""
        return tuple(one for one in self.findings if one.color != GREEN)


def worst(colors: Iterable[str]) -> str:
    """Return the worst of colours, green of none."""
    return min(colors, key=COLORS.index, default=GREEN)


def kept(rule: str, why: str, threshold: str = "") -> Finding:
    """Return a criterion that is kept."""
    return Finding(rule, GREEN, why, threshold)


def title(color: str) -> str:
    """Return what people call a colour."""
    return _(COLOR_TITLES[color])

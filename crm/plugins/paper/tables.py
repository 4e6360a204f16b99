"""Tables and small forms for the pages of papers in the console, escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.locale import _, language
from crm.model.money import Money, format_money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm.model.fields import Doc


def table(title: str, titles: Sequence[str], rows: Iterable[Sequence[Any]], ends: tuple[int, ...] = ()) -> Markup:
    """Return a table of cells; those in the columns `ends` stand at their right edge."""
    shown = [_row("td", row, ends) for row in rows]
    if not shown:
        return Markup('<p class="muted">{}</p>').format(_("Nothing here yet"))
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="plain figures">'
        "<thead>{}</thead><tbody>{}</tbody></table></div>"
    ).format(title, _row("th", titles, ends), Markup("").join(shown))


def _row(tag: str, cells: Sequence[Any], ends: tuple[int, ...]) -> Markup:
    made = [
        Markup("<{tag}{end}>{cell}</{tag}>").format(
            tag=tag, end=Markup(' class="end"') if place in ends else "", cell=cell
        )
        for place, cell in enumerate(cells)
    ]
    return Markup("<tr>{}</tr>").format(Markup("").join(made))


def section(title: str, *parts: Markup) -> Markup:
    """Return parts under a heading."""
    return Markup("<h2>{}</h2>{}").format(title, Markup("").join(parts))


def link(address: str, text: object, look: str = "") -> Markup:
    """Return a link, as a button where `look` names one."""
    kind = Markup(' class="{}"').format(look) if look else ""
    return Markup('<a href="{}"{}>{}</a>').format(address, kind, text)


def button(action: str, text: str, values: Mapping[str, object], look: str = "button small") -> Markup:
    """Return a form of one button that posts `values` to an action of a plugin."""
    return form(action, Markup('<button class="{}">{}</button>').format(look, text), values)


def form(action: str, fields: Markup, values: Mapping[str, object], *, files: bool = False) -> Markup:
    """Return a form with its `fields` that posts `values` as well, and chosen `files`."""
    hidden = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value) for name, value in values.items()
    )
    kind = Markup(' enctype="multipart/form-data"') if files else ""
    head = Markup('<form class="buttons" method="post" action="/do/{}"{}>').format(action, kind)
    return head + hidden + fields + Markup("</form>")


def money(doc: Doc | None) -> str:
    """Return money as people read it, nothing for nothing."""
    return format_money(Money.from_json(doc), language()) if doc else ""


def day(text: str | None) -> str:
    """Return a stored day or moment as people read a day."""
    return ".".join(reversed(text[:10].split("-"))) if text else ""

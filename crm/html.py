"""Pieces of console pages for plugins: tables, tabs, tags, small forms, empty states; what they show is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from crm.locale import _, language
from crm.model.money import Money, format_money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm.model.fields import Doc
    from crm.workspace import Workspace

NOTHING = Markup("")


def joined(parts: Iterable[object], between: str = "") -> Markup:
    """Return parts one after another."""
    return Markup(between).join(escape(one) for one in parts)


# --- tables -----------------------------------------------------------------------------------------------------------


def table(title: str, titles: Sequence[str], rows: Iterable[Sequence[Any]], ends: tuple[int, ...] = ()) -> Markup:
    """Return a table of cells; those in the columns `ends` stand at their right edge; on a phone a row is a card."""
    shown = [_row(titles, row, ends) for row in rows]
    if not shown:
        return note(_("Nothing here yet"))
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}">'
        '<table class="plain figures stack" role="table"><thead role="rowgroup"><tr role="row">{}</tr></thead>'
        '<tbody role="rowgroup">{}</tbody></table></div>'
    ).format(title, joined(_head(text, place in ends) for place, text in enumerate(titles)), joined(shown))


def _head(text: str, at_end: bool) -> Markup:
    if not text:
        return Markup("<td></td>")
    return Markup('<th role="columnheader" scope="col"{}>{}</th>').format(_end(at_end), text)


def _row(titles: Sequence[str], cells: Sequence[Any], ends: tuple[int, ...]) -> Markup:
    made = [
        f'<td role="cell"{_end(place in ends)}{_titled(text)}>{escape("" if cell is None else cell)}</td>'
        for place, (text, cell) in enumerate(zip(titles, cells, strict=True))
    ]  # plain strings of escaped parts: `Markup.format` takes ten times as long
    return Markup(f'<tr role="row">{"".join(made)}</tr>')


def _titled(text: str) -> str:
    return f' data-title="{escape(text)}"' if text else ""


def _end(at_end: bool) -> Markup:
    return Markup(' class="end"') if at_end else NOTHING


# --- words and links --------------------------------------------------------------------------------------------------


def note(text: object) -> Markup:
    """Return a line in a quiet tone."""
    return Markup('<p class="muted">{}</p>').format(text)


def section(title: str, *parts: object) -> Markup:
    """Return parts under a heading."""
    return Markup('<section class="part"><h2>{}</h2>{}</section>').format(title, joined(parts))


def link(address: str, text: object, look: str = "") -> Markup:
    """Return a link, as a button where `look` names one."""
    kind = f' class="{escape(look)}"' if look else ""
    return Markup(f'<a href="{escape(address)}"{kind}>{escape(text)}</a>')


def named(crm: Workspace, ref: str | None) -> Markup:
    """Return a link to a record by its label, by its reference where it may not be read; nothing for no record."""
    if not ref:
        return NOTHING
    noun, _slash, number = ref.partition("/")
    doc = crm.doc(noun, int(number))
    seen = doc is not None and crm.guard.may("read", noun, doc)
    return link(f"/{ref}", crm.record(ref).label if seen else ref)


def links(*pairs: tuple[str, str]) -> Markup:
    """Return a row of buttons that lead to (address, text)."""
    return Markup('<p class="buttons">{}</p>').format(joined(link(to, text, "button") for to, text in pairs))


def tabs(title: str, pairs: Iterable[tuple[str, str]], current: str) -> Markup:
    """Return tabs of (address, text); `current` is the address of the one that is shown."""
    here = Markup(' aria-current="page"')
    made = [Markup('<a href="{}"{}>{}</a>').format(to, here if to == current else NOTHING, text) for to, text in pairs]
    return Markup('<nav class="tabs" aria-label="{}">{}</nav>').format(title, joined(made))


def pages(here: tuple[int, int, int], before: str, after: str) -> Markup:
    """Return where a page stands, `here` (first row, last row, all rows), and the addresses beside it; "" for none."""
    if not before and not after:
        return NOTHING
    text = _("{first}-{last} of {count}").format(first=here[0], last=here[1], count=here[2])
    ways = [(before, "prev", _("Previous page")), (after, "next", _("Next page"))]
    step = Markup('<a class="button quiet" rel="{}" href="{}">{}</a>')
    made = [step.format(way, address, title) for address, way, title in ways if address]
    return Markup('<nav class="pages" aria-label="{}"><span>{}</span>{}</nav>').format(_("Pages"), text, joined(made))


def switched(title: str, rows: Iterable[tuple[str, str]], settings: str) -> Markup:
    """Return (what, address) as a table of what machines call, off without an address, and the way to its settings."""
    shown = [[what, tag(_("on"), "good") if address else tag(_("off")), address] for what, address in rows]
    text = note(_("Secrets switch the addresses on; they are among the settings."))
    return table(title, [_("What"), _("State"), _("Address")], shown) + text + link(settings, _("Settings"))


def tag(text: object, tone: str = "", why: str = "") -> Markup:
    """Return a small mark; `tone` is good, warn, bad or nothing, `why` is shown when it is pointed at."""
    reason = Markup(' title="{}"').format(why) if why else NOTHING
    return Markup('<span class="tag {}"{}>{}</span>').format(tone, reason, text)


def nothing(title: str, text: str, *parts: object) -> Markup:
    """Return what a page says while it has nothing to show: what it is for, and parts with the way on."""
    return Markup('<div class="nothing"><p class="nothing-title">{}</p><p>{}</p>{}</div>').format(
        title, text, joined(parts)
    )


# --- forms ------------------------------------------------------------------------------------------------------------


def button(action: str, text: str, values: Mapping[str, object] | None = None, look: str = "button small") -> Markup:
    """Return a form of one button that posts `values` to an action of a plugin."""
    return form(action, Markup('<button class="{}">{}</button>').format(look, text), values or {})


def form(
    action: str, fields: Markup, values: Mapping[str, object], *, files: bool = False, look: str = "buttons"
) -> Markup:
    """Return a form with its `fields` that posts `values` as well, and chosen `files`."""
    kind = Markup(' enctype="multipart/form-data"') if files else ""
    return Markup('<form class="{}" method="post" action="/do/{}"{}>{}{}</form>').format(
        look, action, kind, _hidden(values), fields
    )


def _hidden(values: Mapping[str, object]) -> Markup:
    one = Markup('<input type="hidden" name="{}" value="{}">')
    return joined(one.format(name, value) for name, value in values.items())


def upload(
    action: str, label: str, text: str, accept: str, values: Mapping[str, object] | None = None, *, main: bool = False
) -> Markup:
    """Return a form that sends one chosen file as `file`; `accept` as browsers take it, such as ".xml,.zip"."""
    fields = Markup(
        '<label for="file-{action}">{label}</label><input id="file-{action}" type="file" name="file" accept="{accept}" '
        'required><button class="button{main}">{text}</button>'
    ).format(action=action, label=label, accept=accept, text=text, main=" primary" if main else "")
    return form(action, fields, values or {}, files=True, look="upload")


# --- values -----------------------------------------------------------------------------------------------------------


def money(doc: Doc | None) -> str:
    """Return money as people read it, nothing for nothing."""
    return format_money(Money.from_json(doc), language()) if doc else ""


def day(text: str | None) -> str:
    """Return a stored day or moment as people read a day."""
    return ".".join(reversed(text[:10].split("-"))) if text else ""

"""Tables of figures as screens show them: cells with bars of their share, tiles of totals, ways into the records."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm.console.cells import link_cell, text_cell
from crm.locale import N_, _, language
from crm.model.fields import REF

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.console.shown import Shown
    from crm.console.visit import Context
    from crm.model.fields import Doc
    from crm.model.report import Figure, Sort, Table

    Drill = Callable[[Doc, str], str]

TOTALS = {
    "open": N_("Open"), "open_sum": N_("Sum of the open"), "won": N_("Won"), "won_sum": N_("Sum of the won"),
    "value": N_("Sum of the won"), "lost": N_("Lost"), "lost_sum": N_("Sum of the lost"), "win_rate": N_("Win rate, %"),
    "average": N_("Average deal"), "stalled": N_("Stalled"), "count": N_("Records"), "sum": N_("Sum"),
}  # fmt: skip
"""What totals are called whose column the table does not have."""
_NO_BARS = ("percent", "days")


def shown_table(shown: Shown, table: Table, drill: Drill | None = None) -> Context:
    """Return a table: columns, rows of cells, totals as tiles, notes, and the chart of its main figure."""
    columns = [figure for figure in table.columns if not _is_id(table, figure)]
    main = _main(columns)
    most = {figure.name: _most(table, figure) for figure in columns}
    return {
        "columns": [{"title": figure.label, "type": _TYPES[figure.sort]} for figure in columns],
        "rows": [[_cell(shown, figure, row, most, main, drill) for figure in columns] for row in table.rows],
        "totals": _totals(shown, table, drill),
        "notes": list(table.notes),
        "chart": _chart(shown, table, columns, main),
        "empty": _("Nothing to count yet."),
    }


_TYPES: dict[Sort, str] = {
    "text": "text", "count": "number", "money": "money", "percent": "number", "days": "number"
}  # fmt: skip


def _is_id(table: Table, figure: Figure) -> bool:
    """Tell whether a column only names a group for scripts, beside the one with its title."""
    ids = ("Id", "Group id", "Stage id", "Pipeline id")
    return figure.sort == "text" and (figure.title in ids or (figure.name == "stage" and _has_title(table)))


def _has_title(table: Table) -> bool:
    return any(figure.name == "title" for figure in table.columns)


def _main(columns: list[Figure]) -> Figure | None:
    """Return the figure that bars and charts are of: the first money, else the first count."""
    found = [figure for sort in ("money", "count") for figure in columns if figure.sort == sort]
    return found[0] if found else None


def size(value: Any) -> Decimal:
    """Return how large a value of a report is; money by its amount, what is not known as nothing."""
    amount = value.get("amount") if isinstance(value, dict) else value
    return Decimal(str(amount)) if isinstance(amount, int | float | str | Decimal) else Decimal(0)


def _most(table: Table, figure: Figure) -> Decimal:
    if figure.sort in _NO_BARS or figure.sort == "text":
        return Decimal(0)
    return max((size(row.get(figure.name)) for row in table.rows), default=Decimal(0))


def _cell(
    shown: Shown, figure: Figure, row: Doc, most: dict[str, Decimal], main: Figure | None, drill: Drill | None
) -> Context:
    value = row.get(figure.name)
    address = drill(row, figure.name) if drill is not None and value not in (None, 0) else ""
    made = value_cell(shown, figure.sort, value)
    cell: Context = {
        "type": made["type"],
        "text": made["text"],
        "address": made.get("address") or address,
        "bar": None,
        "before": "",
    }
    if main is not None and figure.name == main.name and most[figure.name]:
        cell["bar"] = round(100 * size(value) / most[figure.name])
    return cell


def value_cell(shown: Shown, sort: Sort, value: Any) -> Context:
    """Return a value of a figure as a cell; a reference leads to its record."""
    if value is None or value == "":
        return {"type": _TYPES[sort], "text": "" if sort == "text" else "—"}
    if sort == "money":
        return {"type": "money", "text": shown.money(value)}
    if sort in ("percent", "days", "count"):
        return {"type": "number", "text": number(value, 0 if sort == "count" else 1)}
    match = REF.fullmatch(str(value))
    if match and match[1] in shown.crm.nouns:
        return link_cell(shown.label(str(value)), shown.url.record(str(value)))
    return text_cell(str(value))


def number(value: Any, places: int) -> str:
    """Return a number with the signs of the language: no more decimals than it needs."""
    text = f"{Decimal(str(value)):,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if language() == "en" else text.replace(",", "\u00a0").replace(".", ",")


def _totals(shown: Shown, table: Table, drill: Drill | None) -> list[Context]:
    figures = {figure.name: figure for figure in table.columns}
    tiles = []
    for name, value in table.totals.items():
        title = figures[name].label if name in figures else _(TOTALS[name]) if name in TOTALS else ""
        if not title or value is None or isinstance(value, str):
            continue
        sort: Sort = "money" if isinstance(value, dict) else "percent"
        sort = figures[name].sort if name in figures else sort
        address = drill({}, name) if drill is not None and value else ""
        text = value_cell(shown, sort, value)["text"]
        tiles.append({"name": name, "title": title, "text": text, "address": address, "before": ""})
    return tiles


# --- charts -----------------------------------------------------------------------------------------------------------


def _chart(shown: Shown, table: Table, columns: list[Figure], main: Figure | None) -> Context | None:
    """Return the columns of a chart over time; tables of other groups have bars in their rows."""
    label = next((figure.name for figure in columns if figure.sort == "text"), "")
    if main is None or not label or len(table.rows) < 2 or not all(_is_time(row.get(label)) for row in table.rows):
        return None
    values = [size(row.get(main.name)) for row in table.rows]
    most = max(values) or Decimal(1)
    texts = [value_cell(shown, main.sort, row.get(main.name))["text"] for row in table.rows]
    step = 100 / len(values)
    bars = [
        {
            "x": round(place * step + step * 0.15, 3), "width": round(step * 0.7, 3),
            "height": round(float(100 * value / most), 2), "y": round(100 - float(100 * value / most), 2),
            "label": str(row[label]), "text": text,
        }
        for place, (row, value, text) in enumerate(zip(table.rows, values, texts, strict=True))
    ]  # fmt: skip
    return {
        "title": main.label, "bars": bars, "most": max(zip(values, texts, strict=True))[1], "size": float(most),
        "before": [],
    }  # fmt: skip


def beside(chart: Context, old: Context) -> None:
    """Stand the columns of an earlier chart behind those of a chart, place by place, on one scale."""
    top = max(chart["size"], old["size"])
    for each in (chart, old):
        for bar in each["bars"]:
            bar["height"] = round(bar["height"] * each["size"] / top, 2)
            bar["y"] = round(100 - bar["height"], 2)
    places = [{"x": round(bar["x"] - bar["width"] * 0.1, 3), "width": bar["width"]} for bar in chart["bars"]]
    chart["before"] = [{**bar, **place} for bar, place in zip(old["bars"], places, strict=False)]
    chart["most"] = chart["most"] if chart["size"] >= old["size"] else old["most"]


def _is_time(value: Any) -> bool:
    text = str(value or "")
    return len(text) in (4, 7, 10) and text[:4].isdecimal() and text[4:5] in ("", "-")

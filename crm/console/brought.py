"""What plugins return for screens, made into parts of a page: text, their own HTML, rows, tables of figures."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.console.figures import shown_table, value_cell
from crm.errors import CrmError
from crm.locale import _
from crm.model.report import Table
from crm.plugin_loading import failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm.console.visit import Context, Visit
    from crm.plugin_loading import Plugin


@contextmanager
def failing(plugin: Plugin, hook: str) -> Iterator[None]:
    """Make what a plugin raises a PluginFailed with its name; errors of the program stay what they are."""
    try:
        yield
    except CrmError:
        raise
    except Exception as error:
        raise failed(plugin, hook, error) from error


def ask(visit: Visit, plugin: Plugin, hook: str, brought: tuple[str, str], *given: Any) -> Mapping[str, Any] | None:
    """Ask a plugin for what it registered as (name, target); what goes wrong becomes PluginFailed with its name."""
    name, target = brought
    made: Any = None
    with failing(plugin, hook):
        made = visit.crm.plugins.contribution(plugin, hook, name, target)(visit.crm, *given)
        if made is not None and not isinstance(made, dict):
            raise TypeError(f"a mapping is needed, not {type(made).__name__}")
    return made


def parts(visit: Visit, made: Mapping[str, Any]) -> Context:
    """Return text, HTML and tables as `brought_parts.html` shows them."""
    tables = [_rows(visit, made["rows"])] if "rows" in made else []
    tables += [shown_table(visit.shown, one) for one in _tables(made)]
    return {"text": str(made.get("text") or ""), "html": Markup(made.get("html") or ""), "tables": tables}


def _tables(made: Mapping[str, Any]) -> list[Table]:
    given = made.get("tables") or ([made["table"]] if made.get("table") is not None else [])
    wrong = next((one for one in given if not isinstance(one, Table)), None)
    if wrong is not None:
        raise TypeError(f"a crm.model.report.Table is needed, not {type(wrong).__name__}")
    return list(given)


def _rows(visit: Visit, rows: Any) -> Context:
    """Return a table of mappings: a column for each of their names; a reference such as deal/12 leads there."""
    given = [row for row in rows or [] if isinstance(row, dict)]
    names = list(dict.fromkeys(key for row in given for key in row))
    return {
        "columns": [{"title": _(str(name)), "type": "text"} for name in names],
        "rows": [[_plain(visit, row.get(name)) for name in names] for row in given],
        "totals": [], "notes": [], "chart": None, "empty": _("Nothing here yet"),
    }  # fmt: skip


def _plain(visit: Visit, value: Any) -> Context:
    cell = value_cell(visit.shown, "text", value)
    return {"type": cell["type"], "text": cell["text"], "address": cell.get("address", ""), "bar": None, "before": ""}

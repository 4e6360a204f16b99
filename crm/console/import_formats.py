"""Files of other programs that plugins read: taken in whole, without a question about columns."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from crm.console.brought import failing
from crm.errors import InvalidValue, NotFound
from crm.locale import _
from crm.sales.import_map import Plan
from crm.sales.importing import Import, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.console.visit import Visit
    from crm.plugin_loading import Plugin
    from crm.sales.importing import Bad, Brought, Outcome

PREFIX = "as:"
_NAMED = 3


def formats(visit: Visit) -> list[tuple[str, str]]:
    """Return what plugins read, as choices of what a file holds."""
    return [
        (f"{PREFIX}{name}", _(str(options.get("title") or name)))
        for _plugin, (name, _target, options) in visit.crm.plugins.brought("register_importers")
    ]


def take_whole(visit: Visit, wanted: str, data: bytes) -> Outcome:
    """Take in a file of a format; raise InvalidValue naming the first rows that do not fit, nothing is written then."""
    name = wanted.removeprefix(PREFIX)
    for plugin, (known, target, options) in visit.crm.plugins.brought("register_importers"):
        if known == name:
            read = visit.crm.plugins.contribution(plugin, "register_importers", name, target)
            plan = Plan(match=tuple(options.get("match") or ()))
            brought = _guarded(plugin, read)
            _try(visit, Import(visit.crm, BytesIO(data), name, plan, brought=brought))
            return Import(visit.crm, BytesIO(data), name, plan, brought=brought).run(Watcher())
    raise NotFound(_("No plugin reads the format «{name}».").format(name=name), _("Choose it."))


def _guarded(plugin: Plugin, read: Brought) -> Brought:
    def guarded(data: bytes) -> Iterator[Any]:
        with failing(plugin, "register_importers"):
            yield from read(data)

    return guarded


def _try(visit: Visit, job: Import) -> None:
    bad: list[Bad] = []
    visit.crm.dry_run = True
    try:
        job.run(Watcher(on_bad=bad.append))
    finally:
        visit.crm.dry_run = False
    if bad:
        rows = (_("line {line}: {reason}").format(line=one.line, reason=one.reason) for one in bad[:_NAMED])
        raise InvalidValue("; ".join(rows), _("Nothing was taken in."))

"""What is due by the clock: every plugin is asked to do it, one after another; one that fails harms no other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import CrmError
from crm.plugin_loading import failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.plugin_loading import Plugin
    from crm.workspace import Workspace


class Told(NamedTuple):
    """What a plugin did, as a sentence, or the error that kept it from it."""

    plugin: str
    text: str
    error: CrmError | None = None


def tick(crm: Workspace, now: datetime | None = None) -> Iterator[Told]:
    """Do what is due at `now`, by default this moment; yield what was done and what failed."""
    moment = now or datetime.now(UTC)
    for plugin in crm.plugins.with_hook("do_what_is_due"):
        try:
            done = _ask(crm, plugin, moment)
        except CrmError as error:
            yield Told(plugin.name, str(error), error)
            continue
        yield from (Told(plugin.name, str(text)) for text in done)


def _ask(crm: Workspace, plugin: Plugin, now: datetime) -> list[object]:
    with crm.serving(plugin.name):
        found = crm.plugins.call(plugin, "do_what_is_due", crm=crm, now=now)
        try:
            return [text for done in found for text in ([done] if isinstance(done, str) else done)]
        except CrmError:
            raise
        except Exception as error:  # a generator of a plugin fails while it is read
            raise failed(plugin, "do_what_is_due", error) from error

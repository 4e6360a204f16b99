"""The report «Контроль руководителя» as a table, and the light of one record explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.report import Figure, Table
from crm.plugins.control.level import Level
from crm.plugins.control.reading import Reading
from crm.plugins.control.settings import ControlRules
from crm.plugins.control.variants import VARIANTS, client_lights, counts, deal_lights

if TYPE_CHECKING:
    from crm.plugins.control.light import Light
    from crm.workspace import Workspace


def control(crm: Workspace, variant: str = "light", level: Level | None = None, color: str = "") -> Table:
    """Return a variant of the report; raise InvalidValue for an unknown one. `color` leaves rows of that light alone.

    Totals: how many rows are red, yellow and green, where rows have a light.
    """
    made = VARIANTS.get(variant)
    if made is None:
        raise InvalidValue(
            _("There is no variant «{name}».").format(name=variant),
            _("Known: {names}.").format(names=", ".join(VARIANTS)),
        )
    rows = list(made.rows(read(crm), level or Level()))
    totals = counts(rows) if any("light" in row for row in rows) else {}
    if color:
        rows = [row for row in rows if row.get("light") == color]
    return Table(tuple(Figure(*column) for column in made.columns), rows, totals)


def explain(crm: Workspace, ref: str) -> Light:
    """Return the light of a client or an open deal with every criterion; InvalidValue for what has no light."""
    record = crm.record(ref)
    crm.guard.check("read", ref.partition("/")[0], record.doc)
    reading = read(crm)
    if record.noun == "deal":
        lights = [light for _deal, light in deal_lights(reading, Level())]
    else:
        lights = list(client_lights(reading, Level()))
    found = next((one for one in lights if one.ref == record.ref), None)
    if found is None:
        raise InvalidValue(
            _("{ref} has no light of its own.").format(ref=ref),
            _("A company, a person who belongs to none, and an open deal have one."),
        )
    return found


def read(crm: Workspace) -> Reading:
    """Read what the actor may see of clients and deals."""
    return Reading(crm, crm.settings.section("control", ControlRules))

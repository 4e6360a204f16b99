"""What a client's record holds that looks mistyped: phones that are none, tax ids that do not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.locale import _
from crm.model.field_lists import Phones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.record import Record
    from crm.sales.desk import Desk


def warn(crm: Desk, record: Record) -> None:
    """Warn of what looks mistyped; it is kept as it was typed, for it may be all that is known."""
    crm.warnings += (f"{record.ref}: {doubt}" for doubt in doubts(crm, record))


def doubts(crm: Desk, record: Record) -> Iterator[str]:
    """Yield a sentence on each phone that is not one and each tax id whose digits do not add up."""
    for name, field in crm.nouns[record.noun].fields.items():
        if isinstance(field, Phones):
            for phone in record.doc.get(name, ()):
                if not phone.startswith("+"):
                    yield _("«{phone}» is not a phone number.").format(phone=phone)
    ids = record.doc.get("tax_ids")
    if ids:
        from crm.model.tax_ids import check

        yield from filter(None, (check(part, value) for part, value in ids.items()))

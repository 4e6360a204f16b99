"""The exchange with 1C in the demo: yesterday's invoices went to accounting, today's wait."""

from __future__ import annotations

from crm.demo.part import Part

WENT_ON = 1
"""How many working days before this morning the file was written."""


class Onec(Part):
    """What accounting got."""

    def day(self, days_left: int) -> None:
        """Write the file for 1C in the evening."""
        if days_left != WENT_ON or not self.nouns("onec_order"):
            return
        with self.crm.by(self.cast.users[0][0]):
            self.verbs("onec_order").write_out()

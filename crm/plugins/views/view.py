"""A saved view."""

from __future__ import annotations

from crm.locale import N_
from crm.model.fields import Flag, Text
from crm.model.record import Record


class View(Record):
    """What a person looks at again and again: `place` is a list or a board, `words` the words of its address."""

    noun, plural = "view", "views"
    title_one, title_many = N_("Saved view"), N_("Saved views")
    example = '"Крупные" --place deals --words "where=amount+%3E+100000"'

    name = Text(N_("Name"), required=True, search=True, listed=True)
    place = Text(N_("Place"), required=True, key=True, listed=True)
    words = Text(N_("Filters, columns and order"), listed=True)
    shared = Flag(N_("For everybody"), key=True, listed=True)

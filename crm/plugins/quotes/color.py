"""A colour of the settings, `#1f4e79`."""

from __future__ import annotations

import re

from crm.locale import _


class Color(str):
    """A colour as style sheets write it."""

    __slots__ = ()

    @classmethod
    def from_plain(cls, data: object) -> Color:
        """Read a colour; raise ValueError for anything else."""
        text = str(data).strip().lower()
        if not re.fullmatch("#[0-9a-f]{6}", text):
            raise ValueError(
                _("{color} is no colour; write for example {example}.").format(color=data, example="#1f4e79")
            )
        return cls(text)

"""How the team names leads: a scheme such as `{city}, {name}, {product}`, checked without regular expressions."""

from __future__ import annotations

from collections.abc import Mapping

from crm.locale import N_, _

_KNOWN = {"city": N_("City"), "name": N_("First name"), "product": N_("Product")}


class NameScheme:
    """How the team names leads: parts in braces with the text between them, `{city}, {name}, {product}`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str] = []
        self.between: list[str] = []
        rest = text
        while "{" in rest:
            before, _brace, rest = rest.partition("{")
            part, closed, rest = rest.partition("}")
            if not closed or not part.strip() or "{" in part:
                raise ValueError(_("The braces in «{text}» do not pair.").format(text=text))
            if self.parts and not before:
                raise ValueError(_("Two parts in «{text}» have nothing between them.").format(text=text))
            self.between.append(before)
            self.parts.append(part.strip())
        self.between.append(rest)

    @classmethod
    def from_plain(cls, data: object) -> NameScheme:
        """Read a scheme; raises ValueError."""
        return cls(str(data))

    def split(self, name: str) -> dict[str, str] | None:
        """Return the parts of a name, or None where it does not follow the scheme."""
        if not self.parts:
            return {}
        start, end = self.between[0], self.between[-1]
        if not name.startswith(start) or not name.endswith(end):
            return None
        rest = name[len(start) : len(name) - len(end)]
        found = {}
        for part, separator in zip(self.parts, [*self.between[1:-1], None], strict=True):
            value, present, rest = rest.partition(separator) if separator else (rest, "-", "")
            if not present or not value.strip():
                return None
            found[part] = value.strip()
        return found

    def fits(self, name: str) -> bool:
        """Tell whether a lead's name follows the scheme; an empty scheme takes any name."""
        return self.split(name) is not None

    def example(self) -> str:
        """Return the scheme as people read it: the parts named in the current language."""
        return self.compose({part: _(_KNOWN.get(part, part)) for part in self.parts})

    def compose(self, parts: Mapping[str, str]) -> str:
        """Make a name of its parts; a part that is not there is a dash."""
        middle = "".join(
            before + (parts.get(part) or "—") for before, part in zip(self.between, self.parts, strict=False)
        )
        return middle + self.between[-1]

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NameScheme) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

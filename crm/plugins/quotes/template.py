"""The text that a quote is written by: paragraphs with merge fields `{client}`, and blocks such as `[goods]`. No code.

What the fields stand for is `merging.py`; how the pieces look is `paper/templates/quote.html`.
"""

from __future__ import annotations

import re
from pathlib import Path

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.mailings.template import fill, names_in
from crm.plugins.paper.parties import Block

BLOCKS = ("letterhead", "goods", "options", "terms", "comment", "signature", "requisites", "line", "page")
FIELDS = (
    "number", "version", "date", "valid_until", "total", "total_words", "vat", "discount", "client", "contact", "name",
    "position", "deal", "seller", "seller_phone", "seller_email", "seller_address", "director", "manager",
    "manager_email", "today",
)  # fmt: skip
CUSTOM = "custom_"
_OURS = Path(__file__).parent / "templates"
_BLOCK = re.compile(r"\[\s*([a-z]+)(?:\s+([^\]\s]+))?\s*\]")
_BREAK = re.compile(r"\n[ \t]*\n\s*")


class QuoteTemplate:
    """A text in pieces that blank lines part; `#` and `##` begin headings, `-` a list, `**` encloses what is bold."""

    __slots__ = ("text",)

    def __init__(self, text: str = "") -> None:
        self.text = text

    @classmethod
    def from_plain(cls, data: object) -> QuoteTemplate:
        """Read the text; raise ValueError for a block or a merge field that there is not."""
        made = cls(str(data or ""))
        try:
            names = names_in(made.text)
        except InvalidValue as error:
            raise ValueError(f"{error.message} {error.remedy}") from error
        for name in names:
            if name not in FIELDS and not name.startswith(CUSTOM):
                raise ValueError(
                    _("There is no merge field {field}. There are: {names}.").format(
                        field=f"{{{name}}}", names=", ".join(FIELDS)
                    )
                )
        for piece in made.pieces():
            _check(piece)
        return made

    def pieces(self) -> list[str]:
        """Return the pieces between blank lines."""
        return [piece.strip() for piece in _BREAK.split(self.text.replace("\r\n", "\n").strip()) if piece.strip()]

    def blocks(self, values: dict[str, str]) -> tuple[Block, ...]:
        """Return what is printed; a piece whose merge fields are all empty is left out."""
        return tuple(_made(piece, values) for piece in self.pieces() if _says_something(piece, values))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, QuoteTemplate) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def ours(lang: str) -> QuoteTemplate:
    """Return the template of the house in a language, in English where there is none."""
    path = _OURS / f"quote_{lang}.txt"
    return QuoteTemplate((path if path.is_file() else _OURS / "quote_en.txt").read_text("utf-8"))


def _check(piece: str) -> None:
    found = _BLOCK.fullmatch(piece)
    if found and found[1] not in (*BLOCKS, "picture"):
        raise ValueError(
            _("There is no block [{name}]. There are: {names}.").format(
                name=found[1], names=", ".join(f"[{name}]" for name in (*BLOCKS, "picture FILE"))
            )
        )
    if found and (found[1] == "picture") != bool(found[2]):
        raise ValueError(_("Write [picture FILE] with a file of config/, and other blocks by their name alone."))


def _says_something(piece: str, values: dict[str, str]) -> bool:
    names = names_in(piece)
    return not names or any(values.get(name) for name in names)


def _made(piece: str, values: dict[str, str]) -> Block:
    found = _BLOCK.fullmatch(piece)
    if found:
        return Block(found[1], found[2] or "")
    for mark, kind in (("## ", "subheading"), ("# ", "heading")):
        if piece.startswith(mark):
            return Block(kind, fill(" ".join(piece.removeprefix(mark).split()), _known(piece, values)))
    text = fill(piece, _known(piece, values))
    if all(line.lstrip().startswith("- ") for line in piece.splitlines()):
        return Block("list", "\n".join(line.lstrip()[2:].strip() for line in text.splitlines()))
    return Block("text", text)


def _known(piece: str, values: dict[str, str]) -> dict[str, str]:
    return {name: values.get(name, "") for name in names_in(piece)}

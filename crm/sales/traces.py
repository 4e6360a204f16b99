"""How a person is recognised in texts: phones in any format, addresses, names in any case and order.

A phone, an address or two words of a name side by side are a trace anywhere; a single word of a name only where it is
known that the text is about him.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm.model.company_name import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable

_GAP = r"[\s,]+"
_SEPARATORS = r"[\s().\u00a0-]*"
_ENDINGS = "аяоеиыуюьйіїєaeo"
_SHORTEST_WORD = 3
_FEWEST_DIGITS = 5
_NOTHING = re.compile(r"(?!)")


class Traces:
    """What is a trace of a person in one kind of text.

    `needles` are looked for first, without case, ё and what stands between digits: most texts have none of them.
    """

    def __init__(self, patterns: Iterable[str], needles: Iterable[str]) -> None:
        self._pattern = _any_of(patterns)
        self._needles = [needle for needle in {_plain(needle) for needle in needles} if needle]

    def may_be_in(self, text: str) -> bool:
        """Tell whether a text is worth a closer look."""
        plain = _plain(text)
        return any(needle in plain for needle in self._needles)

    def are_in(self, text: str) -> bool:
        """Tell whether a text holds a trace."""
        return self.may_be_in(text) and self._pattern.search(text) is not None

    def replaced(self, text: str, placeholder: str) -> str:
        """Return a text with a placeholder for each trace."""
        return self._pattern.sub(lambda _found: placeholder, text) if self.may_be_in(text) else text


@dataclass
class Traits:
    """What a person is known by: his names as they were ever written, phones, addresses."""

    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)

    def anywhere(self) -> Traces:
        """Return what is a trace in any text."""
        return Traces([*self._contacts(), *self._whole_names()], self._needles())

    def about_him(self) -> Traces:
        """Return what is a trace in a text that is about him."""
        single = (_word(word) for name in self.names for word in _words(name))
        return Traces([*self._contacts(), *self._whole_names(), *single], self._needles())

    def _needles(self) -> Iterable[str]:
        yield from self.emails
        yield from (_stem(word) for name in self.names for word in _words(name))
        for number in self.phones:
            digits = _digits(number)
            yield _split(digits)[1] if len(digits) >= _FEWEST_DIGITS else number.partition(";")[0]

    def _whole_names(self) -> Iterable[str]:
        yield from (_several(_words(name)) for name in self.names if len(_words(name)) > 1)

    def _contacts(self) -> Iterable[str]:
        yield from (_phone(number) for number in self.phones)
        yield from (rf"(?<![\w.+-]){re.escape(address)}(?![\w-])" for address in self.emails)


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е").translate(_BETWEEN)


_BETWEEN = str.maketrans("", "", " ().-\u00a0\t\n")


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Join patterns, the longer first, so that a whole name goes before a word of it."""
    known = sorted({pattern for pattern in patterns if pattern}, key=len, reverse=True)
    return re.compile("|".join(known), re.IGNORECASE) if known else _NOTHING


def _words(name: str) -> list[str]:
    """Return the words of a name that mean him: not the legal form of a sole trader, not initials."""
    words = re.findall(r"[\w'’-]+", name)
    return [word for word in words if len(word) >= _SHORTEST_WORD and word.casefold() not in FORMS]


def _several(words: list[str]) -> str:
    """Return the pattern of two or more words of a name side by side, in any order."""
    one = "(?:" + "|".join(sorted({_bare(word) for word in words})) + ")"
    return rf"(?<!\w){one}(?:{_GAP}{one})+(?!\w)"


def _word(word: str) -> str:
    return rf"(?<!\w){_bare(word)}(?!\w)"


def _bare(word: str) -> str:
    """Return the pattern of a word in any grammatical case: Василий, Василия, Василием."""
    return re.sub("[еёЕЁ]", "[её]", re.escape(_stem(word))) + r"\w{0,3}"


def _stem(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_WORD and word[-1].casefold() in _ENDINGS else word


def _phone(number: str) -> str:
    """Return the pattern of a phone however it is written: +7 (916) 123-45-67, 89161234567."""
    base = number.partition(";")[0]
    digits = _digits(number)
    if len(digits) < _FEWEST_DIGITS:
        return re.escape(base) if base.strip() else ""
    code, own = _split(digits)
    prefix = rf"(?:\+?(?:{code}){_SEPARATORS})?\(?" if code else r"\+?"
    return rf"(?<!\d){prefix}" + _SEPARATORS.join(own) + r"(?!\d)"


def _digits(number: str) -> str:
    return re.sub(r"[^0-9]", "", number.partition(";")[0])


def _split(digits: str) -> tuple[str, str]:
    """Return the codes that may stand before a number of Russia, Kazakhstan or Ukraine, and its own digits."""
    if len(digits) == 11 and digits[0] in "78":
        return "7|8", digits[1:]
    return ("380|0", digits[3:]) if len(digits) == 12 and digits.startswith("380") else ("", digits)

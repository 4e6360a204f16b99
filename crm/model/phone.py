"""Telephone numbers: one form (E.164) for whatever people type, a key for search, a form for reading.

Numbers are never refused: what is not a number stays as it was typed and is marked invalid.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crm.locale import _

_REGIONS = {"ru": "RU", "uk": "UA", "en": "US", "RUB": "RU", "UAH": "UA", "KZT": "KZ", "BYN": "BY", "USD": "US"}
_UNKNOWN_REGION = "ZZ"

# Mobile numbers that need no library. The codes 9300 and the newest Ukrainian ones are left to its tables.
_SEPARATORS = str.maketrans("", "", " -()\u00a0")
_RU_MOBILE = "9(?!300)[0-9]{9}"
_UA_MOBILE = "(?:39|50|63|6[678]|73|9[1-9])[0-9]{7}"
_FAST_ABROAD = rf"\+7{_RU_MOBILE}|\+380{_UA_MOBILE}"
_FAST_AT_HOME = {"RU": (rf"[78]?({_RU_MOBILE})", "+7"), "UA": (rf"(?:38)?0({_UA_MOBILE})", "+380")}

_EXTENSION = r"(?i)\s*[,;]?\s*(?:внутр(?:енний)?|вн|добавочный|доб|додатковий|дод|доп)\.?\s*№?\s*([0-9]{1,7})\s*$"
# Numbers of a neighbour, recognised by their length and first digits.
_NEIGHBOURS = ((r"[78][0-9]{10}", "RU"), (r"(?:38)?0[0-9]{9}", "UA"))
_READABLE = (
    (r"\+7(\d{3})(\d{3})(\d\d)(\d\d)", r"+7 \1 \2-\3-\4"),
    (r"\+380(\d\d)(\d{3})(\d\d)(\d\d)", r"+380 \1 \2 \3 \4"),
)


class Phone(NamedTuple):
    """A telephone: `number` in E.164 (RFC 3966 `;ext=12` with an extension) and the text as `typed`.

    When not `valid`, `number` is the typed text and must not be used to find duplicates.
    """

    number: str
    typed: str
    valid: bool


def normalize(text: str, region: str) -> Phone:
    """Read a number as typed in `region` (ISO 3166, “RU”); a Russian or Ukrainian one is known anywhere.

    Rule: the own region first; when invalid, 11 digits from 7 or 8 are tried as Russian and 10 digits
    from 0 (or 12 from 380) as Ukrainian; still invalid stays as typed.
    """
    typed = text.strip()
    number = _fast(typed, region) or _by_library(typed, region)
    return Phone(number or typed, typed, number is not None)


def search_key(number: str) -> str:
    """Return the digits of `number` reversed, without its extension: the last digits come first."""
    digits = number[1:] if number[:1] == "+" else number
    if not (digits.isascii() and digits.isdigit()):
        digits = re.sub(r"[^0-9]", "", number.partition(";")[0])
    return digits[::-1]


def region_of(code: str) -> str:
    """Return the region of numbers for a language (“ru”) or a currency (“RUB”); “ZZ”, unknown, for others."""
    return _REGIONS.get(code, _UNKNOWN_REGION)


def format_phone(number: str) -> str:
    """Write a Russian or Ukrainian E.164 number in groups, “+7 916 123-45-67”; others come back unchanged."""
    base, _mark, extension = number.partition(";ext=")
    for shape, groups in _READABLE:
        if found := re.fullmatch(shape, base):
            readable = found.expand(groups)
            return " ".join((readable, _("ext."), extension)) if extension else readable
    return number


def _fast(typed: str, region: str) -> str | None:
    compact = typed.translate(_SEPARATORS)
    if re.fullmatch(_FAST_ABROAD, compact):
        return compact
    shape, code = _FAST_AT_HOME.get(region, ("(?!)", ""))
    found = re.fullmatch(shape, compact)
    return code + found[1] if found else None


def _by_library(typed: str, region: str) -> str | None:
    known = re.sub(_EXTENSION, r" ext. \1", typed)
    if number := _parse(known, region):
        return number
    digits = re.sub(r"[^0-9]", "", known.partition(" ext. ")[0])
    for shape, neighbour in _NEIGHBOURS:
        if neighbour != region and re.fullmatch(shape, digits):
            return _parse(known, neighbour)
    return None


def _parse(text: str, region: str) -> str | None:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{number};ext={parsed.extension}" if parsed.extension else number

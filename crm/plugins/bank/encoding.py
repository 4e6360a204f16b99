"""Bytes of a bank statement to text; the encoding is told by the content, since the `Кодировка` tag often lies."""

from __future__ import annotations

import codecs

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ("cp1251", "cp866", "utf-8")
_WORDS = ("секциядокумент", "назначениеплатежа", "конецдокумента", "расчсчет")


def decode_statement(data: bytes) -> str:
    """Decode a statement of any encoding that banks use.

    A byte order mark decides; then strict UTF-8; then the encoding in which the words of the format are met most often
    (a UTF-8 file cut in the middle of a letter is still UTF-8). Never fails: bytes the encoding lacks become U+FFFD.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return max((data.decode(encoding, errors="replace") for encoding in _CANDIDATES), key=_hits)


def _hits(text: str) -> int:
    lowered = text.lower()
    return sum(lowered.count(word) for word in _WORDS)

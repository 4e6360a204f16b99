"""The catalogues of one language, merged and compiled once: found, cached, and read without loading them whole.

A wheel carries `crm/locale/<code>.mo`; a clone compiles its `.po` files into a cache folder of the user.
"""

# Every command comes through here, and pathlib costs milliseconds.
# ruff: noqa: PTH100, PTH103, PTH105, PTH107, PTH111, PTH118, PTH119, PTH120, PTH208

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Callable
from zlib import crc32

LOCALE = os.path.dirname(os.path.abspath(__file__))
MAGIC = 0x950412DE  # of the GNU .mo format, little-endian as Babel writes it

Stamp = list[tuple[str, int, int]]


class Catalogue(gettext.NullTranslations):
    """A compiled catalogue that looks a phrase up in the sorted table of the file (GNU gettext, "The format of
    GNU MO files") and decodes nothing else.
    """

    def __init__(self, data: bytes, form: Callable[[int], int]) -> None:
        super().__init__()
        self._data = data
        if self._number(0) != MAGIC:
            raise ValueError("not a compiled catalogue")
        self._count, self._originals, self._translated = self._number(8), self._number(12), self._number(16)
        self._form = form
        self._known: dict[str, str | None] = {}

    def gettext(self, message: str) -> str:
        """Return the translation, the message itself where there is none."""
        found = self._find(message) if message else None
        return found.split("\0", 1)[0] if found else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form of the translation for `n`, else of the English phrase."""
        found = self._find(msgid1)
        if not found:
            return msgid1 if n == 1 else msgid2
        forms = found.split("\0")
        return forms[min(self._form(n), len(forms) - 1)]

    def _find(self, message: str) -> str | None:
        if message not in self._known:
            self._known[message] = self._search(message)
        return self._known[message]

    def _search(self, message: str) -> str | None:
        wanted = message.encode()
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            original = self._bytes(self._originals, middle).split(b"\0", 1)[0]
            if original == wanted:
                return self._bytes(self._translated, middle).decode()
            if original < wanted:
                low = middle + 1
            else:
                high = middle
        return None

    def _bytes(self, table: int, place: int) -> bytes:
        length, start = self._number(table + 8 * place), self._number(table + 8 * place + 4)
        return self._data[start : start + length]

    def _number(self, place: int) -> int:
        return int.from_bytes(self._data[place : place + 4], "little")


def slavic_form(n: int) -> int:
    """Return the plural form of Russian and Ukrainian: 0 for 1, 21 …, 1 for 2-4, 22 …, 2 for the rest (CLDR)."""
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else 2


def open_catalogue(code: str) -> gettext.NullTranslations:
    """Return the catalogue of a language: packaged, else cached, else compiled now; English is empty."""
    packaged = os.path.join(LOCALE, f"{code}.mo")
    data = _read(packaged)
    if data is None:
        sources = po_files(code, os.path.dirname(LOCALE))
        data = _cached(code, sources) if sources else None
    return gettext.NullTranslations() if data is None else Catalogue(data, slavic_form)


def po_files(code: str, package: str) -> Stamp:
    """Return path, time (ns) and size of each `.po` of a language in the folder of the package."""
    found: Stamp = []
    for folder in [os.path.join(package, "locale"), *_plugin_folders(os.path.join(package, "plugins"))]:
        found += _entries(os.path.join(folder, code), "") + _entries(folder, code)
    return sorted(found)


def _plugin_folders(plugins: str) -> list[str]:
    try:
        with os.scandir(plugins) as entries:
            return [os.path.join(entry.path, "locale") for entry in entries if entry.is_dir()]
    except OSError:
        return []


def _entries(folder: str, stem: str) -> Stamp:
    try:
        with os.scandir(folder) as entries:
            files = [entry for entry in entries if entry.name.endswith(".po")]
    except OSError:
        return []
    wanted = [entry for entry in files if not stem or entry.name == f"{stem}.po"]
    return [(entry.path, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in wanted]


def compile_catalogue(code: str, paths: list[str]) -> bytes:
    """Merge `.po` files into one compiled catalogue; the first translation of a phrase wins, fuzzy ones do not."""
    import io

    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    merged = Catalog(locale=code)
    for path in paths:
        with open(path, "rb") as file:
            for message in read_po(file, locale=code):
                words = message.string or ""
                done = bool(words) if isinstance(words, str) else all(words)
                if message.id and done and not message.fuzzy and message.id not in merged:
                    merged.add(message.id, message.string)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    return compiled.getvalue()


def _cached(code: str, sources: Stamp) -> bytes:
    folder = cache_folder()
    path = os.path.join(folder, f"{code}-{crc32(repr(sources).encode()):08x}.mo")
    data = _read(path)
    if data is None:
        data = compile_catalogue(code, [source[0] for source in sources])
        _keep(folder, path, data)
    return data


def cache_folder() -> str:
    """Return the user's cache folder of the program: XDG on Unix, LOCALAPPDATA on Windows."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "crm")


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return None
    return data if data[:4] == MAGIC.to_bytes(4, "little") else None


def _keep(folder: str, path: str, data: bytes) -> None:
    beside = f"{path}.{os.getpid()}"
    try:
        os.makedirs(folder, exist_ok=True)
        with open(beside, "wb") as file:
            file.write(data)
        os.replace(beside, path)
        _sweep(folder, os.path.basename(path))
    except OSError:
        return


def _sweep(folder: str, kept: str) -> None:
    """Remove what older `.po` files were compiled into."""
    language = kept.split("-")[0]
    for name in os.listdir(folder):
        if name.startswith(f"{language}-") and name.endswith(".mo") and name != kept:
            os.remove(os.path.join(folder, name))

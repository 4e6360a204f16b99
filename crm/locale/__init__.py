"""The words of the program in the reader's language: `_` now, `N_` for a label translated where it is shown."""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import cache

LANGUAGES = ("ru", "uk", "en")

_language: ContextVar[str] = ContextVar("crm_language", default="en")


def use_language(code: str) -> None:
    """Speak `code` (ru, uk or en) from here on in this command or request; an unknown code is English."""
    _language.set(code if code in LANGUAGES else "en")


def language() -> str:
    """Return the code of the current language."""
    return _language.get()


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    if code == "en":
        return gettext.NullTranslations()
    from crm.locale.catalogue import open_catalogue

    return open_catalogue(code)


def _(text: str) -> str:
    """Translate `text` into the current language; what no catalogue has stays English."""
    return _catalogue(_language.get()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate the form of a phrase that goes with `count`."""
    return _catalogue(_language.get()).ngettext(one, many, count)


def in_every_language(text: str) -> tuple[str, ...]:
    """Return `text` with its translations into every language, for what people may call a thing; none of nothing."""
    return tuple(dict.fromkeys(_catalogue(code).gettext(text) for code in (*LANGUAGES, "en"))) if text else ()


def N_(text: str) -> str:  # noqa: N802
    """Mark a label for the catalogues; it is translated by `_` where it is shown."""
    return text

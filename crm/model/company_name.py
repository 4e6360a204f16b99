"""The name of a company without its legal form: «ООО "Ромашка"», «Ромашка, ООО» and «ромашка» are one."""

from __future__ import annotations

FORMS = frozenset(
    (
        *("ооо", "оао", "зао", "пао", "ао", "нао", "ип", "нко", "ано", "гуп", "муп", "тоо", "чп"),
        *("тов", "фоп", "пп", "пат", "прат", "ат", "дп", "кп", "llc", "ltd", "inc", "corp", "gmbh"),
    )
)
"""Legal forms of Russia, Ukraine, Kazakhstan, Belarus and abroad, as they are abbreviated, without case."""

_LONG_FORMS = (
    "общество с ограниченной ответственностью",
    "публичное акционерное общество",
    "непубличное акционерное общество",
    "открытое акционерное общество",
    "закрытое акционерное общество",
    "акционерное общество",
    "индивидуальный предприниматель",
    "товариство з обмеженою відповідальністю",
    "приватне акціонерне товариство",
    "публічне акціонерне товариство",
    "акціонерне товариство",
    "приватне підприємство",
    "фізична особа-підприємець",
    "фізична особа підприємець",
)
_SIGNS = str.maketrans("«»\"“”„'’,()", " " * 11)


def bare_name(name: str) -> str:
    """Return a company's name as names are compared: without case, quotes, ё and legal form, if anything is left."""
    words = name.casefold().translate(_SIGNS).replace("ё", "е").split()
    text = f" {' '.join(words)} "
    for form in _LONG_FORMS:
        text = text.replace(f" {form} ", " ")
    return " ".join([word for word in text.split() if word.strip(".") not in FORMS] or words)

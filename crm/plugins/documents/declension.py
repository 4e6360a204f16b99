"""Names and posts in the genitive and the dative: a first guess that people correct where it is wrong.

Russian has both cases, Ukrainian the genitive alone, for contracts.
"""

from __future__ import annotations

GENITIVE, DATIVE = 0, 1
_VOWELS = "аеёиоуыэюя"

_POST_ENDINGS = (
    ("ый", ("ого", "ому")),
    ("ой", ("ого", "ому")),
    ("ий", ("его", "ему")),
    ("ая", ("ой", "ой")),
    ("ель", ("еля", "елю")),
    ("ец", ("ца", "цу")),
    ("арь", ("аря", "арю")),
    ("а", ("ы", "е")),
)
_MALE = (
    ("ский", ("ского", "скому")),
    ("цкий", ("цкого", "цкому")),
    ("ый", ("ого", "ому")),
    ("ий", ("ия", "ию")),
    ("ай", ("ая", "аю")),
    ("ей", ("ея", "ею")),
    ("ёв", ("ёва", "ёву")),
    ("ь", ("я", "ю")),
    ("ья", ("ьи", "ье")),
    ("ия", ("ии", "ии")),
    ("я", ("и", "е")),
    ("ка", ("ки", "ке")),
    ("га", ("ги", "ге")),
    ("ха", ("хи", "хе")),
    ("ша", ("ши", "ше")),
    ("а", ("ы", "е")),
)
_FEMALE_SURNAME = (("ская", ("ской", "ской")), ("цкая", ("цкой", "цкой")), ("ова", ("овой", "овой")),
                   ("ева", ("евой", "евой")), ("ёва", ("ёвой", "ёвой")), ("ина", ("иной", "иной")),
                   ("ына", ("ыной", "ыной")), ("ая", ("ой", "ой")))  # fmt: skip
_FEMALE_NAME = (*_MALE[7:], ("ь", ("и", "и")))
_UK_POST = (("ий", "ого"), ("а", "и"), ("ь", "я"))
_UK_MALE = (("ський", "ського"), ("цький", "цького"), ("ий", "ого"), ("ій", "ія"), ("й", "я"), ("о", "а"), ("ь", "я"),
            ("я", "і"), ("а", "и"))  # fmt: skip
_UK_FEMALE_SURNAME = (("ська", "ської"), ("цька", "цької"), ("ова", "ової"), ("єва", "євої"), ("ева", "евої"),
                      ("іна", "іної"))  # fmt: skip
_UK_FEMALE = (("ія", "ії"), ("я", "і"), ("а", "и"), ("ь", "і"))
_STEMS = {"Лев": "Льв", "Павел": "Павл", "Пётр": "Петр"}
_STILL = ("о", "е", "и", "у", "ю", "ых", "их")


def decline(name: str, case: int) -> str:
    """Return «Фамилия Имя Отчество» or «Фамилия И. О.» in a case, GENITIVE or DATIVE; a foreign word stays."""
    words, female = name.split(), is_female(name)
    return " ".join(_declined(word, case, female=female, surname=place == 0) for place, word in enumerate(words))


def decline_post(post: str, case: int) -> str:
    """Return a post such as «генеральный директор» in a case, GENITIVE or DATIVE; what follows the noun stays."""
    words = post.split()
    for place, word in enumerate(words):
        words[place] = _post_word(word, case)
        if not word.lower().endswith(("ый", "ий", "ой", "ая")):
            break
    return " ".join(words)


def _post_word(word: str, case: int) -> str:
    for ending, forms in _POST_ENDINGS:
        if word.lower().endswith(ending):
            return word[: -len(ending)] + forms[case]
    return word + ("а", "у")[case] if word[-1:].lower() not in _VOWELS else word


def is_female(name: str) -> bool:
    """Tell whether a name is a woman's: by her patronymic or surname, with a legal form before it or not."""
    words = [word.lower() for word in name.split() if len(word.strip(".")) > 2]
    if words and words[-1].endswith(("вна", "чна", "шна")):
        return True
    return bool(words) and words[0].endswith(tuple(ending for ending, _forms in _FEMALE_SURNAME))


def _declined(word: str, case: int, *, female: bool, surname: bool) -> str:
    word = word if surname else _STEMS.get(word, word)
    lower = word.lower()
    if "." in word or len(word) < 2 or lower.endswith(_STILL):
        return word
    for ending, forms in _endings(female=female, surname=surname):
        if lower.endswith(ending):
            return word[: -len(ending)] + forms[case]
    return word if female or lower[-1] in _VOWELS else word + ("а", "у")[case]


def _endings(*, female: bool, surname: bool) -> tuple[tuple[str, tuple[str, str]], ...]:
    if not female:
        return _MALE
    return _FEMALE_SURNAME if surname else _FEMALE_NAME


def genitive_uk(name: str) -> str:
    """Return «Прізвище Ім'я По батькові» in the genitive."""
    female = is_female(name)
    return " ".join(_uk_word(word, female=female, surname=place == 0) for place, word in enumerate(name.split()))


def genitive_post_uk(post: str) -> str:
    """Return a post such as «генеральний директор» in the genitive; what follows the noun stays."""
    words = post.split()
    for place, word in enumerate(words):
        words[place] = _ended(word, _UK_POST)
        if not word.lower().endswith("ий"):
            break
    return " ".join(words)


def _uk_word(word: str, *, female: bool, surname: bool) -> str:
    if "." in word or len(word) < 2:
        return word
    if not female:
        return _ended(word, _UK_MALE)
    endings = _UK_FEMALE_SURNAME if surname else _UK_FEMALE
    return _ended(word, endings) if word.lower().endswith(tuple(ending for ending, _form in endings)) else word


def _ended(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, form in endings:
        if word.lower().endswith(ending):
            return word[: -len(ending)] + form
    return word + "а" if word[-1:].lower() not in f"{_VOWELS}іїє" else word

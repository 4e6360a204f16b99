"""Russian names and posts in the genitive and the dative: a first guess that people correct where it is wrong."""

from __future__ import annotations

GENITIVE, DATIVE = 0, 1
_VOWELS = "аеёиоуыэюя"

_POST_ENDINGS = (
    ("ый", ("ого", "ому")),
    ("ой", ("ого", "ому")),
    ("ий", ("его", "ему")),
    ("ая", ("ой", "ой")),
    ("ель", ("еля", "елю")),
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

"""How near a name is to what was searched for: the record that is called so comes before those that mention it."""

from __future__ import annotations

import re


def nearness(text: str, name: str) -> int:
    """Return 0 for the name itself, 1 for one that begins so, 2 for one with these whole words, 3 for the others."""
    wanted, known = _folded(text), _folded(name)
    if not wanted or wanted == known:
        return 0 if wanted else 3
    if known.startswith(wanted) and not known[len(wanted)].isalnum():
        return 1
    words = set(known.split())
    if all(word in words for word in wanted.split()):
        return 2
    return 3


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold().replace("ё", "е")).split())

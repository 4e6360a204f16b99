"""Search over everything: parts of words, digits of phones in any format, numbers of documents.

The words are indexed when someone first searches, and kept up by the next search: a write does not pay for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.store.journal import Position

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from crm.store.commit import Store

_PART = "search"
PLACE_BITS = 40
"""A record's place among the words is its kind's number shifted by so many bits, and its id."""
_BATCH = 2000


def find(store: Store, text: str, *, kinds: Collection[str] = (), limit: int = 20) -> list[tuple[str, int]]:
    """Return (kind, id) of the records that have every word of `text` in them, the newest first.

    Where there are more than `limit`, a fourth of them are the oldest that have the text as it is: «Deal 5» is not lost
    among the thousands that begin so.
    """
    words = [word for word in re.split(r"\s+", text.casefold().strip()) if word]
    if not words:
        return []
    found = dict.fromkeys([*_by_phone(store, text, kinds, limit), *_by_words(store, words, kinds, limit)])
    if len(found) < limit or len(words) < 2:
        return list(found)[:limit]
    oldest = dict.fromkeys(_by_words(store, [" ".join(words)], kinds, limit // 4, order="ASC"))
    return list(dict.fromkeys([*list(found)[: limit - len(oldest)], *oldest, *found]))[:limit]


def _by_phone(store: Store, text: str, kinds: Collection[str], limit: int) -> list[tuple[str, int]]:
    digits = re.sub(r"\D", "", text)
    if len(digits) < 4 or re.search(r"[^\W\d]", text):
        return []
    if len(digits) == 11 and digits[0] in "78":
        digits = digits[1:]
    asked = [kind for kind in store.kinds if not kinds or kind in kinds]
    return store.index.lookup_prefix(asked, "phones", digits[::-1], limit)


def _by_words(
    store: Store, words: list[str], kinds: Collection[str], limit: int, *, order: str = "DESC"
) -> list[tuple[str, int]]:
    long = [word for word in words if len(word) >= 3]
    short = [word for word in words if len(word) < 3]
    conditions = ["search MATCH ?"] if long else ["1"]
    params: list[object] = [" AND ".join(f'"{word.replace(chr(34), chr(34) * 2)}"' for word in long)] if long else []
    for word in short:
        conditions.append("fold(text) LIKE ? ESCAPE '\\'")
        params.append("%" + re.sub(r"([%_\\])", r"\\\1", word) + "%")
    names = list(store.kinds)
    if kinds:
        conditions.append(_of_kinds([names.index(kind) for kind in kinds]))
    places: list[int] = []
    for table, condition in store.searched():
        sql = f"SELECT rowid FROM {table} WHERE {' AND '.join([condition, *conditions])} ORDER BY rowid {order} LIMIT ?"
        places += [row[0] for row in store.index.db.execute(sql, [*params, limit])]
    places = sorted(places, reverse=order == "DESC")[:limit]
    return [(names[place >> PLACE_BITS], place & ((1 << PLACE_BITS) - 1)) for place in places]


def _of_kinds(numbers: list[int]) -> str:
    """Return the condition of the records of kinds; that of one kind SQLite need not ask of each hit."""
    if len(numbers) == 1:
        return f"rowid BETWEEN {numbers[0] << PLACE_BITS} AND {((numbers[0] + 1) << PLACE_BITS) - 1}"
    return f"rowid >> {PLACE_BITS} IN ({','.join(map(str, numbers))})"


def candidates(store: Store, kind: str, text: str, most: int) -> list[int] | None:
    """Return the living records of a kind that may have a text in their words, the others have not.

    None where that is not known: nobody has searched yet, the text is too short, or they are more than `most`.
    """
    if len(text) < 3 or store.draft is not None or store.index.meta(_PART) is None or len(store.searched()) > 1:
        return None
    number = list(store.kinds).index(kind)
    phrase = '"' + text.replace('"', '""') + '"'
    rows = store.index.db.execute(
        "SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? AND rowid < ? LIMIT ?",
        (phrase, number << PLACE_BITS, (number + 1) << PLACE_BITS, most + 1),
    ).fetchall()
    return None if len(rows) > most else [row[0] & ((1 << PLACE_BITS) - 1) for row in rows]


def bring_up(store: Store) -> None:
    """Bring the searched words to the journal line that the index is current to."""
    index = store.index
    start, target = index.position(_PART), index.position()
    if start.n >= target.n and index.meta(_PART) is not None:
        return
    with index.transaction():
        if start == Position():
            take_all(store)
        else:
            _take_changed(store, start, target)
        index.set_position(target, _PART)


def take_all(store: Store) -> None:
    """Index the words of every record."""
    for number, kind in enumerate(store.kinds.values()):
        last = 0
        while True:
            rows = store.index.db.execute(
                f'SELECT id FROM "doc_{kind.name}" WHERE id > ? ORDER BY id LIMIT {_BATCH}', (last,)
            ).fetchall()
            if not rows:
                break
            last = rows[-1][0]
            take(store, number, kind.name, (row[0] for row in rows))


def _take_changed(store: Store, start: Position, target: Position) -> None:
    names = list(store.kinds)
    for line, _end in store.journal.read(start):
        if line.n > target.n:
            break
        for change in line.changes:
            if change.kind in store.kinds:
                number = names.index(change.kind)
                store.index.db.execute("DELETE FROM search WHERE rowid = ?", (number << PLACE_BITS | change.id,))
                take(store, number, change.kind, [change.id])


def take(store: Store, number: int, kind: str, ids: Iterable[int]) -> None:
    """Index the words of some records of a kind, the one of that number."""
    rows = []
    for record_id in ids:
        doc = store.index.get(kind, record_id)
        if doc is not None and "deleted" not in doc:
            rows.append((number << PLACE_BITS | record_id, store.kinds[kind].text(doc).casefold()))
    store.index.db.executemany("INSERT OR REPLACE INTO search(rowid, text) VALUES(?, ?)", rows)

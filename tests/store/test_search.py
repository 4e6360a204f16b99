from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.store.commit import Store
from crm.store.query import contains
from crm.store.search import candidates, find
from tests.store.shelf import open_store, write


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "data")) as opened:
        yield opened


def add(store: Store, *names: str, kind: str = "deal") -> None:
    write(store, lambda draft: [draft.create(kind, {"name": name}) for name in names])


def ids(store: Store, text: str, **asked: object) -> list[tuple[str, int]]:
    return find(store, text, **asked)  # type: ignore[arg-type]


def test_parts_of_words_in_any_case(store: Store) -> None:
    add(store, "ООО Ромашка", "Лютик", "ромашковый сбор")
    assert ids(store, "ромаш") == [("deal", 3), ("deal", 1)]
    assert ids(store, "ОМАШК ооо") == [("deal", 1)]
    assert ids(store, "ромашка лютик") == []


def test_short_words_and_signs_are_found_too(store: Store) -> None:
    add(store, "ИП Ян", "100% хлопок", 'кафе "У моря"', "a_b")
    assert ids(store, "ян") == [("deal", 1)]
    assert ids(store, "0%") == [("deal", 2)]
    assert ids(store, '"У') == [("deal", 3)]
    assert ids(store, "a_") == [("deal", 4)]
    assert ids(store, "%_") == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_found_for_no_words(store: Store, text: str) -> None:
    add(store, "Ромашка")
    assert ids(store, text) == []


def test_digits_of_a_phone_in_any_format(store: Store) -> None:
    write(store, lambda draft: draft.create("lead", {"name": "Олег", "phones": ["+79161234567"]}))
    for text in ("+7 916 123-45-67", "8 (916) 1234567", "1234567", "4567", "123-45-67"):
        assert ids(store, text) == [("lead", 1)]
    assert ids(store, "456") == []
    assert ids(store, "9161234568") == []


def test_kinds_and_limits(store: Store) -> None:
    add(store, "Ромашка", "Ромашка")
    add(store, "Ромашка", kind="lead")
    assert ids(store, "ромашка", kinds=["lead"]) == [("lead", 1)]
    assert ids(store, "ромашка", limit=2) == [("lead", 1), ("deal", 2)]


def test_what_is_changed_deleted_or_removed_is_no_longer_found(store: Store) -> None:
    add(store, "Ромашка", "Ромашка", "Ромашка")
    assert len(ids(store, "ромашка")) == 3
    write(store, lambda draft: draft.update("deal", 1, {"name": "Лютик"}))
    write(store, lambda draft: draft.update("deal", 2, {"deleted": "2026-01-01T00:00:00+00:00"}))
    write(store, lambda draft: draft.remove("deal", 3))
    assert ids(store, "ромашка") == []
    write(store, lambda draft: draft.update("deal", 2, {"deleted": None}))
    assert ids(store, "ромашка") == [("deal", 2)]


def test_what_another_process_wrote_is_found(store: Store) -> None:
    add(store, "Ромашка")
    assert len(ids(store, "ромашка")) == 1
    with closing(open_store(store.data)) as other:
        add(other, "Ромашка")
        assert len(ids(other, "ромашка")) == 2
    add(store, "Ромашка")
    assert len(ids(store, "ромашка")) == 3


WORDS = st.text("абвАБ%_\"' -", max_size=5)


@given(names=st.lists(WORDS.filter(str.strip), min_size=1, max_size=5), asked=WORDS)
@settings(max_examples=60, deadline=None)
def test_it_finds_what_has_every_word_in_it(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], asked: str
) -> None:
    with closing(open_store(tmp_path_factory.mktemp("search") / "data")) as store:
        add(store, *names)
        words = asked.casefold().split()
        wanted = [n for n, name in enumerate(names, 1) if words and all(word in name.casefold() for word in words)]
        assert sorted(key for _kind, key in find(store, asked)) == wanted


@settings(max_examples=40)
@given(
    names=st.lists(st.text("аАбёß sſKкﬁ9\"'%", min_size=1, max_size=8), min_size=1, max_size=5),
    text=st.text("аАбёß sſKкﬁ9\"'%", min_size=1, max_size=4),
)
def test_candidates_leave_out_none_that_has_a_text_in_it(names: list[str], text: str) -> None:
    with TemporaryDirectory() as folder, closing(open_store(Path(folder) / "data")) as store:
        add(store, *names)
        assert candidates(store, "deal", text.casefold(), 100) is None, "nobody has searched yet"
        find(store, "абв")
        found = candidates(store, "deal", text.casefold(), 100)
        if found is not None:
            assert {place for place, name in enumerate(names, 1) if contains(name, text)} <= set(found)


def test_candidates_are_known_up_to_a_number_and_without_the_deleted(store: Store) -> None:
    add(store, "Щебень", "щебень мытый", "Песок")
    add(store, "щебень", kind="lead")
    find(store, "щебень")
    write(store, lambda draft: draft.update("deal", 1, {"deleted": draft.time}))
    assert candidates(store, "deal", "щебень", 1) == [2]
    assert candidates(store, "deal", "е", 9) is None
    add(store, "щебень 3")
    assert candidates(store, "deal", "щебень", 1) is None

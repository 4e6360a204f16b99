from __future__ import annotations

import random
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from crm.store.check import check, is_damaged
from crm.store.damage import Scan
from crm.store.repair import repair
from tests.store.conftest import state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm.store.commit import Store


def _words(store: Store) -> str:
    return "\n".join(str(finding) for finding in check(store))


def test_a_whole_store_has_no_findings(shop: Store) -> None:
    assert check(shop) == []


def test_an_empty_store_has_no_findings(open_store: Callable[..., Store]) -> None:
    assert check(open_store("empty")) == []


def test_an_edit_by_hand_is_named_with_file_line_and_values(shop: Store) -> None:
    path = shop.tables.path("deals", 0)
    path.write_text(path.read_text().replace('"amount":"100.00"', '"amount":"200.00"'))
    (finding,) = check(shop)
    assert (finding.file, finding.line, finding.ref) == ("data/tables/deals/00000.json", 4, "deal/2")
    assert "100.00" in finding.what.partition("→")[0]
    assert "200.00" in finding.what.partition("→")[2]
    assert finding.fixable
    assert not finding.note


def test_a_reformatted_file_is_read_as_a_whole(shop: Store) -> None:
    import json

    path = shop.tables.path("leads", 0)
    content = json.loads(path.read_text())
    content["leads"]["1"]["name"] = "Пётр"
    path.write_text(json.dumps(content, indent=2))
    (finding,) = check(shop)
    assert finding.ref == "lead/1"
    assert "Пётр" in finding.what


def test_a_field_of_the_program_is_not_for_hands(shop: Store) -> None:
    path = shop.tables.path("leads", 0)
    path.write_text(path.read_text().replace('{"id":1,"rev":1,', '{"id":1,"rev":9,'))
    assert "only the program writes" in _words(shop)


@pytest.mark.parametrize("name", ["deals/00001.json", "leads/00000.json"])
def test_a_missing_table_file_is_found(shop: Store, name: str) -> None:
    (shop.data / "tables" / name).unlink()
    assert f"data/tables/{name}: The file is missing" in _words(shop)


def test_a_damaged_journal_line_is_named_with_its_number(shop: Store) -> None:
    path = shop.data / "journal" / "2026-10.jsonl"
    path.write_bytes(path.read_bytes().replace("Василий 2".encode(), "Василия2".encode()))
    finding = check(shop)[0]
    assert (finding.file, finding.line) == ("data/journal/2026-10.jsonl", 3)
    assert "change 3" in finding.what


def test_an_index_that_differs_is_found(shop: Store) -> None:
    shop.index.db.execute("UPDATE doc_deal SET stage = 'lost' WHERE id = 5")
    assert "deal/5" in _words(shop)


def test_a_key_that_the_index_lacks_is_found(shop: Store) -> None:
    shop.index.db.execute("DELETE FROM key WHERE id = 4")
    assert "lead/4" in _words(shop)


def test_notes_of_delivery_that_cannot_be_read_are_found(shop: Store) -> None:
    (shop.data / "delivery.json").write_text('{"position": [1')
    assert "delivery.json" in _words(shop)


def test_an_attachment_is_held_against_its_name(shop: Store) -> None:
    name = sha256(b"scan").hexdigest() + ".pdf"
    (shop.data / "files").mkdir()
    (shop.data / "files" / name).write_bytes(b"scan")
    assert check(shop) == []
    (shop.data / "files" / name).write_bytes(b"scam")
    (finding,) = check(shop)
    assert finding.file == f"data/files/{name}"
    assert not finding.fixable


def test_a_torn_end_is_a_note(shop: Store) -> None:
    path = shop.data / "journal" / "2026-11.jsonl"
    path.write_bytes(path.read_bytes() + b'{"n":12,"ti')
    scan = Scan(shop.journal)
    assert [line.n for line in scan.lines()] == list(range(1, 12))
    scan.finish(11)
    assert scan.torn is not None
    assert scan.stretches == []
    assert not is_damaged(check(shop))


def test_an_end_that_was_acknowledged_is_damage(shop: Store) -> None:
    path = shop.data / "journal" / "2026-11.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert is_damaged(check(shop))


def test_a_missing_month_is_not_fixable(shop: Store) -> None:
    (shop.data / "journal" / "2026-10.jsonl").unlink()
    finding = check(shop)[0]
    assert "month" in finding.what
    assert not finding.fixable


def _flipped(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    place = chance.randrange(len(data)) if chance.random() < 0.8 else len(data) - 1 - chance.randrange(30)
    data[place] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(8))
def test_any_flipped_byte_is_found_and_mended(
    shop: Store, open_store: Callable[..., Store], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    was = state(shop)
    shop.close()
    files = sorted(path for part in ("journal", "tables") for path in (shop.data / part).rglob("*.json*"))
    for turn in range(25):
        work = tmp_path / f"work{turn}" / "data"
        shutil.copytree(shop.data, work)
        spoilt = chance.choice(files).relative_to(shop.data)
        _flipped(work / spoilt, chance)
        if chance.random() < 0.3:
            shutil.rmtree(work / "cache")
        store = open_store(f"work{turn}", mending=True)
        findings = check(store)
        assert is_damaged(findings), spoilt
        by_hand = any("by hand" in done and "adopted" in done for done in repair(store, "olga"))
        assert not is_damaged(check(store)), spoilt
        assert by_hand or state(store) == was, spoilt
        store.close()
        shutil.rmtree(work.parent)

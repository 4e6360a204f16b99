from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import Damaged
from crm.store.journal import FIRST, Change, Journal, Line, Position, checksum, decode, dump, encode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.dictionaries(st.text(min_size=1, max_size=4), JSON, max_size=3)
CHANGES = st.builds(
    Change, st.sampled_from(["deal", "lead"]), st.integers(1, 10**9), st.integers(1, 99), st.none() | FIELDS, FIELDS
)
EXTRA = st.fixed_dictionaries({}, optional={"cause": st.integers(1, 9), "undoes": st.lists(st.integers(1, 9))})


def line(n: int, prev: str = FIRST, **values: Any) -> Line:
    given_values = {"time": "2026-11-22T10:00:00+00:00", "actor": "olga", "via": "cli", "command": "test", **values}
    return Line(n, changes=[], prev=prev, **given_values)


def test_a_file_that_somebody_put_beside_the_months_is_none_of_the_journal(tmp_path: Path) -> None:
    """A sync keeps both versions of a file under names of its own; reading and writing never touch them."""
    journal = Journal(tmp_path / "journal")
    position = written(journal, 2)[-1]
    for name in ("2026-11 (copy of Olga).jsonl", "old.jsonl", "2026-11.jsonl~"):
        (journal.folder / name).write_text("{")
    assert journal.files() == ["2026-11.jsonl"]
    assert journal.ends_at(position)


def parts(change: Change) -> tuple[str, int, Any, Any]:
    return change.ref, change.rev, change.before, change.after


def written(journal: Journal, count: int, **values: Any) -> list[Position]:
    journal.folder.mkdir(exist_ok=True)
    positions = [Position()]
    for n in range(1, count + 1):
        positions.append(journal.append(line(n, positions[-1].sum, **values), positions[-1]))
    return positions


@given(changes=st.lists(CHANGES, max_size=3), extra=EXTRA, command=st.text(max_size=9), event=FIELDS)
def test_a_line_comes_back_as_it_was_written(
    changes: list[Change], extra: dict[str, Any], command: str, event: dict[str, Any]
) -> None:
    made = line(7, "a" * 24, command=command)
    made.changes, made.extra, made.events = changes, extra, [event]
    raw = encode(made)
    assert raw.endswith(b"\n")
    assert raw.count(b"\n") == 1
    read = decode(raw)
    assert encode(read) == raw
    assert (read.n, read.command, read.extra, read.events) == (7, command, extra, [event])
    assert [parts(change) for change in read.changes] == [parts(change) for change in changes]


def test_a_line_is_json_in_the_documented_shape() -> None:
    made = line(7, extra={"cause": 3})
    made.changes = [Change("deal", 12, 3, {"stage": "new"}, {"stage": "proposal"})]
    read = json.loads(encode(made))
    assert list(read) == ["n", "time", "actor", "via", "command", "changes", "events", "cause", "prev", "sum"]
    assert read["changes"] == [{"ref": "deal/12", "rev": 3, "before": {"stage": "new"}, "after": {"stage": "proposal"}}]


def test_any_changed_byte_is_noticed() -> None:
    made = line(1, command="Щебень")
    made.changes = [Change("deal", 1, 1, None, {"title": "Щебень"})]
    raw = encode(made)
    for at in range(len(raw) - 1):
        changed = bytearray(raw)
        changed[at] ^= 1
        with pytest.raises((ValueError, KeyError, TypeError)):
            decode(bytes(changed))


def test_each_line_is_chained_to_the_one_before(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    written(journal, 3)
    path = journal.folder / "2026-11.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(Damaged, match="change 2"):
        list(journal.read(Position()))


def test_reading_begins_behind_a_position(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    positions = written(journal, 4)
    assert [(one.n, end) for one, end in journal.read(positions[2])] == [(3, positions[3]), (4, positions[4])]
    assert journal.ends_at(positions[4])
    assert not journal.ends_at(positions[3])
    assert journal.find(3) == positions[3]
    assert journal.find(9) is None


@pytest.mark.parametrize(
    "name", ["Щебень", 'a],"events":[{"ref":"deal/3","rev":1}', '{"ref":"deal/3","rev":1,"before":null}']
)
def test_one_change_of_a_long_line_is_read_alone(tmp_path: Path, name: str) -> None:
    journal = Journal(tmp_path / "journal")
    changes = [Change("deal", number, 1, None, {"id": number, "title": name, "rows": [name]}) for number in range(1000)]
    events = [{"name": "on_deal_created", "ref": "deal/3"}]
    written_line = line(1, events=events, extra={"group": 1})
    written_line.changes = changes
    end = journal.append(written_line, Position())
    whole, alone = (journal.at(end.file, 0, end.offset, asked) for asked in (None, ("deal", 3)))
    assert alone.changes == [whole.changes[3]]
    for part in ("n", "time", "actor", "via", "command", "events", "extra", "prev", "sum"):
        assert getattr(alone, part) == getattr(whole, part)
    with (tmp_path / "journal" / end.file).open("r+b") as file:
        file.seek(end.offset // 2)
        file.write(b"~")
    with pytest.raises(Damaged):
        journal.at(end.file, 0, end.offset, ("deal", 3))


def test_a_new_month_begins_a_new_file_and_the_chain_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    november = written(journal, 2)[-1]
    december = journal.append(line(3, november.sum, time="2026-12-01T00:00:00+00:00"), november)
    assert journal.files() == ["2026-11.jsonl", "2026-12.jsonl"]
    assert [one.n for one, _end in journal.read(Position())] == [1, 2, 3]
    assert [one.n for one, _end in journal.read(november)] == [3]
    assert journal.ends_at(december)


def test_a_clock_set_back_does_not_reopen_an_older_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    november = written(journal, 1)[-1]
    journal.append(line(2, november.sum, time="2026-10-31T00:00:00+00:00"), november)
    assert journal.files() == ["2026-11.jsonl"]


def test_an_unfinished_last_line_is_no_line_and_is_written_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    end = written(journal, 2)[-1]
    path = journal.folder / end.file
    path.write_bytes(path.read_bytes() + encode(line(3, end.sum))[:-9])
    assert [one.n for one, _end in journal.read(Position())] == [1, 2]
    journal.append(line(3, end.sum, command="again"), end)
    assert [one.command for one, _end in journal.read(Position())] == ["test", "test", "again"]


def test_damage_names_the_file_and_the_change(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    written(journal, 2)
    path = journal.folder / "2026-11.jsonl"
    path.write_bytes(path.read_bytes().replace(b"olga", b"oleg", 1))
    with pytest.raises(Damaged, match=r"2026-11\.jsonl, change 1"):
        list(journal.read(Position()))


def test_the_checksum_depends_on_what_came_before() -> None:
    assert checksum("a" * 24, b"x") != checksum("b" * 24, b"x")


def test_numbers_that_json_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        dump({"count": float("nan")})

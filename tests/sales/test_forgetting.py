from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm import Workspace, open_workspace
from crm.delivery import Delivery
from crm.errors import NotFound, Refused, WrongUsage
from crm.sales.dossier import dossier
from crm.sales.forgetting import foresee, forget
from crm.sales.merging import merge
from crm.sales.traces import Traits
from crm.sales.trash import purge
from crm.sales.undo import undo
from crm.store.check import check
from crm.store.commit import FORGOTTEN
from crm.store.repair import repair
from tests.command_line import CommandLine
from tests.conftest import make_workspace
from tests.sales.commands import documents
from tests.store.gun import Gun, Shot, die, in_child
from tests.store.shelf import assert_agrees, lines, strays

PERSON = re.compile(r"Васил|Петров|123.?45.?6[78]|vasya@|1980-01|рыбалк", re.IGNORECASE)
"""What must be found nowhere afterwards: name, phones as typed and as kept, address, birthday, what was noted."""
EARLIER, LATER = "2026-10-30T10:00:00+00:00", "2026-11-22T10:00:00+00:00"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRM_PLUGINS", "")
    return make_workspace(tmp_path / "shop")


@pytest.fixture
def crm(root: Path) -> Iterator[Workspace]:
    with open_workspace(root, actor="olga") as opened:
        yield opened


def tell(crm: Workspace) -> None:
    """Let Vasily come as a lead, become a client, be talked about, and leave traces in every corner."""
    crm.store.clock = lambda: EARLIER
    crm.leads.add(
        name="Москва, Василий, щебень",
        phones=["8 (916) 123-45-67"],
        emails=["Vasya@example.ru"],
        contact_name="Петров Василий",
        comment="любит рыбалку",
    )
    crm.leads.convert(1, company="ООО Ромашка", deal=True, amount=26905)
    crm.contacts.set(1, phones=["+7 916 123-45-68"], birthday="1980-01-02")
    crm.activities.add(kind="call", subject="Звонить Петрову на 89161234567", about="deal/1")
    crm.store.clock = lambda: LATER
    crm.activities.add(kind="meeting", subject="Встреча", about="contact/1")
    crm.activities.done(2, "поедем на рыбалку")
    crm.leads.add(name="Тверь, Анна, песок", comment="от Василия Петрова, vasya@example.ru")
    crm.collection("unsubscribe").put("vasya@example.ru")  # type: ignore[attr-defined]
    log = crm.root / "data" / "log"
    log.mkdir(exist_ok=True)
    (log / "crm.log").write_text("ValueError: +79161234567, Василий\n")
    crm.find("Василий")


def traces(root: Path, pattern: re.Pattern[str] = PERSON) -> list[str]:
    """List the files under data/ in which something of him is found; two of the caches hold no records."""
    found = []
    for path in sorted((root / "data").rglob("*")):
        if path.is_file() and path.name not in ("plugins.json", "settings.json"):
            hit = pattern.search(path.read_bytes().decode(errors="replace"))
            if hit:
                found.append(f"{path.relative_to(root)}: {hit[0]}")
    return found


def test_nothing_of_a_person_is_left(crm: Workspace, root: Path) -> None:
    tell(crm)
    assert len(traces(root)) > 5
    before = crm.store.number
    done = crm.contacts.forget(1)
    assert [card.ref for card in done.cards] == ["contact/1", "lead/1"]
    assert set(done.cleaned) == {"deal/1", "activity/1", "activity/2", "lead/2", "unsubscribe/1"}
    assert traces(root) == []
    assert crm.store.number == before + 1
    assert check(crm.store) == []
    for path in (root / "data" / "cache").glob("index*"):
        path.unlink()
    with open_workspace(root, actor="olga") as again:
        assert documents(again) == documents(crm)
        assert check(again.store) == []
        assert_agrees(again.store)
    assert traces(root) == []


def test_what_hangs_on_him_stays(crm: Workspace) -> None:
    tell(crm)
    forget(crm, ["contact/1"])
    assert crm.contacts.get(1).doc.keys() == {"id", "rev", "created", "updated", "owner", "name", "forgotten"}
    assert crm.contacts.get(1).name == "[erased]"
    deal = crm.deals.get(1)
    assert (deal.contacts, deal.company, deal.title) == (("contact/1",), "company/1", "Москва, [erased], щебень")
    assert (crm.leads.get(1).stage, crm.leads.get(1).converted_to) == ("converted", "deal/1")
    assert crm.activities.get(1).subject == "Звонить [erased] на [erased]"
    assert (crm.activities.get(2).done, crm.activities.get(2).result) == (True, "")
    assert crm.leads.get(2).comment == "от [erased], [erased]"
    assert crm.leads.get(2).name == "Тверь, Анна, песок"
    assert crm.companies.get(1).name == "ООО Ромашка"
    assert crm.find("Василий") == []


def test_an_unsubscribed_address_is_never_written_to_again(crm: Workspace) -> None:
    tell(crm)
    forget(crm, ["contact/1"])
    unsubscribes: Any = crm.collection("unsubscribe")
    assert unsubscribes.holds("VASYA@example.ru")
    assert not unsubscribes.holds("anna@example.ru")
    assert unsubscribes.put("vasya@example.ru").id == 1


def test_the_past_is_clean_and_can_be_looked_at(crm: Workspace) -> None:
    tell(crm)
    forget(crm, ["contact/1"])
    for number in range(1, crm.store.number + 1):
        with crm.at(number) as past:
            assert not PERSON.search(json.dumps(list(documents(past).values()), ensure_ascii=False))
    with crm.at(2) as past:
        assert (past.contacts.get(1).name, past.deals.get(1).stage) == ("[erased]", "new")


def test_undo_works_for_what_was_before_but_not_for_the_forgetting(crm: Workspace) -> None:
    tell(crm)
    crm.deals.move(1, "proposal")
    moved = crm.written
    forget(crm, ["contact/1"])
    with pytest.raises(Refused, match="forgot a person"):
        undo(crm)
    undo(crm, moved)
    assert crm.deals.get(1).stage == "new"
    assert check(crm.store) == []


def test_contacts_that_were_merged_go_with_him_and_namesakes_stay(crm: Workspace, root: Path) -> None:
    crm.contacts.add(name="Василий Петров", phones=["8 916 123-45-67"])
    crm.contacts.add(name="Вася", emails=["vasya@example.ru"], comment="рыбалка")
    crm.contacts.add(name="Пётр Васильев", phones=["8 916 777-77-77"])
    merge(crm, "contact", 1, [2])
    assert {card.ref for card in forget(crm, ["contact/2"]).cards} == {"contact/1", "contact/2"}
    assert crm.contacts.get(3).name == "Пётр Васильев"
    assert traces(root, re.compile("Василий|vasya|рыбалк|Вася")) == []
    assert check(crm.store) == []


def test_a_phone_that_another_client_has_too_is_left_with_him(crm: Workspace) -> None:
    crm.companies.add(name="ООО Ромашка", phones=["8 916 123-45-67"])
    crm.contacts.add(name="Василий Петров", phones=["8 916 123-45-67"], emails=["vasya@example.ru"])
    crm.leads.add(name="Тверь", phones=["8 916 123-45-67"], comment="Василий Петров просил")
    done = forget(crm, ["contact/1"])
    assert done.left == ["company/1"]
    assert crm.companies.get(1).phones == ("+79161234567",)
    assert (crm.leads.get(1).phones, crm.leads.get(1).comment) == (("+79161234567",), "[erased] просил")


def test_somebody_removed_for_good_is_forgotten_too(crm: Workspace, root: Path) -> None:
    crm.contacts.add(name="Василий Петров", phones=["8 916 123-45-67"])
    crm.contacts.delete(1)
    purge(crm, days=0)
    assert traces(root)
    assert forget(crm, ["contact/1"]).cards == []
    assert traces(root) == []
    assert check(crm.store) == []


def test_a_lead_alone_is_forgotten(crm: Workspace, root: Path) -> None:
    crm.leads.add(name="Василий", phones=["8 916 123-45-67"], source="site")
    forget(crm, ["lead/1"])
    assert (crm.leads.get(1).name, crm.leads.get(1).source) == ("[erased]", "site")
    assert traces(root, re.compile("123.?45")) == []


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_the_card_is_named_in_the_reader_s_language(root: Path, language: str) -> None:
    with open_workspace(root, actor="olga", language=language) as crm:
        crm.contacts.add(name="Василий Петров")
        assert forget(crm, ["contact/1"]).cards[0].label not in ("[erased]", "Василий Петров")


def test_records_of_a_plugin_that_is_off_are_cleaned(
    crm: Workspace, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(crm)
    crm.close()
    monkeypatch.setenv("CRM_PLUGINS", "none")
    with open_workspace(root, actor="olga") as bare:
        forget(bare, ["contact/1"])
        assert traces(root) == []
    monkeypatch.setenv("CRM_PLUGINS", "")
    with open_workspace(root, actor="olga") as again:
        assert check(again.store) == []
        assert again.collection("unsubscribe").holds("vasya@example.ru")  # type: ignore[attr-defined]


def test_who_is_nobody(crm: Workspace) -> None:
    crm.companies.add(name="ООО Ромашка")
    for ref, failure in (("contact/1", NotFound), ("company/1", WrongUsage), ("Василий", NotFound)):
        with pytest.raises(failure):
            forget(crm, [ref])
    with pytest.raises(Refused), crm.transaction("two things"):
        forget(crm, ["contact/1"])


def test_only_who_may_delete_may_forget(crm: Workspace, root: Path) -> None:
    tell(crm)
    crm.users.add(name="Ольга", login="olga", role="admin")
    crm.users.add(name="Иван", login="ivan", role="manager")
    truth = lines(root / "data")[-1].n
    with open_workspace(root, actor="ivan") as other, pytest.raises(Refused):
        forget(other, ["contact/1"])
    assert lines(root / "data")[-1].n == truth


def test_foreseeing_changes_nothing(crm: Workspace, root: Path) -> None:
    tell(crm)
    truth = [path.read_bytes() for path in sorted((root / "data" / "journal").iterdir())]
    foreseen = foresee(crm, ["contact/1"])
    assert set(foreseen.cleaned) == {"deal/1", "activity/1", "activity/2", "lead/2", "unsubscribe/1"}
    assert [path.read_bytes() for path in sorted((root / "data" / "journal").iterdir())] == truth


def test_a_dossier_holds_all_that_is_known(crm: Workspace) -> None:
    tell(crm)
    known = dossier(crm, ["contact/1"])
    assert {card["ref"] for card in known["cards"]} == {"contact/1", "lead/1"}
    assert {one["ref"] for one in known["activities"]} == {"activity/1", "activity/2"}
    assert [deal["ref"] for deal in known["deals"]] == ["deal/1"]
    assert [one["address"] for one in known["unsubscribes"]] == ["vasya@example.ru"]
    told = json.dumps(known["history"], ensure_ascii=False)
    assert "8 (916) 123-45-67" in told
    assert "1980-01-02" in told


def test_another_process_that_has_the_workspace_open_goes_on(crm: Workspace, root: Path) -> None:
    tell(crm)
    with open_workspace(root, actor="petr") as other:
        assert other.contacts.get(1).last_name
        forget(crm, ["contact/1"])
        other.act_as("petr")
        assert other.contacts.get(1).name == "[erased]"
        other.leads.add(name="После")
        assert [line.command for line in other.leads.history(1)][-1] == "lead add"
        assert_agrees(other.store)
    crm.act_as("olga")
    assert crm.leads.get(3).name == "После"


def test_plugins_hear_no_line_twice_and_none_is_lost(crm: Workspace) -> None:
    tell(crm)
    delivery = Delivery(crm)
    assert delivery.read()["position"].n <= crm.store.number
    forget(crm, ["contact/1"])
    assert Delivery(crm).read()["position"].n == crm.store.number
    points = crm.activities.get(2).points
    crm.activities.add(kind="call", subject="Ещё", about="deal/1")
    crm.activities.done(3)
    assert crm.activities.get(2).points == points
    assert crm.activities.get(3).doc["points"] is not None


def test_known_damage_stays_known(crm: Workspace, root: Path) -> None:
    tell(crm)
    crm.close()
    (root / "data" / "damaged").mkdir(exist_ok=True)
    path = root / "data" / "journal" / "2026-10.jsonl"
    raw = path.read_bytes().splitlines(keepends=True)
    raw[2] = raw[2].replace(b"1980", b"1981")
    path.write_bytes(b"".join(raw))
    with open_workspace(root, actor="olga", mending=True) as broken:
        repair(broken.store, "olga")
    with open_workspace(root, actor="olga") as mended:
        notes = [finding.what for finding in check(mended.store)]
        assert len(notes) == 1
        forget(mended, ["contact/1"])
        assert [finding.what for finding in check(mended.store)] == notes
        assert traces(root) == []
        mended.leads.add(name="После")
    with open_workspace(root, actor="olga") as again:
        assert again.leads.get(3).name == "После"


# --- a kill at every call ---------------------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: many files are copied."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    folder = memory / f"forget-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def erase(root: Path, gun: Gun) -> Callable[[int], None]:
    def work(writer: int) -> None:
        with open_workspace(root, actor="olga") as crm:
            crm.store.clock = lambda: LATER
            gun.load()
            forget(crm, ["contact/1"])
            gun.unload()
        os.write(writer, json.dumps(gun.calls).encode())

    return work


def shots(root: Path) -> list[Shot]:
    said, code = in_child(erase(root, Gun()))
    assert code == 0, said
    gun = Gun()
    gun.calls = json.loads(said)
    return gun.shots()


def test_a_kill_anywhere_leaves_all_of_him_or_nothing(
    room: Path, crash_points: Callable[[str, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_PLUGINS", "")
    root = make_workspace(room / "shop")
    with open_workspace(root, actor="olga") as crm:
        tell(crm)
        whole = documents(crm)
    done = shutil.copytree(root, room / "done")
    points = shots(done)
    with open_workspace(done, actor="olga") as crm:
        erased = documents(crm)
    finished = 0
    for shot in points:
        killed = shutil.copytree(root, room / "killed")
        assert in_child(erase(killed, Gun(shot)))[1] == -signal.SIGKILL, shot
        with open_workspace(killed, actor="olga") as crm:
            found = documents(crm)
            assert found in (whole, erased), shot
            assert not (killed / "data" / FORGOTTEN).exists(), shot
            assert check(crm.store) == [], shot
            crm.leads.add(name="После")
            assert_agrees(crm.store)
        if found == erased:
            finished += 1
            assert traces(killed) == [], shot
        assert strays(killed / "data") == [], shot
        shutil.rmtree(killed)
    crash_points("forgetting", len(points))
    assert 5 < finished < len(points) - 5


def test_a_kill_while_finishing_after_a_kill(
    room: Path, crash_points: Callable[[str, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_PLUGINS", "")
    root = make_workspace(room / "shop")
    with open_workspace(root, actor="olga") as crm:
        tell(crm)

    def forget_and_die(_writer: int) -> None:
        monkeypatch.setattr("crm.store.forgetting.finish", lambda _store: die())
        with open_workspace(root, actor="olga") as crm:
            forget(crm, ["contact/1"])

    assert in_child(forget_and_die)[1] == -signal.SIGKILL
    assert (root / "data" / FORGOTTEN).is_dir()
    said, code = in_child(_open_with(shutil.copytree(root, room / "whole"), Gun()))
    assert code == 0, said
    gun = Gun()
    gun.calls = json.loads(said)
    for shot in gun.shots():
        killed = shutil.copytree(root, room / "killed")
        assert in_child(_open_with(killed, Gun(shot)))[1] == -signal.SIGKILL, shot
        with open_workspace(killed, actor="olga") as crm:
            assert crm.contacts.get(1).name == "[erased]", shot
            assert check(crm.store) == [], shot
        assert traces(killed) == [], shot
        shutil.rmtree(killed)
    crash_points("finishing a forgetting", len(gun.shots()))
    assert len(gun.shots()) > 10


def _open_with(root: Path, gun: Gun) -> Callable[[int], None]:
    def work(writer: int) -> None:
        gun.load()
        with open_workspace(root, actor="olga") as crm:
            assert crm.contacts.count() == 1
        gun.unload()
        os.write(writer, json.dumps(gun.calls).encode())

    return work


def test_of_many_records_only_what_is_about_him_is_foreseen(crm: Workspace) -> None:
    tell(crm)
    every, near = foresee(crm, ["contact/1"], 1000), foresee(crm, ["contact/1"], 5)
    assert (every.whole, near.whole) == (True, False)
    assert every == foresee(crm, ["contact/1"])
    assert near.cards == every.cards
    assert set(near.cleaned) == {"deal/1", "activity/1", "activity/2"}
    assert set(every.cleaned) - set(near.cleaned) == {"lead/2", "unsubscribe/1"}
    assert set(forget(crm, ["contact/1"]).cleaned) == set(every.cleaned)
    assert traces(crm.root) == []


# --- traces in texts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["8 916 123-45-67", "89161234567", "+7(916)123-45-67", "тел.9161234567.", "7 916 123 45 67", "(916) 123-45-67"],
)
def test_a_phone_is_found_however_it_is_written(text: str) -> None:
    assert Traits(phones={"+79161234567"}).anywhere().are_in(text)


@pytest.mark.parametrize("text", ["49161234567890", "8 916 123-45-60", "1239161234567"])
def test_other_digits_are_no_phone(text: str) -> None:
    assert not Traits(phones={"+79161234567"}).anywhere().are_in(text)


@pytest.mark.parametrize("text", ["Петров Василий", "василию петрову", "с Петровым, Василием", "Василий Иванович"])
def test_two_words_of_a_name_are_found_in_any_case(text: str) -> None:
    assert Traits(names={"Петров Василий Иванович"}).anywhere().are_in(text)


@pytest.mark.parametrize("text", ["Василий", "Петровский парк", "Иван Петров", "Анна Васильева"])
def test_one_word_of_a_name_is_no_trace_by_itself(text: str) -> None:
    assert not Traits(names={"Петров Василий Иванович"}).anywhere().are_in(text)


def test_nobody_leaves_no_trace() -> None:
    assert not Traits().anywhere().are_in("")
    assert not Traits(names={"ИП"}).about_him().are_in("ИП Василий")


# --- the command ------------------------------------------------------------------------------------------------------


def known(line: CommandLine) -> CommandLine:
    line("contact", "add", "Василий Петров", "--phone", "8 916 123-45-67", "--comment", "рыбалка")
    line("activity", "add", "call", "Позвонить Василию", "--about", "contact/1")
    return line


def test_the_command_asks_and_does_nothing_unasked(line: CommandLine) -> None:
    truth = known(line).journal()
    assert "--yes" in line("contact", "forget", 1, code=2).err
    assert "name: Василий Петров → [erased]" in line("forget", "contact/1", "--dry-run").out
    assert line.journal() == truth


def test_the_command_erases_and_says_what_is_left_to_do(line: CommandLine) -> None:
    said = known(line)("contact", "forget", 1, "--yes")
    assert said.out == "contact/1 [erased]\n"
    assert "activity/1" in said.err
    assert "backups" in said.err
    assert traces(line.root) == []
    line("check")
    line("contact", "forget", 7, "--yes", code=3)
    line("forget", "company/1", "--yes", code=2)


def test_the_command_writes_what_is_known_first(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "person.json"
    known(line)("forget", "contact/1", "--export", path, "--yes")
    told = json.loads(path.read_text())
    assert told["cards"][0]["phones"] == ["+79161234567"]
    assert told["history"][0]["changes"][0]["after"]["comment"] == "рыбалка"
    assert path.stat().st_mode & 0o077 == 0

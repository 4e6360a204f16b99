from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from crm.delivery import Delivery
from crm.entrance import open_workspace
from crm.sales.trash import purge
from crm.sales.undo import redo, undo
from crm.workspace import Workspace
from tests.conftest import make_workspace
from tests.sales.commands import Doc, documents
from tests.store.gun import Gun, Shot, die, in_child, in_children
from tests.store.shelf import assert_agrees, lines, strays

MARCH, APRIL = "2026-03-31T10:00:00+00:00", "2026-04-01T10:00:00+00:00"


class Command(NamedTuple):
    name: str
    do: Callable[[Workspace], object]
    time: str = MARCH


def _add(crm: Workspace) -> None:
    crm.leads.add(name="Москва, Василий, щебень", phones=["8 916 123-45-67"])


def _import(crm: Workspace) -> None:
    with crm.transaction("import"):
        for number in range(258):
            crm.deals.add(title=f"Щебень {number}", amount=number)


def _move_all(crm: Workspace) -> None:
    with crm.transaction("deal move"):
        for deal in list(crm.deals.find()):
            crm.deals.move(deal.id, "proposal")


def _purge(crm: Workspace) -> None:
    crm.deals.delete(7)
    purge(crm, days=0)


SCRIPT = [
    Command("add the first record", _add),
    Command("convert", lambda crm: crm.leads.convert(1, company="ООО Ромашка", deal=True, amount=26905)),
    Command("import over a file's border", _import),
    Command("move all", _move_all),
    Command("undo", undo),
    Command("redo in a new month", redo, APRIL),
    Command("set", lambda crm: crm.leads.set(1, comment="перезвонить"), APRIL),
    Command("delete and purge", _purge, APRIL),
]


class Scene(NamedTuple):
    """A workspace before a command, and the documents that may stand there after it: at first, then on and on."""

    root: Path
    states: list[dict[str, Doc]]


@pytest.fixture(autouse=True)
def _without_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PLUGINS", "none")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: thousands of files are copied."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    folder = memory / f"crash-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def run(root: Path, command: Command) -> list[dict[str, Doc]]:
    """Run a command and return the documents after each change set that it commits."""
    with open_workspace(root, actor="olga") as crm:
        crm.store.clock = lambda: command.time
        first = crm.store.number
        command.do(crm)
        states = []
        for number in range(first, crm.store.number + 1):
            with crm.at(number) as past:
                states.append(documents(past))
        return states


def perform(root: Path, command: Command, gun: Gun) -> Callable[[int], None]:
    def work(writer: int) -> None:
        gun.load()
        with open_workspace(root, actor="olga") as crm:
            crm.store.clock = lambda: command.time
            command.do(crm)
        gun.unload()
        os.write(writer, json.dumps(gun.calls).encode())

    return work


def shots_of(scene: Scene, command: Command, folder: Path) -> list[Shot]:
    """Run the command to its end in a copy, and return every way to die on its way."""
    copy = shutil.copytree(scene.root, folder / "whole")
    said, code = in_child(perform(copy, command, Gun()))
    assert code == 0, said
    shutil.rmtree(copy)
    gun = Gun()
    gun.calls = json.loads(said)
    return gun.shots()


def kill(scene: Scene, command: Command, shot: Shot, folder: Path) -> Path:
    copy = shutil.copytree(scene.root, folder / "killed")
    said, code = in_child(perform(copy, command, Gun(shot)))
    assert code == -signal.SIGKILL, f"{shot}: {said!r}"
    return copy


def assert_survived(root: Path, scene: Scene, shot: Shot) -> None:
    """Check a workspace whose command was killed: nothing half applied, and work goes on."""
    with open_workspace(root, actor="olga") as crm:
        found = documents(crm)
        assert found in scene.states, shot
    for path in (root / "data" / "cache").glob("index*"):
        path.unlink()
    with open_workspace(root, actor="olga") as crm:
        assert documents(crm) == found, shot
        number = crm.store.number
        lead = crm.leads.add(name="После")
        assert crm.leads.get(lead.id).name == "После"
        assert (crm.store.number, lines(root / "data")[-1].n) == (number + 1, number + 1)
        assert_agrees(crm.store)
    assert strays(root / "data") == []


def kill_everywhere(scene: Scene, command: Command, room: Path) -> int:
    """Kill a command at each point of its way, in as many processes as there are cores; return how many points."""
    shots = shots_of(scene, command, room)
    workers = os.cpu_count() or 1

    def some(worker: int) -> Callable[[int], None]:
        def work(_writer: int) -> None:
            own = room / str(worker)
            own.mkdir()
            for shot in shots[worker::workers]:
                killed = kill(scene, command, shot, own)
                assert_survived(killed, scene, shot)
                shutil.rmtree(killed)
            own.rmdir()

        return work

    assert in_children([some(worker) for worker in range(workers)]) == [(b"", 0)] * workers, command.name
    return len(shots)


@pytest.mark.slow
def test_a_kill_at_every_call_that_changes_the_disk(room: Path, crash_points: Callable[[str, int], None]) -> None:
    root, points = make_workspace(room / "shop"), 0
    for command in SCRIPT:
        before = shutil.copytree(root, room / "before")
        scene = Scene(before, run(root, command))
        assert len(scene.states) >= 2, command.name
        points += kill_everywhere(scene, command, room)
        shutil.rmtree(before)
    crash_points("commands", points)
    assert points > 150


@pytest.mark.slow
def test_a_kill_while_catching_up_after_a_kill(room: Path, crash_points: Callable[[str, int], None]) -> None:
    """The journal is ahead of everything else; who mends that is killed too, at every call."""
    root, points = make_workspace(room / "shop"), 0
    for command in SCRIPT[:3]:
        before = shutil.copytree(root, room / "before")
        states = run(root, command)
        committed = Scene(_killed_behind_the_commit(Scene(before, states), command, room), states[-1:])
        committed = committed._replace(root=committed.root.rename(room / "committed"))
        reading = Command("read", lambda crm: crm.leads.count())
        points += kill_everywhere(committed, reading, room)
        shutil.rmtree(before)
        shutil.rmtree(committed.root)
    crash_points("catching up", points)
    assert points > 20


def _killed_behind_the_commit(scene: Scene, command: Command, room: Path) -> Path:
    """Return the workspace as a kill leaves it right after the journal line is flushed."""
    return _killed_in("crm.store.commit.Store._rename", scene, command, room)


def _killed_in(target: str, scene: Scene, command: Command, room: Path) -> Path:
    copy = shutil.copytree(scene.root, room / "killed")

    def work(writer: int) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(target, lambda *_args: die())
            perform(copy, command, Gun())(writer)

    assert in_child(work)[1] == -signal.SIGKILL
    return copy


INDEXING = ("index.Index.take", "index.Index.raise_next_id", "commit.follow")


def test_a_kill_while_the_index_is_written(room: Path, crash_points: Callable[[str, int], None]) -> None:
    root, points = make_workspace(room / "shop"), 0
    for command in SCRIPT[:3]:
        before = shutil.copytree(root, room / "before")
        scene = Scene(before, run(root, command)[-1:])
        for target in INDEXING:
            killed = _killed_in(f"crm.store.{target}", scene, command, room)
            assert_survived(killed, scene, (0, False))
            shutil.rmtree(killed)
            points += 1
        shutil.rmtree(before)
    crash_points("index", points)


# --- delivery ---------------------------------------------------------------------------------------------------------

REACTING = '''
"""Plans a call for each new lead."""
from crm import hookimpl

@hookimpl
def on_lead_created(crm, lead, event):
    crm.activities.add(kind="call", subject="Позвонить", about=lead.ref)
'''


@pytest.fixture
def reacting(room: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a workspace with one plugin, a file of its own, that reacts to new leads."""
    monkeypatch.delenv("CRM_PLUGINS")
    for module in ("crm.plugin_loading", "crm.plugin_finding"):
        monkeypatch.setattr(f"{module}.BUILT_IN", ())
    root = make_workspace(room / "shop")
    (root / "config" / "plugins").mkdir(exist_ok=True)
    (root / "config" / "plugins" / "caller.py").write_text(REACTING)
    with open_workspace(root, actor="olga") as crm:
        crm.leads.add(name="Нулевой")
        assert_each_lead_has_one_call(crm)
    return root


def assert_each_lead_has_one_call(crm: Workspace) -> None:
    about = sorted(activity.doc["about"] for activity in crm.activities.find())
    assert about == sorted(lead.ref for lead in crm.leads.find())
    assert Delivery(crm).read()["parked"] == []


def go_on(root: Path) -> None:
    """Give the next command, and check that each lead has its call: no reaction lost, none doubled."""
    with open_workspace(root, actor="olga") as crm:
        number = crm.store.number
        crm.leads.add(name="Следующий")
        assert crm.store.number > number
        assert_each_lead_has_one_call(crm)
        assert_agrees(crm.store)
        told = crm.store.number
        crm.deliver()
        assert crm.store.number == told


def killed_at(root: Path, target: str) -> None:
    def work(_writer: int) -> None:
        with pytest.MonkeyPatch.context() as patched, open_workspace(root, actor="olga") as crm:
            patched.setattr(target, lambda *_args: die())
            crm.leads.add(name="Убитый")

    assert in_child(work)[1] == -signal.SIGKILL


def test_a_kill_between_the_commit_and_the_reaction(reacting: Path) -> None:
    killed_at(reacting, "crm.workspace.Workspace.deliver")
    with open_workspace(reacting, actor="olga") as crm:
        assert (crm.leads.count(), crm.activities.count()) == (2, 1)
    go_on(reacting)


def test_a_kill_between_the_reaction_and_its_note(reacting: Path) -> None:
    killed_at(reacting, "crm.delivery.Delivery._write")
    with open_workspace(reacting, actor="olga") as crm:
        assert (crm.leads.count(), crm.activities.count()) == (2, 2)
    go_on(reacting)


def _command_and_delivery(root: Path, gun: Gun, *, apart: bool) -> Callable[[int], None]:
    """Add a lead with a loaded gun: in this process, or only in the one where the plugin reacts."""

    def work(writer: int) -> None:
        from crm import apart as reactions

        react = reactions._react_and_exit

        def react_armed(*args: object) -> None:
            if apart:
                gun.load()
                reactions_done = os._exit
                os._exit = lambda code: _tell_and_exit(gun, writer, code, reactions_done)  # type: ignore[assignment,return-value]
            else:
                gun.unload()
            react(*args)  # type: ignore[arg-type]

        reactions._react_and_exit = react_armed  # type: ignore[assignment]
        if not apart:
            gun.load()
        with open_workspace(root, actor="olga") as crm:
            crm.leads.add(name="Убитый")
        if not apart:
            gun.unload()
            os.write(writer, json.dumps(gun.calls).encode())

    return work


def _tell_and_exit(gun: Gun, writer: int, code: int, leave: Callable[[int], object]) -> None:
    gun.unload()
    os.write(writer, json.dumps(gun.calls).encode())
    leave(code)


@pytest.mark.parametrize("apart", [False, True], ids=["the command", "the plugin"])
def test_a_kill_anywhere_on_the_way_of_an_event(
    reacting: Path, room: Path, apart: bool, crash_points: Callable[[str, int], None]
) -> None:
    copy = shutil.copytree(reacting, room / "whole")
    said, code = in_child(_command_and_delivery(copy, Gun(), apart=apart))
    assert code == 0, said
    go_on(copy)
    recorded = Gun()
    recorded.calls = json.loads(said)
    shots = recorded.shots()
    for shot in shots:
        killed = shutil.copytree(reacting, room / "killed")
        _said, code = in_child(_command_and_delivery(killed, Gun(shot), apart=apart))
        assert code == (0 if apart else -signal.SIGKILL), shot
        go_on(killed)
        shutil.rmtree(killed)
    crash_points("reaction in a plugin" if apart else "delivery", len(shots))
    assert len(shots) > 10

"""A working day with real mail servers, from the request of the site to the evening's report; killed and resumed too.

Machines tell the program again what it did not answer; people look whether a command was done, and type it again if
not. Either way the day ends as one that nothing cut off.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crm.entrance import open_workspace
from crm.model import Request
from crm.store.history import Asked
from crm.store.history import lines as history_lines
from tests.command_line import CommandLine
from tests.plugins.conftest import made_shop, shop_folder
from tests.plugins.mailbox.conftest import dovecot, letter, mail_folder, put, user
from tests.plugins.mailbox.dovecot import PASSWORD
from tests.plugins.mailings.conftest import PostOffice, post_office
from tests.sales.commands import documents
from tests.store.gun import Gun, in_child

__all__ = ["dovecot", "made_shop", "mail_folder", "post_office", "put", "shop_folder", "user"]

TOKEN, CLIENT = "long-random-word", "+79161234567"
CONFIG = {
    "site": f"token: {TOKEN}\nowner: ivan\n",
    "telephony": f'token: {TOKEN}\npeople: {{"101": ivan}}\n',
    "rules": "rules:\n- {id: request, on: lead_created, if: 'source = \"site\"', "
    "then: [{activity: {kind: call, subject: 'Позвонить: {name}', days: 0}}], enabled: true}\n"
    "- {id: deliver, on: invoice_paid, then: [{process: delivery}], enabled: true}\n",
}


class Step(NamedTuple):
    """What is done in a process of its own, with the command that the history knows it by.

    Without one it is done again after a kill: what machines tell, and what goes on where it was.
    """

    work: Callable[[Path], object]
    command: str = ""


def told(place: str, body: object) -> Step:
    """Return what a machine tells the program over its address for machines."""

    def tell(root: Path) -> object:
        from crm.plugins.site.endpoints import take
        from crm.plugins.telephony.exchanges import take_call

        taking, path = (take_call, TOKEN) if place == "call" else (take, f"{TOKEN}/{place}")
        headers = {"content-type": "application/json"}
        with open_workspace(root, actor="olga") as crm:
            return taking(crm, Request("POST", path, headers=headers, body=json.dumps(body).encode()))

    return Step(tell)


def typed(*words: object, again: bool = False) -> Step:
    """Return what a person types; one that may be typed `again` needs no look at the history."""
    command = "" if again else " ".join(map(str, words[:2]))
    return Step(lambda root: CommandLine(root)(*words, user="ivan"), command)


def call(number: str, status: str, direction: str = "in") -> Step:
    ours, theirs = "101", CLIENT
    ends = {"from": theirs, "to": ours} if direction == "in" else {"from": ours, "to": theirs}
    return told("call", {"id": number, "direction": direction, "status": status, "duration": 40, **ends})


DAY: list[Step] = [
    told("form", {"id": "77", "name": "Василий", "phone": CLIENT, "email": "v@example.ru"}),
    call("1", "missed"),
    call("2", "answered", "out"),
    typed("mailbox", "fetch", again=True),
    typed("letter", "task", 1, "Посчитать", "--due", "tomorrow"),
    typed("lead", "convert", 1, "--company", "ООО Ромашка", "--deal", "--amount", 26905),
    typed("company", "set", 1, "inn=7800000027", "kpp=780001001"),
    typed("activity", "add", "meeting", "На объекте", "--about", "deal/1", "--due", "tomorrow"),
    typed("quote", "add", "--deal", 1, "--item", "Щебень*10@1750%22"),
    typed("quote", "accept", 1),
    typed("invoice", "issue", "--quote", 1),
    typed("letter", "send", "--about", "deal/1", "--subject", "Счёт", "--text", "Вот он", "--later"),
    typed("invoice", "pay", 1),
    typed("process", "do", 1, "--result", "ул. Мира, 5"),
    typed("activity", "done", 1, "--result", "договорились", "--outcome", "success"),
]


@pytest.fixture
def morning(mail_folder: Path, put: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace of two people as a day begins, with a letter in the box."""
    for name, value in {"CRM_IMAP_PASSWORD": PASSWORD, "CRM_PLUGINS": "", "CRM_LANG": "en"}.items():
        monkeypatch.setenv(name, value)
    for name, text in CONFIG.items():
        (mail_folder / "config" / f"{name}.yaml").write_text(text, "utf-8")
    with open_workspace(mail_folder, actor="olga") as crm:
        crm.users.add(name="Иван", login="ivan", role="manager")
    put(letter(message_id="<first@example.ru>"))
    return mail_folder


def do(root: Path, step: Step, gun: Gun) -> Callable[[int], None]:
    """Return what does one step in a process of its own, in which a gun may be loaded."""

    def go(writer: int) -> None:
        gun.load()
        step.work(root)
        gun.unload()
        os.write(writer, str(len(gun.calls)).encode())

    return go


def is_done(root: Path, command: str, after: int) -> bool:
    """Look, as a person would in the history, whether a command came through after a change set."""
    with open_workspace(root, actor="ivan") as crm:
        found = history_lines(crm.store, Asked())
        return any(line.command == command and line.n > after for line in found)


def number(root: Path) -> int:
    with open_workspace(root, actor="ivan") as crm:
        return crm.store.number


def play(root: Path, chance: Callable[[int], int]) -> int:
    """Play the day; return how often it was killed.

    `chance(number of calls)` says at which of the calls that change the disk a step is killed first, 0 for never.
    """
    kills = 0
    for step in DAY:
        before, shot = number(root), 0
        said, code = in_child(do(copied(root), step, Gun()))
        assert code == 0, (step, said)
        shot = chance(int(said))
        if shot:
            said, code = in_child(do(root, step, Gun((shot, False))))
            assert code == -signal.SIGKILL, (step, said)
            kills += 1
        if not (shot and step.command and is_done(root, step.command, before)):
            said, code = in_child(do(root, step, Gun()))
            assert code == 0, (step, said)
    return kills


def copied(root: Path) -> Path:
    """Return a copy to try a step in: what it calls is counted there."""
    found = root.with_name(f"{root.name}-tried")
    if found.exists():
        shutil.rmtree(found)
    return Path(shutil.copytree(root, found))


_OF_THE_MOMENT = re.compile(r"[0-9a-f]{64}\.eml|\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d|Z)?|<[^<>@\s]+@[^<>\s]+>")


def evening(root: Path) -> dict[str, Any]:
    """Return what the day left: every record without what differs each time, the points, and the lights."""
    line = CommandLine(root)
    line("letter", "retry")
    with open_workspace(root, actor="olga") as crm:
        kept = documents(crm, without=("rev", "updated"))
    text = _OF_THE_MOMENT.sub("…", json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str))
    points = line("motivator", "--day", datetime.now(UTC).date().isoformat(), "--json").json
    return {"records": json.loads(text), "points": points, "lights": line("control", "--json").json}


def test_a_day_from_the_request_to_the_evening(morning: Path, post_office: PostOffice) -> None:
    play(morning, lambda _calls: 0)
    found = evening(morning)
    assert post_office.addresses() == ["v@example.ru"]
    rows = found["records"]
    assert (rows["deal/1"]["stage"], rows["deal/1"]["amount"]["amount"]) == ("signing", "17500.00")
    assert rows["invoice/1"]["status"] == "paid"
    assert rows["process/1"]["about"] == "deal/1"
    rules = {line["command"] for line in CommandLine(morning)("log", "--json", "--limit", 500).json}
    assert {"rule request", "rule deliver"} <= rules
    CommandLine(morning)("check")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_same_day_killed_at_any_moment_ends_the_same(
    morning: Path, post_office: PostOffice, seed: int, crash_points: Callable[[str, int], None]
) -> None:
    quiet = Path(shutil.copytree(morning, morning.with_name("quiet")))
    play(quiet, lambda _calls: 0)
    expected = evening(quiet)
    post_office.letters.clear()
    chances = random.Random(seed)
    kills = play(morning, lambda calls: chances.randrange(1, calls + 1) if calls else 0)
    assert evening(morning) == expected
    assert post_office.addresses() == ["v@example.ru"]
    CommandLine(morning)("check")
    crash_points("a day", kills)

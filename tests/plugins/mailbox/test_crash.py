"""The queue of letters killed anywhere: nobody gets a letter twice; what may have arrived is for a person."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from crm.entrance import open_workspace
from tests.plugins.mailings.conftest import PostOffice

KILLED = Path(__file__).with_name("killed.py")
PROJECT = Path(__file__).parents[3]
BOTH = ["anna@example.ru", "ivan@example.ru"]


def killed(root: Path, number: int) -> bool:
    """Send in a process that is killed at a step; tell whether it was."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, KILLED, root, str(number)], env=environment, capture_output=True, check=False
    )
    assert done.returncode <= 0, done.stderr.decode()
    return done.returncode < 0


@pytest.mark.slow
def test_killed_anywhere_nobody_gets_a_letter_twice(
    shop_folder: Path, post_office: PostOffice, tmp_path: Path, crash_points: Callable[[str, int], None]
) -> None:
    smtp = f"{{host: 127.0.0.1, port: {post_office.port}, tls: none, timeout: 10}}"
    (shop_folder / "config" / "mailings.yaml").write_text(f"smtp: {smtp}\nfrom: news@romashka.ru\n")
    number, in_doubt, arrived = 0, 0, Counter[bool]()
    while True:
        number += 1
        root = Path(copytree(shop_folder, tmp_path / str(number)))
        if not killed(root, number):
            break
        with open_workspace(root, actor="olga", language="en") as crm:
            letters: Any = crm.collection("letter")
            letters.deliver()
            for one in letters.find():
                assert one.status in ("sent", "sending"), number
                assert set(one.delivered or ()) <= set(post_office.addresses()), number
                if one.status == "sending":
                    in_doubt += 1
                    arrived[len(post_office.letters) > len(one.delivered or ())] = 1
                    letters.deliver()
                else:
                    assert post_office.addresses() == BOTH, number
        assert max(Counter(post_office.addresses()).values(), default=0) <= 1, (number, post_office.addresses())
        post_office.letters.clear()
    assert post_office.addresses() == BOTH
    assert number > 10
    assert in_doubt >= 6
    assert set(arrived) == {True, False}
    crash_points("letter send", number - 1)

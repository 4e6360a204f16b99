"""The queue of letters killed anywhere: nobody gets a letter twice; what may have arrived is for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from crm.entrance import open_workspace
from tests.plugins.killing import was_killed
from tests.plugins.mailings.conftest import PostOffice

BOTH = ["anna@example.ru", "ivan@example.ru"]


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
        if not was_killed("tests.plugins.mailbox.killed", root, number):
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

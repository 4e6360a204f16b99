from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.plugins.killing import was_killed
from tests.plugins.mailings.conftest import Post, PostOffice, opened


def killed_at_each_step(shop: Path, folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield (step, workspace) for each step at which the sender was killed; the last run of all ends by itself."""
    for number in range(1, 200):
        root = Path(copytree(shop, folder / str(number)))
        if not was_killed("tests.plugins.mailings.killed", root, number):
            return
        yield number, root
    raise AssertionError("it never ends")


def settled(crm: Post) -> tuple[Counter[str], list[str]]:
    """Return how many letters stand where after what was left is sent, and the addresses of unknown fate."""
    sent = crm.mailings.send(1, sleep=lambda _seconds: None)
    return Counter(sent.counts), sent.unknown


@pytest.mark.slow
def test_killed_anywhere_no_address_gets_two_letters(
    post: Post,
    everybody: int,
    post_office: PostOffice,
    tmp_path: Path,
    crash_points: Callable[[str, int], None],
) -> None:
    post.contacts.delete(3)  # two letters have every step that three have
    post.close()
    count, unknown_seen, unknown_arrived = 0, 0, Counter[bool]()
    for number, root in killed_at_each_step(post.root, tmp_path / "killed"):
        count = number
        with opened(root) as crm:
            if crm.mailings.get(1).status != "sent":
                stands, unknown = settled(crm)
                assert set(stands) <= {"sent", "sending"}, number
                assert stands.total() == 2, number
                assert len(unknown) <= 1, number
                unknown_seen += len(unknown)
                unknown_arrived.update(address in post_office.addresses() for address in unknown)
                for dispatch in crm.dispatches.of("mailing/1", "sent"):
                    assert dispatch.address in post_office.addresses(), number
        assert max(Counter(post_office.addresses()).values()) == 1, (number, post_office.addresses())
        post_office.letters.clear()
    assert unknown_seen >= 8
    assert unknown_arrived[True]
    assert unknown_arrived[False]
    crash_points("mailing send", count)

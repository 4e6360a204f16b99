"""A letter taken from its bytes, as a script or the demo gives it: where a box would have put it, and once."""

from __future__ import annotations

from typing import Any

from crm.workspace import Workspace

LETTER = b"""From: Anna <anna@client.example>
To: olga@example.org
Subject: Price
Message-ID: <1@client.example>
Date: Fri, 27 Nov 2026 10:00:00 +0000

What does it cost?
"""


def test_a_letter_is_taken_once_even_from_the_trash(shop: Workspace) -> None:
    contact = shop.contacts.add(name="Anna", emails=["anna@client.example"])
    letters: Any = shop.collection("letter")
    taken = letters.take_in(LETTER)
    assert (taken.direction, taken.client, taken.subject) == ("in", contact.ref, "Price")
    (planned,) = shop.activities.having("about", contact.ref)
    assert planned.subject.endswith("Price")
    letters.delete(taken.id)
    assert letters.take_in(LETTER).id == taken.id
    assert letters.count() == 0


def test_a_letter_without_an_id_is_taken_within_a_transaction(shop: Workspace) -> None:
    letters: Any = shop.collection("letter")
    with shop.transaction("archive"):
        taken = letters.take_in(LETTER.replace(b"Message-ID: <1@client.example>\n", b""))
    assert letters.get(taken.id).message_id.endswith("@unnamed>")

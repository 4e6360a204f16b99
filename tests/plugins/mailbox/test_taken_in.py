"""A letter taken from its bytes, as a script or the demo gives it: where a box would have put it, and once."""

from __future__ import annotations

from typing import Any

import pytest

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


ANSWER = b"""From: Olga <olga@example.org>
To: anna@client.example
Subject: Re: Price
Message-ID: <2@example.org>
In-Reply-To: <1@client.example>
Date: Fri, 27 Nov 2026 11:00:00 +0300

1750 per ton.
"""
AGAIN = ANSWER.replace(b"<2@", b"<3@").replace(b"From: Olga <olga@example.org>\nTo: anna@client.example",
                       b"From: Anna <anna@client.example>\nTo: olga@example.org")  # fmt: skip


@pytest.fixture
def seller(shop: Workspace) -> Workspace:
    shop.contacts.add(name="Anna", emails=["anna@client.example"])
    shop.users.set(1, email="olga@example.org")
    return shop


def dues(crm: Workspace) -> list[bool]:
    return [bool(one.done) for one in crm.activities.find()]


def test_an_answer_from_another_program_does_what_was_to_be_answered(seller: Workspace) -> None:
    letters: Any = seller.collection("letter")
    letters.take_in(LETTER)
    assert dues(seller) == [False]
    letters.take_in(ANSWER.replace(b"11:00:00 +0300", b"14:00:00 +0300"))
    assert dues(seller) == [True]
    letters.take_in(AGAIN.replace(b"11:00:00 +0300", b"15:00:00 +0300"))
    assert dues(seller) == [True, False], "who writes on is answered anew"


def test_a_letter_of_ours_from_before_answers_nothing(seller: Workspace) -> None:
    letters: Any = seller.collection("letter")
    letters.take_in(LETTER)
    letters.take_in(ANSWER)
    assert dues(seller) == [False], "11:00 in Moscow is before 10:00 UTC"


def test_what_was_answered_before_it_is_fetched_is_not_to_be_answered(seller: Workspace) -> None:
    letters: Any = seller.collection("letter")
    letters.take_in(ANSWER.replace(b"11:00:00 +0300", b"14:00:00 +0300"))
    letters.take_in(LETTER)
    assert dues(seller) == []

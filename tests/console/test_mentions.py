"""Comments: who is called by `@login` gets a task, and the history shows the kind that is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.console.client import Client
from tests.console.test_pages import add_deal

if TYPE_CHECKING:
    from tests.console.test_browser import Open


def test_who_is_called_in_a_comment_gets_a_task(olga: Client) -> None:
    number = add_deal(olga)
    reply = olga.json(f"/deal/{number}/comment", {"text": "@IVAN and @nobody, ask mail@ivan.example <b>"})
    assert "Иван Петров" in reply.data["text"]
    page = olga.get(f"/deal/{number}")
    assert '<b class="mention" title="Иван Петров">@IVAN</b>' in page.body
    assert page.body.count('class="mention"') == 1
    due = [
        one
        for one in olga.get("/activities.json?owner=ivan&done=no").data["records"]
        if one["about"] == f"deal/{number}"
    ]
    assert [one["owner"] for one in due] == ["ivan"]
    olga.post(reply.data["undo"])
    assert f"deal/{number}" not in str(olga.get("/activities.json?owner=ivan&done=no").data), "one undo for both"
    assert olga.json(f"/deal/{number}/comment", {"text": "@olga notes"}).data["text"] == "The comment is written."


def test_the_history_shows_the_kind_that_is_wanted(olga: Client) -> None:
    number = add_deal(olga)
    olga.post(f"/deal/{number}/comment", {"text": "Only words"})
    olga.post(f"/deal/{number}/edit", {"only": "amount", "amount": "7"})
    comments, changes = (olga.get(f"/deal/{number}?only={kind}").body for kind in ("comments", "changes"))
    assert "Only words" in comments.partition('id="timeline"')[2]
    assert "changes fields" not in comments
    assert "changes fields" in changes


@pytest.mark.browser
def test_names_are_offered_after_the_sign(open_page: Open, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(f"/deal/{number}")
    page.focus("#comment")
    page.keyboard.type("Ask @ив")
    page.wait_for_selector(".mentions button:has-text('Иван')")
    page.keyboard.press("Enter")
    assert page.input_value("#comment") == "Ask @ivan "

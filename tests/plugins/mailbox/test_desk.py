"""Mail in the console: written from a card, answered, made a task of; fetched by the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crm.due import tick
from crm.entrance import open_workspace
from crm.errors import InvalidValue, NotFound
from crm.plugins.mailbox.desk import act, panel
from crm.plugins.mailbox.page import letters
from crm.workspace import Workspace
from tests.plugins.mailbox.conftest import Mail, letter
from tests.plugins.mailbox.test_reading import with_file
from tests.plugins.mailings.conftest import PostOffice

Put = Callable[..., None]


@pytest.fixture
def client(mail: Mail) -> Mail:
    mail.contacts.add(name="Василий Пупкин", emails="v@example.ru")
    mail.deals.add(title="Щебень", contacts=["contact/1"])
    return mail


def test_a_letter_is_written_from_a_card_with_its_papers(client: Mail, post_office: PostOffice) -> None:
    client.collection("quote").add(deal="deal/1", items=["Щебень*10@1750"])
    shown = str((panel(client, client.deals.get(1)) or {})["html"])
    assert 'value="v@example.ru"' in shown
    assert 'name="attach:quote/1"' in shown
    form = {"verb": "write", "about": "deal/1", "to": "v@example.ru; a@example.ru", "subject": "КП", "text": "Вот"}
    assert act(client, {**form, "attach:quote/1": "1"}) == "Sent: КП"
    assert post_office.addresses() == ["v@example.ru", "a@example.ru"]
    assert [part.get_filename() for part in post_office.letters[0][1].iter_attachments()]
    assert client.collection("quote").get(1).doc["status"] == "sent"
    assert "КП" in str((panel(client, client.deals.get(1)) or {})["html"])


@pytest.mark.parametrize("word", ["/etc/passwd", "quote/../1", "lead/1", "quote/x", ""])
def test_a_form_attaches_no_file_of_the_machine(client: Mail, post_office: PostOffice, word: str) -> None:
    form = {"verb": "write", "about": "deal/1", "to": "v@example.ru", "subject": "КП", "text": "Вот"}
    with pytest.raises(InvalidValue):
        act(client, {**form, f"attach:{word}": "1"})
    assert post_office.letters == []


def test_a_letter_is_answered_and_made_a_task_of(client: Mail, put: Put, post_office: PostOffice) -> None:
    put(letter())
    client.mailboxes.fetch()
    page = str(letters(client, {"id": "1"})["html"])
    assert 'value="reply"' in page
    assert act(client, {"verb": "reply", "id": "1", "text": "1750"}) == "Sent: Re: Щебень"
    assert post_office.addresses() == ["v@example.ru"]
    task = {"verb": "task", "id": "1", "subject": "Посчитать", "owner": "olga", "due": "2030-01-01"}
    assert act(client, task) == ("Planned: Посчитать (letter/1)", "/activity/2")
    with pytest.raises(InvalidValue):
        act(client, {"verb": "burn", "id": "1"})


def test_what_cannot_go_now_waits_and_the_clock_sends_it(client: Mail, post_office: PostOffice) -> None:
    post_office.drop = "mail"
    form = {"verb": "write", "about": "deal/1", "to": "v@example.ru", "subject": "КП", "text": "Вот"}
    assert "waits in the queue" in act(client, form)
    post_office.drop = ""
    told = [one.text for one in tick(client, datetime(2030, 1, 1, 12, 1, tzinfo=UTC)) if one.plugin == "mailbox"]
    assert told == ["letter/1 КП: sent"]


def test_the_clock_fetches_every_few_minutes(client: Mail, put: Put) -> None:
    put(letter())

    def at(minute: int) -> list[str]:
        moment = datetime(2030, 1, 1, 12, minute, tzinfo=UTC)
        return [one.text for one in tick(client, moment) if one.plugin == "mailbox"]

    assert at(4) == []
    assert at(5) == ["info INBOX: 1"]
    assert client.letters.count() == 1


def test_the_clock_fetches_never_where_that_is_said(mail_folder: Path, put: Put) -> None:
    path = mail_folder / "config" / "mailbox.yaml"
    path.write_text(path.read_text() + "every: 0\n")
    put(letter())
    with open_workspace(mail_folder, actor="olga", language="en") as crm:
        told: list[Any] = [one for one in tick(crm, datetime(2030, 1, 1, 12, 0, tzinfo=UTC)) if one.plugin == "mailbox"]
        assert told == []


def test_without_a_box_the_page_of_mail_teaches(shop: Workspace) -> None:
    assert "No mailbox is connected" in letters(shop, {})["html"]


def test_the_page_of_mail_lists_and_narrows(client: Mail, put: Put) -> None:
    assert "No letters" in letters(client, {})["html"]
    put(letter(subject="Щебень <b>"))
    assert act(client, {"verb": "fetch"}) == "New letters: 1."
    html = str(letters(client, {})["html"])
    assert "Щебень &lt;b&gt;" in html
    assert '<a href="/deal/1">Щебень</a>' in html
    assert letters(client, {"view": "out"})["letters"] == []


def test_an_attachment_is_saved_from_the_page(client: Mail, put: Put) -> None:
    put(b"From: v@example.ru\nMessage-ID: <f@a>\n" + with_file('Content-Disposition: attachment; filename="a.pdf"'))
    act(client, {"verb": "fetch"})
    assert 'href="/p/letters?id=1&amp;file=a.pdf" download' in letters(client, {"id": "1"})["html"]
    assert letters(client, {"id": "1", "file": "a.pdf"})["file"]["name"] == "a.pdf"
    with pytest.raises(NotFound):
        letters(client, {"id": "1", "file": "../a.pdf"})

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crm.errors import NotFound, OutsideFailed, Refused, WrongUsage
from crm.plugins.mailbox.composing import Draft
from tests.command_line import CommandLine
from tests.plugins.mailbox.conftest import Mail, letter
from tests.plugins.mailbox.dovecot import PASSWORD
from tests.plugins.mailbox.test_reading import report, with_file
from tests.plugins.mailings.conftest import PostOffice

Put = Callable[..., None]


@pytest.fixture
def client(mail: Mail) -> Mail:
    """Return a workspace with a contact of an open deal."""
    mail.companies.add(name="ООО «Ромашка»")
    mail.contacts.add(name="Василий Пупкин", emails="v@example.ru", companies="company/1")
    mail.deals.add(title="Щебень", contacts=["contact/1"], company="company/1")
    return mail


# --- coming in -------------------------------------------------------------------------------------------------------


def test_a_letter_of_a_client_is_about_his_open_deal(client: Mail, put: Put) -> None:
    put(letter())
    client.mailboxes.fetch()
    one = client.letters.get(1)
    assert (one.client, one.about) == ("contact/1", "deal/1")
    assert client.leads.count() == 0
    client.deals.win(1)
    put(letter())
    client.mailboxes.fetch()
    assert client.letters.get(2).about == "contact/1"


def test_an_answer_is_in_the_thread_of_what_it_answers(client: Mail, put: Put) -> None:
    put(letter(message_id="<1@a>"))
    put(letter("Re: Щебень", message_id="<2@a>", sender="x@other.ru", in_reply_to="<1@a>"))
    put(letter("Другая тема", message_id="<3@a>", sender="y@other.ru", references="<1@a> <2@a>"))
    put(letter("Щебень", message_id="<4@a>", sender="z@other.ru"))
    client.mailboxes.fetch()
    assert [one.about for one in client.letters.find()] == ["deal/1", "deal/1", "deal/1", "lead/1"]
    assert [one.id for one in client.letters.thread_of(2)] == [1, 2, 3]
    assert [one.parent for one in client.letters.find()] == [None, "letter/1", "letter/2", None]
    assert client.activities.count() == 2, "one for a thread"


def test_robots_and_bounces_make_neither_leads_nor_tasks(mail: Mail, put: Put) -> None:
    put(letter(sender="no-reply@shop.ru"))
    put(letter(precedence="bulk"))
    put(report("<unknown@x>"))
    mail.mailboxes.fetch()
    assert [one.nature for one in mail.letters.find()] == ["robot", "robot", "bounce"]
    assert (mail.leads.count(), mail.activities.count()) == (0, 0)


def test_a_letter_of_ours_from_another_program_is_ours(client: Mail, put: Put) -> None:
    put(letter(sender="info@romashka.ru").replace("To: info@romashka.ru", "To: v@example.ru"))
    client.mailboxes.fetch()
    one = client.letters.get(1)
    assert (one.direction, one.status, one.about) == ("out", "sent", "deal/1")
    assert client.activities.count() == 0


def test_plugins_hear_of_a_letter_once(mail: Mail, put: Put) -> None:
    put(letter())
    mail.mailboxes.fetch()
    mail.mailboxes.fetch()
    events = [event for line in mail.letters.history(1) for event in line.events]
    assert [event["ref"] for event in events if event["name"] == "on_letter_received"] == ["letter/1"]


def test_files_of_a_letter_are_saved(mail: Mail, put: Put) -> None:
    put(b"From: v@example.ru\nMessage-ID: <f@a>\n" + with_file('Content-Disposition: attachment; filename="../a.pdf"'))
    mail.mailboxes.fetch()
    assert mail.letters.get(1).doc["attachments"] == ["a.pdf"]
    assert mail.letters.attachment(1, "a.pdf").data == b"bytes"
    with pytest.raises(NotFound, match="no attachment"):
        mail.letters.attachment(1, "b.pdf")


def test_a_task_is_made_of_a_letter_for_another(client: Mail, put: Put) -> None:
    client.users.add(name="Иван", login="ivan")
    put(letter())
    client.mailboxes.fetch()
    task = client.letters.task(1, "Посчитать доставку", owner="ivan", due="2026-12-01")
    assert (task.owner, task.about, task.kind) == ("ivan", "deal/1", "task")
    assert task.ref in client.letters.get(1).activities
    assert "letter/1" in task.subject


def test_a_thread_is_bound_to_another_record(client: Mail, put: Put) -> None:
    put(letter(message_id="<1@a>", sender="x@other.ru"))
    put(letter(message_id="<2@a>", sender="x@other.ru", in_reply_to="<1@a>"))
    client.mailboxes.fetch()
    client.letters.bind(1, "contact/1")
    assert [(one.about, one.client) for one in client.letters.find()] == [("contact/1", "contact/1")] * 2


# --- going out -------------------------------------------------------------------------------------------------------


def test_a_letter_goes_from_a_card_by_a_template_with_a_quote(client: Mail, post_office: PostOffice) -> None:
    client.collection("quote").add(deal="deal/1", items=["Щебень*10@1750"])
    written = client.letters.write(Draft((), "", "", "contact/1", attach=("quote/1",)), "offer")
    assert written.status == "queued"
    client.letters.deliver()
    [(address, message)] = post_office.letters
    assert address == "v@example.ru"
    assert message["Subject"] == "КП для Василий Пупкин"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Здравствуйте, Василий! {скобки}")
    assert "\n-- \n" in body.get_content().replace("\r", "")
    [file] = message.iter_attachments()
    assert file.get_content().startswith(b"%PDF")
    assert client.collection("quote").get(1).status == "sent"
    assert client.letters.get(1).status == "sent"
    [logged] = client.activities.find()
    assert (logged.kind, logged.direction, logged.done, logged.about) == ("letter", "out", True, "contact/1")


def test_an_answer_goes_in_the_thread_and_does_what_was_to_be_done(
    client: Mail, put: Put, post_office: PostOffice
) -> None:
    put(letter(message_id="<1@a>"))
    client.mailboxes.fetch()
    answer = client.letters.reply(1, "Тысяча семьсот.")
    client.letters.deliver(answer.id)
    [(address, message)] = post_office.letters
    assert (address, message["In-Reply-To"], message["References"]) == ("v@example.ru", "<1@a>", "<1@a>")
    assert message["Subject"] == "Re: Щебень"
    assert "> Почём?" in message.get_content()
    assert [activity.done for activity in client.activities.find()] == [True]
    put(letter("Re: Re: Щебень", sender="other@x.ru", in_reply_to=str(message["Message-ID"])))
    client.mailboxes.fetch()
    assert client.letters.get(3).about == "deal/1"


def test_no_value_adds_a_header(client: Mail, post_office: PostOffice) -> None:
    client.letters.write(Draft(("v@example.ru",), "Тема\r\nBcc: spy@example.ru", "x", ""))
    client.letters.deliver()
    [(_address, message)] = post_office.letters
    assert message["Bcc"] is None
    assert message["Subject"] == "Тема Bcc: spy@example.ru"


def test_a_server_that_refuses_some_recipients(client: Mail, post_office: PostOffice) -> None:
    post_office.answers["gone@example.ru"] = "550 no such user"
    client.letters.write(Draft(("a@example.ru", "gone@example.ru", "b@example.ru"), "Т", "x"))
    client.letters.deliver()
    one = client.letters.get(1)
    assert post_office.addresses() == ["a@example.ru", "b@example.ru"]
    assert (one.status, one.doc["delivered"], one.doc["refused"]) == (
        "sent", ["a@example.ru", "b@example.ru"], ["gone@example.ru"],
    )  # fmt: skip
    assert "550 no such user" in one.error


def test_what_a_server_puts_off_waits_and_goes_once(client: Mail, post_office: PostOffice) -> None:
    post_office.answers["b@example.ru"] = "451 later"
    client.letters.write(Draft(("a@example.ru", "b@example.ru"), "Т", "x"))
    client.letters.deliver()
    assert client.letters.get(1).status == "queued"
    del post_office.answers["b@example.ru"]
    client.letters.deliver()
    client.letters.deliver()
    assert client.letters.get(1).status == "sent"
    assert post_office.addresses() == ["a@example.ru", "b@example.ru"]


def test_a_letter_is_given_up_after_its_attempts(client: Mail, post_office: PostOffice) -> None:
    post_office.answers["a@example.ru"] = "451 later"
    client.letters.write(Draft(("a@example.ru",), "Т", "x"))
    for _attempt in range(7):
        client.letters.deliver()
    assert (client.letters.get(1).status, client.letters.get(1).attempts) == ("failed", 5)


@pytest.mark.parametrize("drop", ["mail", "data"])
def test_a_connection_that_breaks_leaves_the_letter_queued(client: Mail, post_office: PostOffice, drop: str) -> None:
    client.letters.write(Draft(("a@example.ru",), "Т", "x"))
    post_office.drop = drop
    with pytest.raises(OutsideFailed):
        client.letters.deliver()
    assert client.letters.get(1).status in ("queued", "sending")


def test_a_letter_that_may_have_arrived_is_not_sent_again_by_itself(client: Mail, post_office: PostOffice) -> None:
    client.letters.write(Draft(("a@example.ru", "b@example.ru"), "Т", "x"))
    post_office.drop = "reply"
    with pytest.raises(OutsideFailed):
        client.letters.deliver()
    post_office.drop = ""
    sent = client.letters.deliver()
    assert [one.id for one in sent.unknown] == [1]
    assert post_office.addresses() == ["a@example.ru"]
    assert client.letters.decide(1, again=False).status == "queued"
    client.letters.deliver()
    assert client.letters.get(1).status == "sent"
    assert post_office.addresses() == ["a@example.ru", "b@example.ru"]
    with pytest.raises(Refused):
        client.letters.decide(1, again=True)


def test_a_letter_that_came_back_is_told_to_its_owner(client: Mail, put: Put, post_office: PostOffice) -> None:
    ours = client.letters.write(Draft(("gone@example.ru",), "КП", "x"))
    client.letters.deliver()
    put(report(str(ours.message_id)))
    client.mailboxes.fetch()
    assert client.letters.get(1).status == "bounced"
    assert "no such user" in client.letters.get(1).error
    assert [task.owner for task in client.activities.find() if task.kind == "task"] == ["olga"]


def test_what_a_letter_needs_is_said(client: Mail, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="to whom"):
        client.letters.write(Draft((), "Т", "x"))
    with pytest.raises(WrongUsage, match="subject"):
        client.letters.write(Draft(("a@b.ru",), "", "x"))
    with pytest.raises(NotFound, match="template"):
        client.letters.write(Draft(("a@b.ru",), "", "x"), "nothing")
    with pytest.raises(NotFound, match="cannot be read"):
        client.letters.write(Draft(("a@b.ru",), "Т", "x", attach=(str(tmp_path / "no.pdf"),)))
    assert client.letters.count() == 0


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_the_day_of_a_manager(
    mail_folder: Path, put: Put, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    line = CommandLine(mail_folder)
    monkeypatch.setenv("CRM_IMAP_PASSWORD", PASSWORD)
    monkeypatch.setenv("CRM_LANG", "en")
    put(b"From: v@example.ru\nMessage-ID: <f@a>\n" + with_file('Content-Disposition: attachment; filename="a.pdf"'))
    assert line("mailbox", "fetch").lines == ["info INBOX: 1 new letters"]
    assert line("letter", "list", "--ids").lines == ["1"]
    assert "hello" in line("letter", "read", 1).out
    assert line("letter", "save", 1, "-o", tmp_path / "out").lines == [str(tmp_path / "out" / "a.pdf")]
    line("letter", "save", 1, "-o", tmp_path / "out", code=5)
    assert "activity/2" in line("letter", "task", 1, "Посчитать", "--due", "tomorrow").out
    assert "letter/2" in line("letter", "reply", 1, "--text", "-", stdin="Да.").out
    assert len(line("letter", "thread", 1, "--nl").lines) == 2
    assert post_office.addresses() == ["v@example.ru"]
    line("letter", "add", code=2)
    line("letter", "retry")
    line("letter", "retry", 1, code=2)
    line("mailbox", "fetch", "--box", "none", code=4)
    line("check")

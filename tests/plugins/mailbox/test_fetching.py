from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm import open_workspace
from crm.errors import Busy, InvalidValue
from crm.store.lock import locked
from tests.plugins.mailbox.conftest import Mail, config, letter
from tests.plugins.mailbox.dovecot import PASSWORD, Dovecot

Put = Callable[..., None]


def test_a_letter_of_an_unknown_person_becomes_a_lead_with_something_to_do(mail: Mail, put: Put) -> None:
    put(letter())
    [done] = mail.mailboxes.fetch()
    assert (done.taken, done.error) == (1, "")
    one = mail.letters.get(1)
    assert (one.subject, one.sender, one.sender_name, one.text) == ("Щебень", "v@example.ru", "Василий", "Почём?")
    assert one.about == "lead/1"
    assert mail.leads.get(1).doc["emails"] == ["v@example.ru"]
    assert mail.leads.get(1).doc["source"] == "corporate_mail"
    [planned] = mail.activities.find()
    assert (planned.kind, planned.about, planned.done) == ("letter", "lead/1", False)
    assert planned.ref in one.activities


def test_fetching_again_brings_what_is_new_and_leaves_letters_unread(
    mail: Mail, put: Put, dovecot: Dovecot, user: str
) -> None:
    put(letter("Один"))
    put(letter("Два"))
    assert mail.mailboxes.fetch()[0].taken == 2
    assert mail.mailboxes.fetch()[0].taken == 0
    put(letter("Три"))
    assert mail.mailboxes.fetch()[0].taken == 1
    assert [one.subject for one in mail.letters.find()] == ["Один", "Два", "Три"]
    assert dovecot.unread(user) == 3


def test_letters_are_marked_as_read_where_the_settings_say_so(
    mail_folder: Path, put: Put, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_IMAP_PASSWORD", PASSWORD)
    (mail_folder / "config" / "mailbox.yaml").write_text(config(dovecot.port, user, "mark_read: true"))
    put(letter())
    with open_workspace(mail_folder, actor="olga") as crm:
        crm.collection("mailbox").fetch()  # type: ignore[attr-defined]
    assert dovecot.unread(user) == 0


def test_another_uidvalidity_takes_no_letter_twice(mail: Mail, put: Put, dovecot: Dovecot, user: str) -> None:
    put(letter("Один"))
    put(letter("Два"))
    mail.mailboxes.fetch()
    dovecot.renumber(user)
    put(letter("Три"))
    [done] = mail.mailboxes.fetch()
    assert (done.taken, done.known, done.error) == (1, 2, "")
    assert mail.mailboxes.get(1).validity == 77777777
    assert mail.letters.count() == 3


def test_a_folder_that_is_not_there_stops_no_other(
    mail_folder: Path, put: Put, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_IMAP_PASSWORD", PASSWORD)
    (mail_folder / "config" / "mailbox.yaml").write_text(config(dovecot.port, user, "folders: [Нету, INBOX]"))
    put(letter())
    with open_workspace(mail_folder, actor="olga", language="en") as crm:
        first, second = crm.collection("mailbox").fetch()  # type: ignore[attr-defined]
    assert (first.taken, second.taken, second.error) == (0, 1, "")
    assert "«info»" in first.error


class Broken:
    """A server between us and the real one that drops the connection in the midst of a letter."""

    def __init__(self, port: int, after: int) -> None:
        self.target, self.left = port, after
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with self.socket:
            client, _address = self.socket.accept()
        server = socket.create_connection(("127.0.0.1", self.target))
        threading.Thread(target=self._pipe, args=(client, server), daemon=True).start()
        with client, server:
            while self.left > 0 and (data := server.recv(min(4096, self.left))):
                self.left -= len(data)
                client.sendall(data)

    @staticmethod
    def _pipe(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(4096):
                target.sendall(data)
        except OSError:
            return


def test_a_box_that_disconnects_in_the_midst_of_a_letter_goes_on_there(
    mail_folder: Path, put: Put, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_IMAP_PASSWORD", PASSWORD)
    put(letter("Короткое"))
    put(letter("Длинное", text="слово " * 20_000))
    put(letter("Третье"))
    proxy = Broken(dovecot.port, 30_000)
    (mail_folder / "config" / "mailbox.yaml").write_text(config(proxy.port, user))
    with open_workspace(mail_folder, actor="olga", language="en") as crm:
        [done] = crm.collection("mailbox").fetch()  # type: ignore[attr-defined]
        assert done.taken == 1
        assert "does not work" in done.error
        assert crm.collection("mailbox").get(1).error
    assert dovecot.unread(user) == 3
    (mail_folder / "config" / "mailbox.yaml").write_text(config(dovecot.port, user))
    with open_workspace(mail_folder, actor="olga", language="en") as crm:
        [done] = crm.collection("mailbox").fetch()  # type: ignore[attr-defined]
        assert (done.taken, done.error) == (2, "")
        assert [one.subject for one in crm.collection("letter").find()] == ["Короткое", "Длинное", "Третье"]
        assert not crm.collection("mailbox").get(1).error


def test_a_letter_beyond_the_largest_is_noted_by_its_headers(
    mail_folder: Path, put: Put, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_IMAP_PASSWORD", PASSWORD)
    (mail_folder / "config" / "mailbox.yaml").write_text(config(dovecot.port, user, "largest: 1"))
    put(letter("Огромное", text="0123456789 " * 200_000))
    with open_workspace(mail_folder, actor="olga", language="en") as crm:
        crm.collection("mailbox").fetch()  # type: ignore[attr-defined]
        one = crm.collection("letter").get(1)
    assert (one.subject, one.doc.get("text")) == ("Огромное", None)
    assert "too large: 2 MB" in one.error


@pytest.mark.slow
def test_a_letter_of_50_megabytes_comes_whole_where_that_is_allowed(
    mail_folder: Path, put: Put, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_IMAP_PASSWORD", PASSWORD)
    (mail_folder / "config" / "mailbox.yaml").write_text(config(dovecot.port, user, "largest: 60"))
    plan = bytes(range(256)) * 145_000
    head = (
        "From: v@example.ru\nTo: info@romashka.ru\nSubject: =?utf-8?b?0KfQtdGA0YLQtdC20Lg=?=\nMIME-Version: 1.0\n"
        "Message-Id: <big@example.ru>\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        "Plan\n--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
        'Content-Disposition: attachment; filename="plan.bin"\n\n'
    )
    put(head.encode() + base64.encodebytes(plan) + b"--b--\n")
    put(letter("Следующее"))
    with open_workspace(mail_folder, actor="olga", language="en") as crm:
        letters: Any = crm.collection("letter")
        crm.collection("mailbox").fetch()  # type: ignore[attr-defined]
        assert [one.subject for one in letters.find()] == ["Чертежи", "Следующее"]
        assert letters.get(1).size > 50_000_000
        assert letters.attachment(1, "plan.bin").data == plan


def test_what_is_wrong_with_the_settings_is_said(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidValue, match="no box «other»"):
        mail.mailboxes.fetch("other")
    monkeypatch.delenv("CRM_IMAP_PASSWORD")
    assert "CRM_IMAP_PASSWORD" in mail.mailboxes.fetch()[0].error
    monkeypatch.setenv("CRM_IMAP_PASSWORD", "wrong")
    assert "does not work" in mail.mailboxes.fetch()[0].error


def test_only_one_process_fetches(mail: Mail) -> None:
    with locked(mail.store.data / ".mailbox", holder="other"), pytest.raises(Busy):
        mail.mailboxes.fetch()

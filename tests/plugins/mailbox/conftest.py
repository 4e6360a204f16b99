from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest

from crm.delivery import Delivery
from crm.entrance import open_workspace
from crm.locale import use_language
from crm.plugins.mailbox.letters import Letters
from crm.plugins.mailbox.mailboxes import Mailboxes
from crm.workspace import Workspace
from tests.plugins.mailbox.dovecot import PASSWORD, Dovecot
from tests.plugins.mailings.conftest import PostOffice, post_office

__all__ = ["post_office"]


class Mail(Workspace):
    """A workspace whose nouns of mail have types, with its box at the server."""

    letters: Letters
    mailboxes: Mailboxes
    user: str


def _open_to_all() -> str:
    """Return a folder for temporary files that another user, as whom the server reads letters, can enter too."""
    for name in (tempfile.gettempdir(), "/dev/shm", "/tmp"):
        if all(one.stat().st_mode & 0o001 for one in (Path(name), *Path(name).parents)):
            return name
    return tempfile.gettempdir()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with tempfile.TemporaryDirectory(prefix="dovecot-", dir=_open_to_all()) as folder:
        Path(folder).chmod(0o755)
        server = Dovecot(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def user() -> str:
    return f"u{uuid4().hex[:12]}"


def config(port: int, user: str, *more: str) -> str:
    """Return config/mailbox.yaml for one box of the server."""
    lines = [
        "boxes:", f"- {{name: info, address: info@romashka.ru, host: 127.0.0.1, port: {port}, tls: none, user: {user},",
        f"   timeout: 20{''.join(f', {one}' for one in more)}}}",
    ]  # fmt: skip
    tail = [
        "templates:",
        "- {name: offer, subject: 'КП для {name}', text: 'Здравствуйте, {first_name}! {{скобки}}'}",
        "signatures: {default: 'С уважением, {name}'}",
    ]
    return "\n".join([*lines, *tail]) + "\n"


@pytest.fixture
def put(dovecot: Dovecot, user: str) -> Callable[..., None]:
    """Return what puts a letter into the box."""

    def do(letter: bytes | str, folder: str = "INBOX") -> None:
        data = letter.encode() if isinstance(letter, str) else letter
        dovecot.put(user, data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), folder)

    return do


@pytest.fixture
def mail_folder(shop_folder: Path, dovecot: Dovecot, user: str, post_office: PostOffice) -> Path:
    """Return a workspace with a box at the IMAP server and the SMTP server to send by."""
    folder = shop_folder / "config"
    (folder / "mailbox.yaml").write_text(config(dovecot.port, user))
    smtp = f"{{host: 127.0.0.1, port: {post_office.port}, tls: none, timeout: 10}}"
    (folder / "mailings.yaml").write_text(f"smtp: {smtp}\nfrom: news@romashka.ru\nrate: 6000\n")
    return shop_folder


@pytest.fixture
def mail(mail_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mail]:
    monkeypatch.setenv("CRM_IMAP_PASSWORD", PASSWORD)
    with open_workspace(mail_folder, actor="olga", language="en") as crm:
        Delivery(crm).start()
        yield cast("Mail", crm)
    use_language("en")


def letter(
    subject: str = "Щебень", sender: str = "Василий <v@example.ru>", text: str = "Почём?", **headers: str
) -> str:
    """Return a plain letter in UTF-8 with raw headers; `message_id=` and the like add headers."""
    named = {"Message-Id": f"<{uuid4().hex}@example.ru>"}
    named |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in named.items())
    return (
        f"From: {sender}\nTo: info@romashka.ru\nSubject: {subject}\nDate: Mon, 23 Nov 2026 10:00:00 +0300\n{head}"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    )

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller

from crm.entrance import open_workspace
from crm.locale import use_language
from crm.plugins.mailings.dispatches import Dispatches
from crm.plugins.mailings.mailings import Mailings
from crm.plugins.mailings.segments import Segments
from crm.plugins.mailings.unsubscribes import Unsubscribes
from crm.workspace import Workspace


class PostOffice:
    """A real SMTP server on this machine; `answers` maps an address to what it says to RCPT or DATA instead of 250.

    `drop` names when it drops the connection: at "mail", at "data" before it takes the letter, or "reply" after it
    took it and before it says so.
    """

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.raw: list[bytes] = []
        self.answers: dict[str, str] = {}
        self.sender_answer = ""
        self.drop = ""
        self.port = 0
        self.loop: asyncio.AbstractEventLoop | None = None
        self.transport: asyncio.WriteTransport | None = None
        self.connections = 0

    def kick(self) -> None:
        """Close the connection at hand from the server's side, as an idle one is."""
        assert self.loop is not None

        async def abort() -> None:
            assert self.transport is not None
            self.transport.abort()

        asyncio.run_coroutine_threadsafe(abort(), self.loop).result(10)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.transport = server.transport
        if self.drop == "mail":
            server.transport.abort()
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.drop == "data":
            server.transport.abort()
            return "250 never heard"
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.raw.append(envelope.content)
        self.letters += [(address, message) for address in envelope.rcpt_tos]
        if self.drop == "reply":
            server.transport.abort()
        return "250 taken"

    def addresses(self) -> list[str]:
        """Return to whom letters came, in order."""
        return [address for address, _message in self.letters]

    def texts(self) -> dict[str, str]:
        """Return what each address read."""
        return {address: message.get_content() for address, message in self.letters}


class FreePort(Controller):
    """The controller on a port that is free, whichever it is."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class Post(Workspace):
    """A workspace whose nouns of mailings have types."""

    segments: Segments
    mailings: Mailings
    dispatches: Dispatches
    unsubscribes: Unsubscribes


def opened(root: Path, actor: str = "olga") -> Post:
    """Open a workspace in English, as another process would."""
    return cast("Post", open_workspace(root, actor=actor, language="en"))


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    controller = FreePort(office, hostname="127.0.0.1", port=0)
    controller.start()
    office.port, office.loop = controller.port, controller.loop
    yield office
    controller.stop()


@pytest.fixture
def settings_of(post_office: PostOffice) -> Callable[..., str]:
    """Return the text of config/mailings.yaml for the post office, with more keys at will."""

    def text(smtp: dict[str, object] | None = None, **more: object) -> str:
        lines = {"from": "Ромашка <news@example.ru>", "rate": 600, "unsubscribe_mailto": "no@example.ru", **more}
        server = {"host": "127.0.0.1", "port": post_office.port, "tls": "none", "timeout": 10, **(smtp or {})}
        block = "".join(f"  {name}: {value}\n" for name, value in server.items())
        return f"smtp:\n{block}" + "".join(f"{name}: {value}\n" for name, value in lines.items())

    return text


@pytest.fixture
def post(shop_folder: Path, settings_of: Callable[..., str]) -> Iterator[Post]:
    """Return an open workspace with a mail server and three people who have addresses."""
    (shop_folder / "config" / "mailings.yaml").write_text(settings_of())
    with opened(shop_folder) as crm:
        crm.companies.add(name="ООО «Ромашка»")
        crm.contacts.add(name="Иван Петров", emails="ivan@example.ru", roles="accountant", companies="company/1")
        crm.contacts.add(name="Анна Смирнова", emails="anna@example.ru", roles="director", companies="company/1")
        crm.contacts.add(name="Пётр", emails="petr@example.ru", roles="accountant")
        yield crm
    use_language("en")


class FakeTime:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def everybody(post: Post) -> int:
    """Return a mailing to all three people."""
    post.segments.add(name="Все", query="id > 0")
    return post.mailings.add(
        name="Акция",
        segment="segment/1",
        subject="Скидка для {first_name}",
        template="Здравствуйте, {name}!\n.\n{company}",
    ).id

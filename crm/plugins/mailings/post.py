"""Handing letters to a mail server (RFC 5321), telling apart what surely was not taken from what may have been."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from crm.errors import InvalidValue, OutsideFailed
from crm.locale import _
from crm.plugins.mailings.letter import domain_of, wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage
    from smtplib import SMTP

    from crm.plugins.mailings.settings import MailServer

_CLOSING = 421


class PutOff(Exception):
    """The server does not take the letter now (4xx)."""


class Rejected(Exception):
    """The server will never take the letter (5xx)."""


class Lost(Exception):
    """The connection broke before the letter was whole at the server: it was not taken."""


class Unknown(Exception):
    """The connection broke after the whole letter went out and before the answer: it may have been taken."""


class Pace:
    """So many letters a minute, by a clock that never jumps; the first goes at once."""

    def __init__(
        self, rate: int, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.interval = 60 / max(rate, 1)
        self.clock = clock
        self.sleep = sleep
        self._next: float | None = None

    def wait(self) -> None:
        """Wait for the turn of the next letter."""
        now = self.clock()
        if self._next is not None and self._next > now:
            self.sleep(self._next - now)
            now = self._next
        self._next = now + self.interval


class Postman:
    """One connection to the mail server, made when it is needed and again when it broke."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self.server = server
        self.sender = wire(sender)
        self._smtp: SMTP | None = None

    def ready(self) -> None:
        """Have a living connection, signed in; raise OutsideFailed where that cannot be."""
        if self._smtp is not None and not self._alive(self._smtp):
            self.close()
        if self._smtp is None:
            self._smtp = self._connected()

    def _alive(self, smtp: SMTP) -> bool:
        try:
            return smtp.noop()[0] == 250
        except OSError:  # every failure of smtplib is one
            return False

    def _connected(self) -> SMTP:
        if not self.server.host:
            raise InvalidValue(
                _("There is no mail server to send letters by."), _("Fill smtp in config/mailings.yaml.")
            )
        password = self._password()
        try:
            smtp = self._opened()
            try:
                self._introduced(smtp, password)
            except OSError:
                smtp.close()
                raise
        except OSError as error:
            raise self.failed(_reason(error)) from error
        return smtp

    def _opened(self) -> SMTP:
        import smtplib
        import ssl

        place, name = (self.server.host, self.server.port), domain_of(self.sender)
        if self.server.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(*place, local_hostname=name, timeout=self.server.timeout, context=context)
        return smtplib.SMTP(*place, local_hostname=name, timeout=self.server.timeout)

    def _introduced(self, smtp: SMTP, password: str) -> None:
        """Agree on encryption and sign in; a server without STARTTLS is not talked to in the clear."""
        import ssl

        if self.server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if self.server.user:
            smtp.login(self.server.user, password)

    def _password(self) -> str:
        if self.server.user and self.server.password_env not in os.environ:
            raise InvalidValue(
                _("The variable {name} with the password of the mail server is not set.").format(
                    name=self.server.password_env
                ),
                _("Set it where the command runs."),
            )
        return os.environ.get(self.server.password_env, "")

    def failed(self, reason: str) -> OutsideFailed:
        """Say that the mail server fails, and why."""
        return OutsideFailed(
            _("The mail server {host}:{port} does not work: {reason}.").format(
                host=self.server.host, port=self.server.port, reason=reason.rstrip(".")
            ),
            _("Check config/mailings.yaml and the network, then repeat the command."),
        )

    def hand_over(self, message: EmailMessage | bytes, address: str) -> None:
        """Hand one letter over: on return the server has taken it.

        Raises PutOff, Rejected, Lost, Unknown, and OutsideFailed when the server takes no letter from us at all.
        """
        smtp = self._smtp
        if smtp is None:
            raise Lost(_("the connection is closed"))
        data = _dotted(message if isinstance(message, bytes) else message.as_bytes())
        try:
            self._announce(smtp, wire(address))
            smtp.send(data)
        except OSError as error:
            self.close()
            raise Lost(_reason(error)) from error
        try:
            code, answer = smtp.getreply()
        except OSError as error:
            self.close()
            raise Unknown(_reason(error)) from error
        self._judge(smtp, code, answer)

    def _announce(self, smtp: SMTP, address: str) -> None:
        code, answer = smtp.mail(self.sender)
        if 500 <= code < 600:
            smtp.rset()
            raise self.failed(_said(code, answer))
        self._judge(smtp, code, answer)
        self._judge(smtp, *smtp.rcpt(address))
        code, answer = smtp.docmd("DATA")
        if code != 354:
            self._judge(smtp, code, answer)
            raise PutOff(_said(code, answer))

    def _judge(self, smtp: SMTP, code: int, answer: bytes) -> None:
        """Go on when the server agrees; else begin anew with it and say what it said."""
        if 200 <= code < 300:
            return
        if code == _CLOSING:
            self.close()
            raise Lost(_said(code, answer))
        if code != 354:
            with suppress(OSError):
                smtp.rset()
        if 500 <= code < 600:
            raise Rejected(_said(code, answer))
        raise PutOff(_said(code, answer))

    def close(self) -> None:
        """Part from the server."""
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None


def _dotted(data: bytes) -> bytes:
    """Return a letter as DATA sends it: a dot that begins a line is doubled, a dot alone ends it (RFC 5321 4.5.2)."""
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    return (b"." + stuffed if stuffed.startswith(b".") else stuffed) + b".\r\n"


def _said(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('utf-8', 'replace')}".strip()


def _reason(error: OSError) -> str:
    code = getattr(error, "smtp_code", None)
    if code is not None:
        said = getattr(error, "smtp_error", b"")
        return _said(code, said if isinstance(said, bytes) else str(said).encode())
    return str(error) or type(error).__name__

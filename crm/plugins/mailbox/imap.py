"""Talking to an IMAP server (RFC 3501): letters one by one, by UID, never marking one as read on its own."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue, OutsideFailed
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imap_tools import BaseMailBox

    from crm.plugins.mailbox.settings import Box

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Waiting(NamedTuple):
    """A letter at the server, as far as its headers tell."""

    uid: int
    size: int
    head: bytes


class Folder:
    """One open folder of a box."""

    def __init__(self, session: BaseMailBox, name: str) -> None:
        self.session = session
        self.name = name
        session.folder.set(name)
        self.validity = int(session.folder.status(name, ["UIDVALIDITY"])["UIDVALIDITY"])

    def uids(self, after: int) -> list[int]:
        """Return the UIDs beyond `after`, in their order."""
        found = (int(uid) for uid in self.session.uids(f"UID {after + 1}:*"))
        return sorted(uid for uid in found if uid > after)

    def head(self, uid: int) -> Waiting | None:
        """Return the size and the headers of a letter; None when it was removed meanwhile."""
        parts = self._fetch(uid, "(RFC822.SIZE BODY.PEEK[HEADER])")
        if parts is None:
            return None
        size = _SIZE.search(parts[0])
        return Waiting(uid, int(size[1]) if size else len(parts[1]), parts[1])

    def whole(self, uid: int) -> bytes | None:
        """Return a letter as it is; it stays unread."""
        parts = self._fetch(uid, "(BODY.PEEK[])")
        return None if parts is None else parts[1]

    def _fetch(self, uid: int, what: str) -> tuple[bytes, bytes] | None:
        answer, data = self.session.client.uid("FETCH", str(uid), what)
        if answer != "OK":
            raise OSError(f"FETCH {uid}: {answer} {data!r}"[:200])
        whole: list[Any] = [part for part in data if isinstance(part, tuple)]
        if not whole:
            return None
        rest = b" ".join(part for part in data if isinstance(part, bytes))
        return whole[0][0] + b" " + rest, whole[0][1]

    def mark_read(self, uid: int) -> None:
        """Mark a letter as read, once it is ours."""
        self.session.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")


@contextmanager
def signed_in(box: Box) -> Iterator[BaseMailBox]:
    """Be signed in at the server of a box; raise OutsideFailed where that cannot be, or ends in the midst."""
    session = None
    try:
        session = _opened(box)
        session.login(box.user or box.address, _password(box), initial_folder=None)
        yield session
    except broken() as error:
        raise failed(box, error) from error
    finally:
        if session is not None:
            with suppress(*broken()):
                session.logout()
            with suppress(OSError):
                session.client.shutdown()


def _opened(box: Box) -> BaseMailBox:
    import ssl

    from imap_tools import MailBox, MailBoxStartTls, MailBoxUnencrypted

    if box.tls == "none":
        return MailBoxUnencrypted(box.host, box.port, box.timeout)
    kind = MailBox if box.tls == "tls" else MailBoxStartTls
    return kind(box.host, box.port, box.timeout, ssl_context=ssl.create_default_context())


def _password(box: Box) -> str:
    if box.password_env not in os.environ:
        raise InvalidValue(
            _("The variable {name} with the password of the box «{box}» is not set.").format(
                name=box.password_env, box=box.name
            ),
            _("Set it where the command runs."),
        )
    return os.environ[box.password_env]


def failed(box: Box, error: BaseException) -> OutsideFailed:
    """Say that the server of a box fails, and why."""
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return OutsideFailed(
        _("The box «{box}» at {host}:{port} does not work: {reason}.").format(
            box=box.name, host=box.host, port=box.port, reason=why.rstrip(".")
        ),
        _("Check config/mailbox.yaml and the network, then repeat: crm mailbox fetch."),
    )


def broken() -> tuple[type[Exception], ...]:
    """Return what a connection fails with."""
    import imaplib

    from imap_tools import ImapToolsError

    return (OSError, EOFError, imaplib.IMAP4.error, ImapToolsError)

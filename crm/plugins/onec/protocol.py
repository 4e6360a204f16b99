"""The address that a stock 1C polls: its «обмен с сайтом», both halves, as 1C:УТ, УНФ, КА, ERP and БП speak it.

1C is always the caller. Lines end with LF alone, whatever goes wrong is answered with 200 and `failure`, since БП drops
every other status and 1C shows the text.
"""

from __future__ import annotations

import io
import secrets
import time
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from crm.errors import CrmError
from crm.locale import _
from crm.model.endpoint import Reply
from crm.model.patience import Patience
from crm.plugins.onec.connections import Connection, Connections, fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.model.endpoint import Memory, Request
    from crm.plugins.onec.exchanges import OnecOrders, Pulled
    from crm.workspace import Workspace

COOKIE = "CRM1CSESSION"
LIVES = 7200
"""Seconds that a session lives without a word."""
MOST_SESSIONS, MOST_FILES = 50, 20
_LONGEST_TEXT = 250
XML, ZIP = "text/xml; charset=utf-8", "application/zip"


@dataclass
class Session:
    """One exchange: which base calls, what it was told and has not confirmed, which files of it have not ended."""

    connection: str
    sessid: str
    used: float
    version: str = ""
    pulled: Pulled | None = None
    files: dict[str, bytearray] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)


def serve(crm: Workspace, request: Request) -> Reply:
    """Answer one request of 1C."""
    orders = cast("OnecOrders", crm.collection("onec_order"))
    connection = Connections(orders.archive).by_token(request.path) if orders.settings.serve else None
    if connection is None:
        return _failure(_("There is no exchange with 1C at this address."), 404)
    try:
        return _Desk(orders, connection, request).answer()
    except CrmError as error:
        return _failure(str(error))


def _failure(text: str, status: int = 200) -> Reply:
    plain = " ".join(text.replace("<", "‹").replace(">", "›").split())
    return Reply(f"failure\n{plain[:_LONGEST_TEXT]}", status)


class _Desk:
    """One request of one base of 1C."""

    def __init__(self, orders: OnecOrders, connection: Connection, request: Request) -> None:
        self.orders = orders
        self.connection = connection
        self.request = request
        self.memory: Memory = request.memory
        self.mode = request.query.get("mode", "").strip().lower()
        self.kind = request.query.get("type", "sale").strip().lower()

    def answer(self) -> Reply:
        """Answer by the mode; everything but `checkauth` needs a session."""
        if self.mode == "checkauth":
            return self._check()
        with self.memory.lock:
            session = self._session()
        if session is None:
            return _failure(_("The session is over: begin the exchange anew."))
        if self.request.query.get("sessid", session.sessid) != session.sessid:
            return _failure(_("The sessid is not that of the session: begin the exchange anew."))
        answers: dict[str, Callable[[Session], Reply]] = {
            "init": self._init, "query": self._query, "success": self._success, "file": self._file,
            "import": self._import, "info": self._info,
        }  # fmt: skip
        if self.kind not in ("sale", "get_catalog") and self.mode != "init":
            return _failure(_("The catalogue is not taken here: only orders are exchanged."))
        if self.mode not in answers:
            return _failure(_("«{mode}» is not a mode of the exchange.").format(mode=self.mode[:40]))
        with self.memory.lock:
            return answers[self.mode](session)

    # --- who calls ---------------------------------------------------------------------------------------------------

    def _check(self) -> Reply:
        with self.memory.lock:
            patience: Patience = self.memory.setdefault("patience", Patience())
        wait = patience.wait(self.connection.name)
        if wait:
            return _failure(_("Too many failures. Try again in {n} s.").format(n=wait))
        if not fits(self.connection, *self.request.login):
            patience.failed(self.connection.name)
            self._see(_("wrong name or password"))
            return _failure(_("The name or the password is wrong: see crm onec serve-info."))
        patience.passed(self.connection.name)
        with self.memory.lock:
            cookie, session = self._open()
        self._see(_("signed in"))
        return Reply(f"success\n{COOKIE}\n{cookie}\nsessid={session.sessid}\n{int(time.time())}")

    def _see(self, what: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        Connections(self.orders.archive).note_seen(self.connection.name, now, what)

    def _open(self) -> tuple[str, Session]:
        sessions = self._sessions()
        while len(sessions) >= MOST_SESSIONS:
            del sessions[min(sessions, key=lambda key: sessions[key].used)]
        cookie = secrets.token_hex(16)
        sessions[cookie] = Session(self.connection.name, secrets.token_hex(16), time.monotonic())
        return cookie, sessions[cookie]

    def _sessions(self) -> dict[str, Session]:
        """Return the living sessions of the server."""
        sessions: dict[str, Session] = self.memory.setdefault("sessions", {})
        for key in [key for key, one in sessions.items() if time.monotonic() - one.used > LIVES]:
            del sessions[key]
        return sessions

    def _session(self) -> Session | None:
        session = self._sessions().get(self.request.cookies.get(COOKIE, ""))
        if session is None or session.connection != self.connection.name:
            return None
        session.used = time.monotonic()
        return session

    # --- 1C pulls ----------------------------------------------------------------------------------------------------

    def _init(self, session: Session) -> Reply:
        from crm.plugins.onec.commerceml import VERSIONS

        asked = self.request.query.get("cmlVersion", "")
        session.version = asked if asked in VERSIONS else session.version
        packed = "yes" if self.orders.settings.zip else "no"
        return Reply(f"zip={packed}\nfile_limit={self.orders.settings.file_limit}")

    def _query(self, session: Session) -> Reply:
        """Answer with what the base does not know; the same again until it says `success`."""
        if session.pulled is None:
            session.pulled = self.orders.pull(self.connection, session.version)
        self._see(_("pulled {n} orders").format(n=len(session.pulled.numbers)))
        if self.orders.settings.zip:
            return Reply(_packed(session.pulled.data), 200, ZIP)
        return Reply(session.pulled.data, 200, XML)

    def _success(self, session: Session) -> Reply:
        """Take the pulled set for known, once."""
        pulled, session.pulled = session.pulled, None
        if pulled is not None and pulled.told:
            Connections(self.orders.archive).confirm(self.connection.name, pulled.told)
            if pulled.number is not None:
                self.orders.archive.note(
                    pulled.number, "out", self.connection.name, "commerceml", pulled.numbers, "confirmed"
                )
        return Reply("success")

    def _info(self, session: Session) -> Reply:
        from crm.plugins.onec.information import write_information

        return Reply(write_information(), 200, XML)

    # --- 1C pushes ---------------------------------------------------------------------------------------------------

    def _file(self, session: Session) -> Reply:
        """Take a file or the next chunk of it, and apply it as soon as its end is there."""
        from crm.plugins.onec.outside_xml import Unfinished

        name = _basename(self.request.query.get("filename", ""))
        if self.request.method != "POST" or not name:
            return _failure(_("A file comes by POST, with its filename."))
        if name not in session.files and len(session.files) >= MOST_FILES:
            return _failure(_("Too many files have begun and not ended."))
        whole = session.files.setdefault(name, bytearray())
        whole += self.request.body
        session.taken.pop(name, None)
        try:
            taken = self.orders.take_in(bytes(whole), self.connection.name)
        except Unfinished:
            return Reply("success")
        except CrmError as error:
            del session.files[name]
            self.orders.refuse(bytes(whole), self.connection.name, str(error))
            self._see(_("file refused: {why}").format(why=error.message))
            return _failure(str(error))
        del session.files[name]
        session.taken[name] = "success"
        self._see(_("pushed {n} orders").format(n=len(taken.outcomes)))
        return Reply("success")

    def _import(self, session: Session) -> Reply:
        """Tell whether a pushed file is applied: it is, since it was applied when its end came."""
        name = _basename(self.request.query.get("filename", ""))
        if name in session.taken:
            return Reply("success")
        if name in session.files:
            return _failure(_("The file breaks off before its end."))
        return _failure(_("There was no file «{name}».").format(name=name[:60]))


def _basename(name: str) -> str:
    """Reduce a name to what stands after the last slash of any kind; nothing is ever written under it."""
    base = name.replace("\\", "/").rpartition("/")[2].replace("\x00", "")
    return "" if base in (".", "..") else base[:200]


def _packed(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.xml", data)
    return target.getvalue()

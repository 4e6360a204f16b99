"""The front desk: who asks, which page answers, how the answer is sent, and what is said when something fails."""

from __future__ import annotations

import gzip
import json
import traceback
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bottle import Bottle, HTTPResponse, request, response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crm.console import asked, layout, machines, signing, signins
from crm.console.address import Url, own
from crm.console.files import Files
from crm.console.looking_back import AS_OF, look_back, without_date
from crm.console.routes import ROUTES
from crm.console.sessions import Flash, Session, Sessions
from crm.console.visit import Done, Plain, Sent, View, Visit, Words
from crm.errors import CrmError
from crm.locale import _
from crm.model.endpoint import TEXT
from crm.model.patience import Patience
from crm.store.index_faults import explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.console.gate import Stop
    from crm.console.office import Office
    from crm.console.routes import Handler
    from crm.console.visit import Answer
    from crm.workspace import Workspace

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
FOREVER = "private, max-age=31536000, immutable"
FRAGMENTS = ("board", "bell")
"""Parts of pages that are asked for alone, by the header X-Fragment."""
SMALL = 16_000
"""Bytes of a page that is not worth packing."""


class Front:
    """The pages of one console; `starter` is who runs it, `cookie` the name of its cookie."""

    def __init__(self, office: Office, starter: str, cookie: str) -> None:
        self.office = office
        self.starter = starter
        self.cookie = cookie
        self.files = Files()
        self.sessions = Sessions()
        self.patience = Patience()
        self.machines = machines.Machines()
        self.templates = environment()
        self.app = Bottle()
        self.app.default_error_handler = self._unrouted
        self._routes()

    def _routes(self) -> None:
        self.app.route("/hooks/<path:path>", machines.ANY_METHOD, self._machine)  # before /<noun>/add and the like
        for route in ROUTES:
            self.app.route(route.path, route.method, self._for(route.handler))
        self.app.route("/static/<stamp>/<name>", "GET", self._file)
        self.app.route("/signin", "GET", self._way_in)
        self.app.route("/signin", "POST", self._let_in)
        self.app.route("/signout", "POST", self._way_out)

    # --- pages -------------------------------------------------------------------------------------------------------

    def _for(self, handler: Handler) -> Callable[..., HTTPResponse]:
        def answer(**words: Any) -> HTTPResponse:
            session = self.sessions.find(request.get_cookie(self.cookie) or "", in_use=not asked.asks_again())
            if session is None:
                return self._stranger()
            return self._with_workspace(session, lambda visit: handler(visit, **words))

        return answer

    def _with_workspace(self, session: Session, ask: Callable[[Visit], Answer]) -> HTTPResponse:
        try:
            with self.office.workspace(session.login) as crm:
                visit = self._visit(crm, session)
                try:
                    with self._past(visit):
                        return self._sent(visit, ask(visit))
                except CrmError as error:
                    return self._failed(visit, error.status, error.message, error.remedy)
                except Exception as error:
                    return self._unforeseen(visit, error)
        except CrmError as error:
            return HTTPResponse(_bare(error), error.status, {"Content-Type": HTML})

    @contextmanager
    def _past(self, visit: Visit) -> Iterator[None]:
        """Let a page that is asked for on a past date read the workspace as it stood then."""
        date = visit.query.get(AS_OF) if request.method == "GET" else ""
        if not date:
            yield
            return
        present = visit.crm
        visit.crm = look_back(present, date)
        visit.as_of, visit.query = date, without_date(visit.query)
        visit.url = Url(present.nouns, self.files, date)
        try:
            yield
        finally:
            visit.crm.close()
            visit.crm = present

    def _unforeseen(self, visit: Visit, error: Exception) -> HTTPResponse:
        known = explained(error)
        if known is not None:
            return self._failed(visit, known.status, known.message, known.remedy)
        return self._failed(visit, 500, _("Something went wrong in the program."), "", _log(self.office.root))

    def _visit(self, crm: Workspace, session: Session) -> Visit:
        visit = Visit(crm, Url(crm.nouns, self.files), session, asked.here(), asked.query(), asked.form())
        visit.fragment = request.headers.get("X-Fragment", "")
        visit.came = asked.came()
        visit.scripted = asked.wants_data()
        return visit

    def _stranger(self) -> HTTPResponse:
        if asked.wants_data() or request.headers.get("X-Fragment"):
            with self.office.workspace(self.starter):  # it knows the language
                told = {"message": _("You are signed out."), "remedy": _("Run crm console to sign in again.")}
            return _data(told, 401)
        back = asked.here() if request.method == "GET" else own(asked.form().get("back"), "")
        return HTTPResponse("", 303, {"Location": "/signin" + (f"?back={quote(back, safe='')}" if back else "")})

    # --- answers -----------------------------------------------------------------------------------------------------

    def _sent(self, visit: Visit, answer: Answer) -> HTTPResponse:
        match answer:
            case View():
                return self._view(visit, answer)
            case Done():
                return self._done(visit, answer)
            case Plain():
                return _data(answer.data)
            case Sent():
                name = f"attachment; filename*=UTF-8''{quote(answer.name)}"
                how = {"Content-Security-Policy": answer.policy} if answer.policy else {"Content-Disposition": name}
                return HTTPResponse(answer.data, 200, {"Content-Type": answer.type, **how})

    def _view(self, visit: Visit, view: View) -> HTTPResponse:
        if request.environ.get("crm.data"):
            return _data(_data_of(view), view.status)
        if visit.fragment in FRAGMENTS and visit.fragment in view.parts:
            html = self.templates.get_template(f"{visit.fragment}_fragment.html").render(url=visit.url, **view.parts)
        else:
            html = self._html(visit, view)
        return _page(html, view.status)

    def _html(self, visit: Visit, view: View) -> str:
        return self.templates.get_template(view.template).render({**layout.frame(visit, view), **view.parts})

    def _done(self, visit: Visit, done: Done) -> HTTPResponse:
        crm = visit.crm
        text = " ".join(filter(None, (done.text, *crm.warnings)))
        go = own(done.go, visit.url.home()) if done.go else ""
        if asked.wants_data() and not go:
            return _data({"text": text, "undo": visit.url.undo(crm.written) if crm.written else "", "go": go})
        if text:
            visit.session.flash = Flash(text, "bad" if crm.warnings else done.tone, crm.written)
        if asked.wants_data():
            return _data({"text": text, "undo": "", "go": go})
        return HTTPResponse("", 303, {"Location": go or visit.back(visit.url.home())})

    # --- failures ----------------------------------------------------------------------------------------------------

    def _failed(self, visit: Visit, status: int, what: str, remedy: str, record: str = "") -> HTTPResponse:
        if asked.wants_data() or visit.fragment:
            return _data({"message": what, "remedy": remedy}, status)
        failure = layout.failure(visit, status, what, remedy, record)
        view = View("error.html", what, "", {"failure": failure}, status=status)
        return HTTPResponse(self._html(visit, view).encode(), status, {"Content-Type": HTML})

    def refuse(self, environ: dict[str, Any], stop: Stop) -> tuple[str, str, bytes]:
        """Return status line, type and body of the page for a request that the gate does not let through."""
        with self.office.workspace(self.starter) as crm:
            url = Url(crm.nouns, self.files)
            words = {"what": _(stop.what), "remedy": _(stop.remedy) if stop.remedy else "", "where": "", "record": ""}
            shown = {**words, "status": stop.status, "links": []}
            page = {**layout.page(crm, words["what"], "", "/"), "json": ""}
            html = self.templates.get_template("error.html").render(
                url=url, page=page, me=None, nav=[], flash=None, past=None, failure=shown
            )
        return f"{stop.status} {_phrase(stop.status)}", HTML, html.encode()

    def _unrouted(self, error: Any) -> bytes:
        """Answer for an address that is not there, or a method that it does not have."""
        session = self.sessions.find(request.get_cookie(self.cookie) or "") or Session("", 0)
        with self.office.workspace(session.login or self.starter) as crm:
            what = {404: _("There is no such page."), 405: _("This address does not answer that.")}.get(
                error.status_code, _("Something went wrong in the program.")
            )
            if error.exception is not None:
                _log(self.office.root)
            return self._unrouted_page(crm, session, error.status_code, what)

    def _unrouted_page(self, crm: Workspace, session: Session, status: int, what: str) -> bytes:
        if asked.wants_data():
            response.content_type = JSON
            return json.dumps({"message": what, "remedy": ""}, ensure_ascii=False).encode()
        visit = Visit(crm, Url(crm.nouns, self.files), session, asked.here(), Words(), Words())
        failure = layout.failure(visit, status, what, _("Look in the menu."))
        view = View("error.html", what, "", {"failure": failure}, status=status)
        frame = layout.frame(visit, view)
        frame |= {} if session.login else {"me": None, "nav": [], "past": None}
        return self.templates.get_template("error.html").render(**frame, **view.parts).encode()

    # --- signing in --------------------------------------------------------------------------------------------------

    def _way_in(self) -> HTTPResponse:
        query = asked.query()
        if "token" not in query and self.sessions.find(request.get_cookie(self.cookie) or ""):
            return HTTPResponse("", 303, {"Location": own(query.get("back"), "/")})
        return self._signin_page(query, signing.Let())

    def _signin_page(self, words: Words, let: signing.Let) -> HTTPResponse:
        with self.office.workspace(self.starter) as crm:
            view = signing.way_in(crm, self.sessions, words, let)
            if asked.wants_data():
                return _data(view.data, view.status)
            page = {**layout.page(crm, view.title, "", "/signin"), "json": "/signin.json"}
            html = self.templates.get_template(view.template).render(
                url=Url(crm.nouns, self.files), page=page, me=None, nav=[], flash=None, past=None, **view.parts
            )
            return HTTPResponse(html.encode(), view.status, {"Content-Type": HTML})

    def _let_in(self) -> HTTPResponse:
        form = asked.form()
        with self.office.workspace(self.starter) as crm:
            let = signing.let_in(crm, self.sessions, self.patience, form)
            self._note(let.login, let.how)
        if not let.cookie:
            return self._signin_page(form, let)
        answer = HTTPResponse("", 303, {"Location": own(form.get("back"), "/")})
        answer.set_cookie(self.cookie, let.cookie, httponly=True, samesite="strict", path="/")
        return answer

    def _way_out(self) -> HTTPResponse:
        cookie = request.get_cookie(self.cookie) or ""
        session = self.sessions.find(cookie)
        if session is not None:
            self._note(session.login, "out")
        self.sessions.close(cookie)
        answer = HTTPResponse("", 303, {"Location": "/signin"})
        answer.delete_cookie(self.cookie, path="/")
        return answer

    def _note(self, login: str, how: str) -> None:
        signins.note(self.office.root, login, how, request.headers.get("User-Agent", ""))

    # --- machines ----------------------------------------------------------------------------------------------------

    def _machine(self, path: str) -> HTTPResponse:
        """Answer a machine; what fails is one line of text."""
        try:
            with self.office.workspace(self.starter) as crm:
                plugin, found = machines.find(crm, path)
            with self.office.machine(plugin.name) as crm:
                reply = self.machines.answer(crm, request.environ, plugin, found)
            return HTTPResponse(reply.data, reply.status, {"Content-Type": reply.type, **reply.headers})
        except CrmError as error:
            return HTTPResponse(f"{error}\n".encode(), error.status, {"Content-Type": TEXT})

    # --- files -------------------------------------------------------------------------------------------------------

    def _file(self, stamp: str, name: str) -> HTTPResponse:
        file = self.files.get(name)
        if file is None or stamp != self.files.stamp:
            return HTTPResponse(b"", 404, {"Content-Type": "text/plain; charset=utf-8"})
        headers = {"Content-Type": file.type, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return HTTPResponse(file.packed, 200, {**headers, "Content-Encoding": "gzip"})
        return HTTPResponse(file.data, 200, headers)


def _page(html: str, status: int) -> HTTPResponse:
    """Return a page, packed where the browser takes it so and it is large."""
    data, headers = html.encode(), {"Content-Type": HTML, "Vary": "Accept-Encoding"}
    if len(data) > SMALL and "gzip" in request.headers.get("Accept-Encoding", ""):
        return HTTPResponse(gzip.compress(data, 1, mtime=0), status, {**headers, "Content-Encoding": "gzip"})
    return HTTPResponse(data, status, headers)


def environment() -> Environment:
    """Return the environment of the templates: everything escaped, nothing undefined."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["_"] = _
    return made


def _data(value: Any, status: int = 200) -> HTTPResponse:
    return HTTPResponse(json.dumps(value, ensure_ascii=False, default=str).encode(), status, {"Content-Type": JSON})


def _data_of(view: View) -> Any:
    if view.data is None:
        return view.parts
    return view.data() if callable(view.data) else view.data


def _bare(error: CrmError) -> bytes:
    """Return a page for when the workspace itself cannot be opened."""
    from markupsafe import escape

    text = f"<h1>{escape(error.message)}</h1><p>{escape(error.remedy)}</p>"
    return f"<!doctype html><meta charset=utf-8><title>crm</title>{text}".encode()


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


def _log(root: Path) -> str:
    """Write the traceback at hand to the log of the console and return the log's name."""
    name = "data/log/console.log"
    try:
        (root / "data" / "log").mkdir(parents=True, exist_ok=True)
        with (root / name).open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {traceback.format_exc()}\n")
    except OSError:
        return ""
    return name

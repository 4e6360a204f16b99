"""The acceptance checklist of the exchange: raw HTTP to a running console, as a stock 1C speaks it."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pytest
from lxml import etree

from tests.command_line import environment
from tests.plugins.onec.replies import paid, reply, subordinate


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def lines(self) -> list[str]:
        return self.body.decode().split("\n")

    @property
    def numbers(self) -> list[str]:
        return [node.text or "" for node in etree.fromstring(self.body).iterfind("Документ/Номер")]


class Base:
    """A base of 1C: its address, its name and password, and the session at hand."""

    def __init__(self, root: Path, address: str, login: str, password: str) -> None:
        self.root = root
        self.url = urlsplit(address)
        self.login, self.password = login, password
        self.cookie = self.sessid = ""

    def ask(
        self, mode: str, method: str = "GET", body: bytes | None = None, *, cookie: str | None = None, **query: str
    ) -> Answer:
        words = {"type": "sale", "mode": mode, **({"sessid": self.sessid} if self.sessid else {}), **query}
        path = self.url.path + "?" + "&".join(f"{name}={quote(value)}" for name, value in words.items())
        code = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {code}"}
        sent = self.cookie if cookie is None else cookie
        if sent:
            headers["Cookie"] = sent
        connection = HTTPConnection("127.0.0.1", self.url.port or 0, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def sign_in(self) -> Base:
        self.cookie = self.sessid = ""
        lines = self.ask("checkauth").lines
        assert lines[0] == "success"
        self.cookie = f"{lines[1]}={lines[2]}"
        self.sessid = lines[3].removeprefix("sessid=")
        return self

    def pull(self) -> list[str]:
        """Pull as 1C does, from the sign-in to the confirmation, and return the numbers that came."""
        self.sign_in()
        assert self.ask("init").lines[0] in ("zip=no", "zip=yes")
        numbers = self.ask("query").numbers
        assert self.ask("success").body == b"success"
        return numbers

    def push(self, data: bytes, name: str = "orders-1.xml") -> Answer:
        return self.ask("file", "POST", data, filename=name)

    def crm(self, *words: str) -> str:
        command = [sys.executable, "-m", "crm", *words]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=60, env=environment(), cwd=self.root
        )
        return done.stdout

    def invoice(self, number: int) -> dict[str, object]:
        import json

        found: dict[str, object] = json.loads(self.crm("invoice", "show", str(number), "--json"))
        return found


@pytest.fixture
def served(shop_folder: Path) -> Iterator[str]:
    """Run a console over a shop with two invoices; return its address."""
    from crm.entrance import open_workspace

    (shop_folder / "config" / "onec.yaml").write_text("serve: true\n")
    with open_workspace(shop_folder, actor="olga") as crm:
        client = crm.companies.add(name="ООО Ромашка", inn="7800000027", kpp="780001001")
        for price in ("26905", "7500"):
            crm.collection("invoice").issue(company=client.ref, items=[f"Насос*1@{price}%22"])  # type: ignore[attr-defined]
    command = [sys.executable, "-m", "crm", "console", "--no-browser", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(), cwd=shop_folder)
    assert server.stdout is not None
    yield server.stdout.readline().strip().partition("/signin")[0]
    server.terminate()
    assert server.wait(timeout=20) == 0
    server.stdout.close()


@pytest.fixture
def base(served: str, shop_folder: Path) -> Base:
    import json

    command = [sys.executable, "-m", "crm", "onec", "connect", "buh", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment(), cwd=shop_folder)
    [row] = json.loads(done.stdout)
    return Base(shop_folder, served + urlsplit(row["address"]).path, row["login"], row["password"])


def test_the_sign_in_is_what_1c_reads(base: Base) -> None:
    answer = base.ask("checkauth")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert b"\r" not in answer.body
    word, name, value, sessid, time = answer.lines
    assert (word, name) == ("success", "CRM1CSESSION")
    assert value.isalnum()
    assert sessid.startswith("sessid=")
    assert time.isdecimal()


def test_a_wrong_password_is_told_and_soon_has_to_wait(base: Base) -> None:
    right, base.password = base.password, "wrong"
    for _try in range(6):
        answer = base.ask("checkauth")
        assert (answer.status, answer.lines[0]) == (200, "failure")
        assert len(answer.body.decode()) < 255
        assert "<" not in answer.body.decode()
    assert "Too many failures" in base.ask("checkauth").lines[1]
    base.password = right
    assert base.ask("checkauth").lines[0] == "failure", "the right one waits too"


def test_a_wrong_address_knows_nothing(base: Base) -> None:
    base.url = base.url._replace(path=base.url.path[:-3] + "xyz")
    answer = base.ask("checkauth")
    assert (answer.status, answer.lines[0]) == (404, "failure")


def test_a_full_pull_then_nothing_new(base: Base) -> None:
    base.sign_in()
    assert base.ask("init", cmlVersion="2.10").lines == ["zip=no", "file_limit=104857600"]
    answer = base.ask("query")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.body.startswith(b"<?xml")
    assert etree.fromstring(answer.body).get("ВерсияСхемы") == "2.10"
    assert answer.numbers == ["1", "2"]
    assert base.ask("query").body == answer.body, "the same set until it is confirmed"
    base.sign_in()
    assert base.ask("query").numbers == ["1", "2"], "in a session after one that broke off, too"
    assert base.ask("success").body == b"success"
    empty = base.ask("query")
    assert empty.numbers == []
    assert etree.fromstring(empty.body).tag == "КоммерческаяИнформация"
    assert base.pull() == []


def test_what_changes_is_pulled_again(base: Base) -> None:
    assert base.pull() == ["1", "2"]
    base.crm("invoice", "cancel", "2")
    base.sign_in()
    answer = base.ask("query")
    assert answer.numbers == ["2"]
    assert "<Наименование>Отменен</Наименование>\n        <Значение>true" in answer.body.decode()
    base.crm("invoice", "pay", "1", "--amount", "5")
    assert base.ask("query").body == answer.body
    base.ask("success")
    assert base.pull() == ["1"], "what changed between query and success is not lost"


def test_each_base_has_a_mark_of_its_own(base: Base, served: str) -> None:
    import json

    assert base.pull() == ["1", "2"]
    [row] = json.loads(base.crm("onec", "connect", "second", "--json"))
    second = Base(base.root, served + urlsplit(row["address"]).path, row["login"], row["password"])
    assert second.pull() == ["1", "2"]
    assert second.ask("query", cookie=base.cookie).lines[0] == "failure"


def test_a_push_pays_the_invoice_once(base: Base) -> None:
    base.pull()
    base.sign_in()
    assert base.push(reply(paid("1"))).body == b"success"
    assert base.push(reply(paid("1"))).body == b"success", "a double POST"
    assert base.ask("import", filename="orders-1.xml").body == b"success"
    assert base.invoice(1)["status"] == "paid"
    assert base.invoice(1)["paid"] == {"amount": "26905.00", "currency": "RUB"}
    assert base.crm("payment", "list", "--ids").split() == ["1"]
    assert base.pull() == [], "1C is not told back what it told"


def test_a_partial_payment_comes_with_a_subordinate_document(base: Base) -> None:
    base.sign_in()
    part = paid("2", {"Оплачен": "false"}, subordinate("g-1", "3000.00"))
    assert base.push(reply(part, version="2.10")).body == b"success"
    assert base.invoice(2)["status"] == "partly_paid"
    assert base.invoice(2)["balance"] == {"amount": "4500.00", "currency": "RUB"}
    assert base.pull() == ["1", "2"], "what 1C was never told it still gets"


def test_an_unknown_number_is_ignored_and_logged(base: Base) -> None:
    base.sign_in()
    assert base.push(reply(paid("999"))).body == b"success"
    assert "999" in base.crm("onec", "log")
    assert base.crm("payment", "list", "--ids") == ""


@pytest.mark.parametrize("body", [b"hello", b"<a><b></a>", reply(paid("1")).replace(b"</", b"<", 1)])
def test_bad_xml_is_a_failure(base: Base, body: bytes) -> None:
    base.sign_in()
    answer = base.push(body)
    assert (answer.status, answer.lines[0]) == (200, "failure")
    assert base.crm("payment", "list", "--ids") == ""
    assert "refused" in base.crm("onec", "log")


def test_a_zip_is_taken(base: Base) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.xml", reply(paid("1")))
    base.sign_in()
    assert base.push(packed.getvalue(), "orders.zip").body == b"success"
    assert base.invoice(1)["status"] == "paid"


@pytest.mark.parametrize("cut", [40, 700, -30])
def test_two_chunks_are_one_file(base: Base, cut: int) -> None:
    data = reply(paid("1"))
    base.sign_in()
    assert base.push(data[:cut]).body == b"success"
    assert base.invoice(1)["status"] == "issued"
    assert base.ask("import", filename="orders-1.xml").lines[0] == "failure", "its end has not come"
    assert base.push(data[cut:]).body == b"success"
    assert base.invoice(1)["status"] == "paid"


def test_names_of_files_lead_nowhere(base: Base) -> None:
    base.sign_in()
    assert base.push(reply(paid("1")), "../../config/crm.yaml").body == b"success"
    assert "<" not in (base.root / "config" / "crm.yaml").read_text()
    assert base.ask("import", filename="crm.yaml").body == b"success"
    assert base.push(b"x", "..").lines[0] == "failure"


@pytest.mark.parametrize("mode", ["init", "query", "success", "file", "import", "info"])
def test_without_the_session_nothing_is_answered(base: Base, mode: str) -> None:
    base.sign_in()
    assert base.ask(mode, cookie="none=1").lines[0] == "failure"
    assert base.ask(mode, cookie="CRM1CSESSION=" + "0" * 32).lines[0] == "failure"
    base.sessid = "wrong"
    assert base.ask(mode).lines[0] == "failure"


def test_other_kinds_and_modes_are_refused_in_words(base: Base) -> None:
    base.sign_in()
    assert base.ask("file", "POST", b"x", type="catalog", filename="import.xml").lines[0] == "failure"
    assert base.ask("dance").lines[0] == "failure"
    assert etree.fromstring(base.ask("info").body).tag == "Справочник"


def test_packed_both_ways(base: Base) -> None:
    (base.root / "config" / "onec.yaml").write_text("serve: true\nzip: true\n")
    base.sign_in()
    assert base.ask("init").lines[0] == "zip=yes"
    answer = base.ask("query")
    assert answer.body.startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        [name] = archive.namelist()
        assert archive.read(name).startswith(b"<?xml")


def test_it_answers_only_when_it_is_switched_on(base: Base) -> None:
    (base.root / "config" / "onec.yaml").write_text("serve: false\n")
    assert base.ask("checkauth").status == 404


def test_every_exchange_is_kept_and_told_apart(base: Base) -> None:
    base.pull()
    base.crm("invoice", "cancel", "2")
    base.pull()
    log = base.crm("onec", "log", "--csv")
    assert log.count("confirmed") == 2
    assert log.count(",buh,") == 2
    changed = base.crm("onec", "diff", "--csv")
    assert "ЗначенияРеквизитов/ЗначениеРеквизита[Отменен]/Значение,false,true" in changed
    assert "Контрагент" not in changed
    assert base.crm("onec", "show").startswith("<?xml")
    info = base.crm("onec", "serve-info")
    assert base.url.path in info
    assert base.password not in info

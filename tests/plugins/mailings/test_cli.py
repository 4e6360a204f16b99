from __future__ import annotations

import io
import json

import pytest

from crm.cli.main import run
from tests.plugins.mailings.conftest import Post, PostOffice


@pytest.fixture
def crm(post: Post, capsys: pytest.CaptureFixture[str]) -> Post:
    capsys.readouterr()
    return post


def command(crm: Post, *words: str) -> int:
    return run(["-w", str(crm.root), "--as", "olga", "--lang", "en", *words])


def test_from_segment_to_letters(crm: Post, post_office: PostOffice, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("segment", "add", "Бухгалтеры", "--where", "id > 0", "--where", 'name ~ "Иван"', "--role", "accountant")
    assert command(crm, *words) == 0
    assert capsys.readouterr().out == "segment/1 Бухгалтеры\n"
    assert command(crm, "segment", "show", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["query"] == '(id > 0) and (name ~ "Иван")'
    assert command(crm, "segment", "show", "1", "--preview") == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header == "name\taddress\texcluded\tref"
    assert row == "Иван Петров\tivan@example.ru\t\tcontact/1"
    words = ("mailing", "add", "Акция", "--segment", "Бухгалтеры", "--subject", "Привет", "--template", "Вам, {name}")
    assert command(crm, *words, "--ids") == 0
    assert capsys.readouterr().out == "1\n"
    assert command(crm, "mailing", "preview", "1", "--contact", "Пётр") == 0
    shown = capsys.readouterr()
    assert shown.out == "From: Ромашка <news@example.ru>\nTo: Пётр <petr@example.ru>\nSubject: Привет\n\nВам, Пётр\n"
    assert shown.err == ""
    assert command(crm, "mailing", "send", "1", "--yes") == 0
    assert capsys.readouterr().out == "mailing/1 Акция — sent — 1 sent\n"
    assert post_office.texts() == {"ivan@example.ru": "Вам, Иван Петров\r\n"}
    assert command(crm, "mailing", "letters", "1", "--status", "sent", "--json") == 0
    assert [one["address"] for one in json.loads(capsys.readouterr().out)] == ["ivan@example.ru"]
    assert command(crm, "mailing", "show", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["letters"] == {"sent": 1}


def test_preview_as_json(crm: Post, everybody: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(crm, "mailing", "preview", "1", "--contact", "3", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["headers"]["Precedence"] == "bulk"
    assert shown["text"] == "Здравствуйте, Пётр!\n.\n"
    assert "{company} is empty for petr@example.ru." in shown["warnings"]


def test_sending_asks_a_terminal_and_refuses_a_script(
    crm: Post,
    everybody: int,
    post_office: PostOffice,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert command(crm, "mailing", "send", "1") == 2
    assert "--yes" in capsys.readouterr().err
    assert post_office.letters == []


def test_dry_run_sends_nothing(
    crm: Post, everybody: int, post_office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    for _twice in range(2):
        assert command(crm, "mailing", "send", "1", "--dry-run") == 0
        assert "dispatch/1" in capsys.readouterr().out
    assert (post_office.letters, crm.dispatches.count()) == ([], 0)
    assert command(crm, "mailing", "test", "1", "--to", "me@example.ru", "--dry-run") == 2


def test_lost_connection_is_exit_9_and_resume_tells(
    crm: Post, everybody: int, post_office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    post_office.drop = "data"
    assert command(crm, "mailing", "send", "1", "--yes") == 9
    assert "2 letters wait: crm mailing send 1" in capsys.readouterr().err
    post_office.drop = ""
    assert command(crm, "mailing", "send", "1", "--yes") == 0
    shown = capsys.readouterr()
    assert "2 sent, 1 unknown" in shown.out
    assert "ivan@example.ru" in shown.err
    assert command(crm, "mailing", "resume", "1") == 0
    assert "crm mailing resume 1 --again" in capsys.readouterr().err
    assert len(post_office.letters) == 2
    assert command(crm, "mailing", "resume", "1", "--again", "--sent") == 2
    assert command(crm, "mailing", "resume", "1", "--again") == 0
    assert "3 sent" in capsys.readouterr().out
    assert post_office.addresses()[-1] == "ivan@example.ru"


def test_unsubscribe_and_bounce(
    crm: Post, everybody: int, post_office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(crm, "mailing", "unsubscribe", "Anna@example.ru", "--reason", "звонок") == 0
    assert capsys.readouterr().out == "unsubscribe/1 anna@example.ru\n"
    assert command(crm, "mailing", "send", "1", "--yes") == 0
    assert post_office.addresses() == ["ivan@example.ru", "petr@example.ru"]
    message_id = post_office.letters[0][1]["Message-ID"]
    capsys.readouterr()
    assert command(crm, "mailing", "bounce", message_id, "--reason", "5.1.1") == 0
    assert capsys.readouterr().out == "dispatch/1 ivan@example.ru — bounced\n"
    assert command(crm, "unsubscribe", "list", "--json") == 0
    assert [one["reason"] for one in json.loads(capsys.readouterr().out)] == ["звонок"]


def test_test_letter(crm: Post, everybody: int, post_office: PostOffice, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(crm, "mailing", "test", "1", "--to", "me@example.ru") == 0
    assert capsys.readouterr().out == "A test letter «Скидка для Иван» went to me@example.ru.\n"
    assert post_office.addresses() == ["me@example.ru"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("mailing", "preview", "99"), 3),
        (("mailing", "add", "Акция", "--segment", "99", "--subject", "a", "--template", "b"), 3),
        (("mailing", "add", "Акция", "--segment", "1", "--subject", "{nmae}", "--template", "b"), 4),
        (("mailing", "set", "1", "status=sent"), 5),
        (("segment", "add", "Кто"), 4),
        (("segment", "add", "Кто", "--where", "nmae = 1"), 4),
        (("mailing", "unsubscribe", "nobody"), 4),
        (("dispatch", "add"), 2),
        (("dispatch", "delete", "1"), 5),
    ],
)
def test_exit_codes(crm: Post, everybody: int, words: tuple[str, ...], code: int) -> None:
    assert command(crm, *words) == code

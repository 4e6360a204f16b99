from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from crm.errors import InvalidValue
from crm.plugins.mailings.letter import Envelope, checked_sender, new_message_id, sendable, wire, written
from crm.plugins.mailings.settings import MailSettings

LONG = MailSettings(
    unsubscribe_mailto="unsubscribe@a-very-long-name-of-a-company.example.com",
    base_address="https://crm.a-very-long-name-of-a-company.example.com/shop/",
)
ENVELOPE = Envelope("Ромашка <news@пример.рф>", "ivan@example.ru", "Иван Петров", "<1@example.ru>", "TOKEN-1")


def test_headers_survive_the_way() -> None:
    data = written(LONG, ENVELOPE, "Тема " * 40, "Текст\n" + "х" * 2000).as_bytes()
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 150
    assert b"\n" not in data.replace(b"\r\n", b"")
    back = message_from_bytes(data, policy=policy.default)
    assert back["Subject"] == ("Тема " * 40).strip()
    assert back["To"].addresses[0].display_name == "Иван Петров"
    assert (back["From"].addresses[0].display_name, back["From"].addresses[0].addr_spec) == (
        "Ромашка", "news@xn--e1afmkfd.xn--p1ai"
    )  # fmt: skip
    assert (back["Precedence"], back["Message-ID"]) == ("bulk", "<1@example.ru>")
    assert back["Date"].datetime.tzinfo is not None
    assert back["Content-Transfer-Encoding"] == "quoted-printable"
    assert back.get_content_charset() == "utf-8"


def test_list_unsubscribe_is_not_encoded_however_long() -> None:
    data = written(LONG, ENVELOPE, "s", "t").as_bytes()
    assert (
        b"List-Unsubscribe: <https://crm.a-very-long-name-of-a-company.example.com/shop/hooks/unsubscribe/TOKEN-1>,\r\n"
        b" <mailto:unsubscribe@a-very-long-name-of-a-company.example.com?subject=unsubscribe%20TOKEN-1>\r\n"
    ) in data
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data


def test_one_click_only_with_an_https_address() -> None:
    message = written(MailSettings(unsubscribe_mailto="no@example.ru"), ENVELOPE, "s", "t")
    assert message["List-Unsubscribe"] == "<mailto:no@example.ru?subject=unsubscribe%20TOKEN-1>"
    assert message["List-Unsubscribe-Post"] is None
    assert written(MailSettings(), ENVELOPE, "s", "t")["List-Unsubscribe"] is None


def test_values_add_no_headers() -> None:
    envelope = ENVELOPE._replace(name="Иван\r\nBcc: all@example.ru")
    message = written(MailSettings(), envelope, "Скидка\r\nBcc: all@example.ru\r\n\r\nx", "t")
    back = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert back["Bcc"] is None
    assert back["Subject"] == "Скидка Bcc: all@example.ru x"
    assert [one.addr_spec for one in back["To"].addresses] == ["ivan@example.ru"]


@pytest.mark.parametrize(
    ("address", "fits"),
    [("a@b.ru", True), ("a@пример.рф", True), ("иван@b.ru", False), ("a@" + "б" * 64 + ".ru", False), ("", False)],
)
def test_sendable(address: str, fits: bool) -> None:
    assert sendable(address) is fits


def test_wire() -> None:
    assert wire("Отдел продаж <Sales@Пример.рф>") == "sales@xn--e1afmkfd.xn--p1ai"


@pytest.mark.parametrize("text", ["", "Ромашка", "почта@example.ru"])
def test_wrong_senders(text: str) -> None:
    with pytest.raises(InvalidValue):
        checked_sender(text)


def test_message_ids_differ_and_have_our_domain() -> None:
    one, other = new_message_id("Ромашка <news@пример.рф>"), new_message_id("news@пример.рф")
    assert one != other
    assert one.startswith("<")
    assert one.endswith("@xn--e1afmkfd.xn--p1ai>")

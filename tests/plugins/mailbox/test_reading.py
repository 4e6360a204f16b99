from __future__ import annotations

import base64
from email.header import Header

import pytest

from crm.plugins.mailbox.attachments import safe_name
from crm.plugins.mailbox.charset import guessed, known
from crm.plugins.mailbox.reading import LONGEST_TEXT, read
from crm.plugins.mailbox.robots import BOUNCE, PERSON, ROBOT, bounce, nature
from crm.plugins.mailbox.shown import safe_html, text_of

CODES = ["koi8-r", "windows-1251", "iso-8859-5", "x-mac-cyrillic", "utf-8", "koi8-u", "cp866"]
TEXT = "Здравствуйте! Нужен щебень фракции 5-20, сколько стоит доставка до Москвы?"


def codec(name: str) -> str:
    return known(name) or name


@pytest.mark.parametrize("code", CODES)
def test_a_letter_in_every_cyrillic_code(code: str) -> None:
    subject = Header("Щебень и доставка", codec(code)).encode().replace(codec(code), code)
    plain = f"Content-Type: text/plain; charset={code}\nContent-Transfer-Encoding: 8bit\n\n"
    head = f"From: a@b.ru\nSubject: {subject}\n{plain}"
    found = read(head.encode() + TEXT.encode(codec(code)))
    assert (found.subject, found.text) == ("Щебень и доставка", TEXT)


@pytest.mark.parametrize("code", ["koi8-r", "cp1251", "iso-8859-5", "mac_cyrillic", "utf-8"])
def test_raw_eight_bit_headers_and_a_text_of_which_nobody_says_the_code(code: str) -> None:
    head = f"From: Василий Пупкин <v@example.ru>\nSubject: {TEXT}\n\n{TEXT}"
    found = read(head.encode(code))
    assert (found.subject, found.sender_name, found.text) == (TEXT, "Василий Пупкин", TEXT)
    assert guessed(TEXT.encode(code)) == TEXT


def test_headers_are_in_the_code_of_the_text_where_it_is_said() -> None:
    letter = f"From: Ия <i@example.ru>\nSubject: Ёж\nContent-Type: text/plain; charset=koi8-r\n\n{TEXT}"
    found = read(letter.encode("koi8-r"))
    assert (found.subject, found.sender_name, found.text) == ("Ёж", "Ия", TEXT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\xff\xfe",
        b"no headers at all",
        b"From: <>\nSubject: =?koi8-r?B?!!!?=\n\nx",
        b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/plain\n\ncut of",
        b"Subject: x\nContent-Type: multipart/mixed\n\nno boundary",
        b"Subject: x\nContent-Type: text/plain; charset=no-such-code\n\n\xcf\xf0\xe8\xe2\xe5\xf2",
        b"Subject: x\nContent-Transfer-Encoding: base64\n\n!!!not base64===",
        b"Subject: x\nContent-Type: ;;;;\nDate: 99 Foo 99999\nMessage-ID: <\n\nx",
        b"From: a@b.ru, (((\nTo: \xff\xff@\xff\nSubject: x\n\nx",
    ],
)
def test_a_broken_letter_is_read_as_far_as_it_goes(data: bytes) -> None:
    assert isinstance(read(data).text, str)


def test_no_header_can_bring_another_one() -> None:
    folded = (
        "From: a@b.ru\nSubject: =?utf-8?B?"
        + base64.b64encode("Тема\r\nBcc: x@y.ru\0\x1b[2J".encode()).decode()
        + "?=\n\n"
    )
    assert read(folded.encode()).subject == "Тема Bcc: x@y.ru [2J"


def bomb(depth: int) -> bytes:
    head = "From: a@b.ru\nSubject: bomb\nMessage-ID: <b@b>\n"
    inner = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return (head + inner).encode()


def test_a_bomb_of_parts_within_parts_is_told_and_harms_nobody() -> None:
    found = read(bomb(5_000))
    assert (found.subject, found.sender) == ("bomb", "a@b.ru")
    assert found.broken


def test_a_bomb_of_many_parts_is_told() -> None:
    parts = "--b\nContent-Type: text/plain\n\nx\n" * 5_000
    found = read(f"Subject: bomb\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n".encode())
    assert (found.broken, found.subject) == ("TooManyParts", "bomb")


def test_a_text_is_kept_up_to_its_length() -> None:
    assert len(read(b"Subject: x\n\n" + b"y" * (LONGEST_TEXT + 5)).text) == LONGEST_TEXT


def with_file(line: str, data: bytes = b"bytes", kind: str = "application/pdf") -> bytes:
    coded = base64.b64encode(data).decode()
    return (
        "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\n"
        f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n{line}\n\n{coded}\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('Content-Disposition: attachment; filename="a.pdf"', "a.pdf"),
        ('Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        ('Content-Disposition: attachment; filename="C:\\\\Windows\\\\evil.exe"', "evil.exe"),
        ('Content-Disposition: attachment; filename="/"', "application.pdf"),
        ('Content-Disposition: attachment; filename="con.txt"', "_con.txt"),
        ('Content-Disposition: attachment; filename="..hidden"', "hidden"),
        ("Content-Disposition: attachment; filename*=koi8-r''%F3%DE%C5%D4.pdf", "Счет.pdf"),
        ('Content-Disposition: attachment; filename="=?windows-1251?B?0ffl8i5wZGY=?="', "Счет.pdf"),
        ('Content-Disposition: attachment; filename="Счёт 1.pdf"', "Счёт 1.pdf"),
        ("Content-Disposition: attachment", "application.pdf"),
    ],
)
def test_an_attachment_gets_a_name_that_is_a_file_of_its_folder(line: str, name: str) -> None:
    found = read(with_file(line))
    assert [(one.name, one.data) for one in found.attachments] == [(name, b"bytes")]
    assert found.text == "hello"


def test_two_files_of_one_name_are_told_apart() -> None:
    part = 'Content-Type: text/csv\nContent-Disposition: attachment; filename="a.csv"\n\nx\n--b\n'
    found = read(f"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{part}{part}\n".encode())
    assert [one.name for one in found.attachments][:2] == ["a.csv", "a (2).csv"]


def test_a_long_name_keeps_its_ending() -> None:
    assert len(safe_name("ы" * 500 + ".pdf")) <= 120
    assert safe_name("ы" * 500 + ".pdf").endswith(".pdf")


def tnef(name: bytes, data: bytes) -> bytes:
    """Return a winmail.dat with one file, as MS-OXTNEF lays it out."""

    def attribute(level: int, number: int, value: bytes) -> bytes:
        total = sum(value) & 0xFFFF
        return (
            bytes([level]) + number.to_bytes(4, "little") + len(value).to_bytes(4, "little") + value
            + total.to_bytes(2, "little")
        )  # fmt: skip

    head = (0x223E9F78).to_bytes(4, "little") + (1).to_bytes(2, "little")
    version = attribute(1, 0x00089006, (0x00010000).to_bytes(4, "little"))
    rendering = attribute(2, 0x00069002, b"\x01\x00" + b"\xff" * 4 + b"\0" * 8)
    return head + version + rendering + attribute(2, 0x00018010, name + b"\0") + attribute(2, 0x0006800F, data)


def test_the_files_within_a_winmail_dat_are_taken_out() -> None:
    data = tnef(b"price.xls", b"prices")
    line = 'Content-Disposition: attachment; filename="winmail.dat"'
    found = read(with_file(line, data, "application/ms-tnef")).attachments
    assert [(one.name, one.data) for one in found] == [("price.xls", b"prices")]


def test_a_winmail_dat_that_cannot_be_read_stays_as_it_is() -> None:
    line = 'Content-Disposition: attachment; filename="winmail.dat"'
    found = read(with_file(line, b"nonsense", "application/ms-tnef")).attachments
    assert [(one.name, one.data) for one in found] == [("winmail.dat", b"nonsense")]


EVIL = (
    '<html><head><style>p{color:red}</style></head><body onload="x()"><p style="background:url(//e.ru)">Привет,'
    "<br>мир</p><script>alert(1)</script><img src='http://e.ru/spy.gif'><a href='javascript:x()'>a</a>"
    "<a href='https://b.ru'>b</a><iframe src=//e.ru></iframe><form action=//e.ru><input></form></body></html>"
)


def test_html_is_shown_without_scripts_pictures_and_styles() -> None:
    clean = safe_html(EVIL)
    assert [word for word in ("script", "img", "style", "onload", "iframe", "form", "e.ru") if word in clean] == []
    assert 'href="https://b.ru"' in clean
    assert text_of(EVIL).startswith("Привет,\nмир")


def test_an_html_letter_has_a_text() -> None:
    found = read(f"Subject: x\nContent-Type: text/html; charset=utf-8\n\n{EVIL}".encode())
    assert found.text.startswith("Привет,\nмир")
    assert "alert" not in found.text


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("From: v@example.ru", PERSON),
        ("From: v@example.ru\nAuto-Submitted: no", PERSON),
        ("From: v@example.ru\nAuto-Submitted: auto-replied", ROBOT),
        ("From: v@example.ru\nPrecedence: bulk", ROBOT),
        ("From: v@example.ru\nList-Id: <x.y.ru>", ROBOT),
        ("From: v@example.ru\nReturn-Path: <>", ROBOT),
        ("From: no-reply@shop.ru", ROBOT),
        ("From: MAILER-DAEMON@mx.ru", ROBOT),
    ],
)
def test_robots_are_told_from_people(line: str, who: str) -> None:
    found = read(f"{line}\nSubject: x\n\nx".encode())
    assert nature(found.message, found.sender) == who


def report(message_id: str, status: str = "5.1.1", address: str = "gone@example.ru") -> str:
    """Return a delivery status notification as mail servers write it."""
    return f"""From: MAILER-DAEMON@mx.ru
To: info@romashka.ru
Subject: Undelivered
Message-ID: <dsn-{status}@mx.ru>
Content-Type: multipart/report; report-type=delivery-status; boundary=r

--r
Content-Type: text/plain

Sorry.
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.ru

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--r
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: ours

text
--r--
"""


def test_a_bounce_says_which_letter_and_why() -> None:
    found = read(report("<1@romashka.ru>").encode())
    assert nature(found.message, found.sender) == BOUNCE
    told = bounce(found.message)
    assert told is not None
    assert (told.message_id, told.address, told.status, told.why) == (
        "<1@romashka.ru>", "gone@example.ru", "5.1.1", "550 no such user",
    )  # fmt: skip
    assert told.final

from __future__ import annotations

import io
import zipfile

import pytest

from crm.errors import InvalidValue
from crm.plugins.onec.outside_xml import Unfinished, read_message, unpack
from crm.plugins.onec.told import papers_of
from tests.plugins.onec.replies import paid, reply, subordinate


def packed(*files: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("namespace", ["", "urn:1C.ru:commerceml_2", "urn:1C.ru:commerceml_210"])
@pytest.mark.parametrize("version", ["2.04", "2.08", "2.10"])
def test_any_namespace_is_read_by_local_names(namespace: str, version: str) -> None:
    [paper] = papers_of(read_message(reply(paid("7"), version=version, namespace=namespace)))
    assert (paper.number, paper.operation, paper.is_marked("Оплачен")) == ("7", "заказ товара", True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
def test_the_encoding_is_the_declared_one(encoding: str) -> None:
    text = reply(paid("7")).decode().replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert papers_of(read_message(text.encode(encoding)))[0].marks["Статус заказа"] == "В обработке"


def test_blank_lines_before_the_declaration_are_forgiven() -> None:
    assert papers_of(read_message(b"\r\n\n" + reply(paid("7"))))[0].number == "7"


def test_a_container_is_unwrapped() -> None:
    order, payment = paid("7", {"Оплачен": "false"}), paid("55", operation="Выплата безналичных денег")
    [paper] = papers_of(read_message(reply(f"<Контейнер>{order}{payment}</Контейнер>")))
    assert paper.number == "7"
    assert [part.number for part in paper.parts] == ["55"]


def test_a_truncated_message_is_unfinished() -> None:
    data = reply(paid("7"))
    for cut in range(0, len(data) - 1, 37):
        with pytest.raises(Unfinished):
            read_message(data[:cut])


def test_other_files_are_not_opened(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text("СЕКРЕТ")
    body = reply(paid("&x;")).decode().partition("\n")[2]
    text = f'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>{body}'
    with pytest.raises(InvalidValue, match="DOCTYPE") as caught:
        read_message(text.encode())
    assert "СЕКРЕТ" not in str(caught.value)


def test_a_billion_laughs_is_refused_at_once() -> None:
    rows = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    body = reply(paid("&a11;")).decode().partition("\n")[2]
    with pytest.raises(InvalidValue):
        read_message(f"<!DOCTYPE a [{rows}]>{body}".encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"hello", "broken"),
        ("<Каталог/>".encode(), "not CommerceML"),
        ('<КоммерческаяИнформация ВерсияСхемы="1.03"/>'.encode(), "CommerceML 1"),
        ('<КоммерческаяИнформация><Каталог Идентификатор="1"/></КоммерческаяИнформация>'.encode(), "CommerceML 1"),
        ('<КоммерческаяИнформация><Документ Номер="1"/></КоммерческаяИнформация>'.encode(), "CommerceML 1"),
        (packed(), "0 files"),
        (packed(("a.xml", b"x"), ("b.xml", b"y")), "2 files"),
        (packed(("bomb.xml", b" " * 50_000_000)), "unpacks to too much"),
        (b"PK\x03\x04 nonsense PK\x05\x06", "cannot be unpacked"),
    ],
)
def test_what_is_no_message_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        read_message(data)


def test_sizes_are_capped() -> None:
    with pytest.raises(InvalidValue, match="1000 bytes"):
        unpack(b"x" * 1001, 1000)


def test_a_very_long_line_is_no_trouble() -> None:
    [paper] = papers_of(read_message(reply(paid("7", {"Комментарий": "а" * 100_000}))))
    assert len(paper.marks["Комментарий"]) == 100_000


@pytest.mark.parametrize(
    ("written", "amount"), [("1234.5", "1234.50"), ("1 234,5", "1234.50"), ("1\u00a0234,50", "1234.50"), ("5", "5.00")]
)
def test_amounts_as_people_write_them(written: str, amount: str) -> None:
    [paper] = papers_of(read_message(reply(paid("7", {}, subordinate("g", written)))))
    assert str(paper.parts[0].amount) == amount


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (subordinate("g", "-5"), "amount «-5»"),
        (subordinate("g", "тысяча"), "amount «тысяча»"),
        (subordinate("g", "1e9"), "amount"),
        (subordinate("g", "5", date="2106-03-18"), "2106-03-18"),
        (subordinate("g", "5", date="18.03.2026"), "18.03.2026"),
    ],
)
def test_what_cannot_be_right_is_the_fault_of_its_order(part: str, said: str) -> None:
    good, bad = papers_of(read_message(reply(paid("7"), paid("8", {}, part))))
    assert good.fault == ""
    assert said in bad.fault


def test_a_mark_with_an_impossible_date_is_a_fault() -> None:
    [paper] = papers_of(read_message(reply(paid("7", {"Дата оплаты по 1С": "2106-01-01T00:00:00"}))))
    assert "2106" in paper.fault


def test_the_empty_date_of_1c_is_no_date() -> None:
    [paper] = papers_of(read_message(reply(paid("7", {"Дата оплаты по 1С": "0001-01-01T00:00:00"}))))
    assert paper.fault == ""

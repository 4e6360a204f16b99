"""Statements written for the tests: an account of ours, a client and documents of any tags."""

from __future__ import annotations

OURS = "40702810300000000011"
OURS_TOO = "40702810500000000012"
CLIENT = "40702810700000000022"


def document(kind: str = "Платежное поручение", **tags: str) -> str:
    """Write an incoming document of the client; a tag given empty stays empty."""
    return unfinished(kind, **tags) + "\nКонецДокумента"


def unfinished(kind: str = "Платежное поручение", **tags: str) -> str:
    """Write the same without the mark of its end."""
    filled = {
        "Номер": "77",
        "Дата": "17.03.2026",
        "Сумма": "1000.00",
        "ПлательщикСчет": CLIENT,
        "ПлательщикИНН": "7800000027",
        "ПлательщикКПП": "780001001",
        "Плательщик1": 'ООО "Ромашка"',
        "ПолучательСчет": OURS,
        "ДатаПоступило": "18.03.2026",
        "Получатель1": 'ООО "Пример Групп"',
        "НазначениеПлатежа": "Оплата по счету № 1042",
        **tags,
    }
    return "\n".join([f"СекцияДокумент={kind}", *(f"{tag}={value}" for tag, value in filled.items())])


def outgoing(**tags: str) -> str:
    """Write an outgoing document to the client."""
    sides = {"ПлательщикСчет": OURS, "ПолучательСчет": CLIENT, "ДатаПоступило": "", "ДатаСписано": "18.03.2026"}
    return document(**{**sides, **tags})


def section(came: str = "1000.00", went: str = "0.00", closing: str = "1500.00", opening: str = "500.00") -> str:
    """Write the account section of ours with control totals."""
    return (
        f"СекцияРасчСчет\nРасчСчет={OURS}\nНачальныйОстаток={opening}\nВсегоПоступило={came}\nВсегоСписано={went}\n"
        f"КонечныйОстаток={closing}\nКонецРасчСчет"
    )


def statement(*blocks: str, header: str = f"РасчСчет={OURS}", end: str = "КонецФайла") -> str:
    """Put blocks into a whole file."""
    return "\n".join(["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", header, *blocks, end, ""])


def cp1251(*blocks: str) -> bytes:
    """Put blocks into a file as most banks write it."""
    return statement(*blocks).replace("\n", "\r\n").encode("cp1251")

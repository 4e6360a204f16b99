"""A workspace with something of every noun, on which every command can be tried."""

from __future__ import annotations

from tests.command_line import CommandLine
from tests.plugins.onec.replies import paid, reply

STATEMENT = """1CClientBankExchange
ВерсияФормата=1.03
Кодировка=Windows
Отправитель=Банк
Получатель=
ДатаСоздания=22.11.2026
ДатаНачала=01.11.2026
ДатаКонца=22.11.2026
РасчСчет=40702810300000000011
СекцияРасчСчет
ДатаНачала=01.11.2026
ДатаКонца=22.11.2026
РасчСчет=40702810300000000011
НачальныйОстаток=0.00
ВсегоПоступило={amount}
ВсегоСписано=0.00
КонечныйОстаток={amount}
КонецРасчСчет
СекцияДокумент=Платежное поручение
Номер=77
Дата=22.11.2026
Сумма={amount}
ПлательщикСчет=40702810900000000022
Плательщик=ООО "Ромашка"
ПлательщикИНН=7800000027
ПлательщикКПП=780001001
ПлательщикРасчСчет=40702810900000000022
ПлательщикБанк1=БАНК
ПлательщикБИК=044525225
ПлательщикКорсчет=30101810400000000225
ПолучательСчет=40702810300000000011
ДатаПоступило=22.11.2026
Получатель=ООО "Пример"
ПолучательИНН=7700000016
ПолучательКПП=770001001
ПолучательРасчСчет=40702810300000000011
ПолучательБанк1=БАНК
ПолучательБИК=044525225
ПолучательКорсчет=30101810400000000225
ВидПлатежа=
ВидОплаты=01
Очередность=5
НазначениеПлатежа={purpose}
КонецДокумента
КонецФайла
"""
"""A bank's statement with one payment, as 1CClientBankExchange 1.03 writes it."""


MEETING = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:1@example.ru
DTSTAMP:20261120T100000Z
DTSTART:20301126T150000Z
SUMMARY:Замер
END:VEVENT
END:VCALENDAR
"""


def statement(amount: str, purpose: str) -> bytes:
    """Return a statement in the bytes that banks send."""
    return STATEMENT.format(amount=amount, purpose=purpose).replace("\n", "\r\n").encode("cp1251")


def fill(line: CommandLine) -> CommandLine:
    """Put into an empty workspace two or three of every noun, in different states."""
    from crm.settings_file import change_setting

    crm_yaml = line.root / "config" / "crm.yaml"
    own = {"name": "ООО «Пример»", "legal_name": "ООО «Пример»", "inn": "7700000016", "kpp": "770001001"}
    bank = {"name": "БАНК", "bik": "044525225", "account": "40702810300000000011"}
    for name, value in (own | {"address": "Москва"}).items():
        change_setting(crm_yaml, ("company", name), value)
    for name, value in bank.items():
        change_setting(crm_yaml, ("company", "bank", name), value)
    goal = {"on": "ticked", "id": "measured", "title": "Замер сделан"}
    change_setting(line.root / "config" / "pipelines.yaml", ("pipelines", "sales", "stages", "new", "goals"), [goal])
    (line.root / "config" / "rules.yaml").write_text(_RULES, encoding="utf-8")
    for words in _WORLD:
        line(*words)
    _made_by_the_program(line)
    first = line.root / "first.txt"
    first.write_bytes(statement("50.00", "Возврат подотчётных сумм"))
    line("bank", "import", first)
    (line.root / "meeting.ics").write_text(MEETING)
    (line.root / "statement.txt").write_bytes(statement("1000.00", "Оплата за щебень"))
    (line.root / "doubt.txt").write_bytes(statement("77.00", "Оплата по счету № 1"))
    (line.root / "reply.xml").write_bytes(reply(paid("1")))
    (line.root / "leads.csv").write_text("name,phone\nОлег,8 916 000-00-01\n", encoding="utf-8")
    return line


def _made_by_the_program(line: CommandLine) -> None:
    """Put in what no person adds: a letter that failed, a call."""
    from typing import cast

    from crm.entrance import open_workspace
    from crm.plugins.telephony.call import ANSWERED, IN, Told
    from crm.plugins.telephony.calls import Calls

    with open_workspace(line.root, actor="olga") as crm:
        with crm.writing("test") as draft:
            letter = {"owner": "olga", "address": "anna@example.ru", "subject": "Счёт", "paper": "invoice/1"}
            draft.create("parcel", {**letter, "status": "failed"})
        cast("Calls", crm.collection("call")).hear(Told("call:1", IN, "8 916 123-45-67", status=ANSWERED))


_RULES = """rules:
  - {id: nightly, every: day, noun: lead, if: "id = 1", then: [{set: {comment: Ночь}}]}
  - {id: sleeping, every: day, noun: lead, if: "id = 2", then: [{set: {comment: Сон}}], enabled: false}
"""

_WORLD: list[list[str]] = [
    ["user", "add", "Ольга", "--login", "olga", "--role", "admin"],
    ["user", "add", "Пётр", "--login", "petr", "--role", "manager"],
    ["company", "add", "ООО Ромашка", "--inn", "7800000027", "--kpp", "780001001"],
    ["company", "add", "ООО Василёк"],
    ["contact", "add", "Иван Петров", "--phone", "8 916 123-45-67", "--company", "company/1"],
    ["contact", "add", "Анна Смирнова", "--email", "anna@example.ru"],
    ["lead", "add", "Москва, Василий, щебень", "--source", "site"],
    ["lead", "add", "Тверь, Олег, песок"],
    ["deal", "add", "Щебень", "--company", "company/1", "--contact", "contact/1", "--amount", "26905"],
    ["deal", "add", "Песок", "--stage", "proposal"],
    ["deal", "add", "Доставка"],
    ["deal", "win", "3"],
    ["activity", "add", "call", "Уточнить объём", "--about", "deal/1", "--due", "tomorrow"],
    ["activity", "add", "task", "Счёт"],
    ["product", "add", "Щебень 5-20", "--sku", "SCH520", "--unit", "т", "--price", "1750", "--vat", "22"],
    ["quote", "add", "--deal", "1", "--item", "SCH520*10"],
    ["invoice", "issue", "--deal", "1", "--item", "SCH520*10"],
    ["invoice", "add", "--company", "company/1", "--item", "SCH520*1"],
    ["invoice", "issue", "--company", "company/1", "--item", "SCH520*2"],
    ["invoice", "pay", "3", "--amount", "100"],
    ["document", "add", "act", "--invoice", "1"],
    ["absence", "add", "2027-01-01", "2027-01-10", "--owner", "petr"],
    ["routine", "add", "Акты", "--every", "month", "--on", "1", "--starts", "2026-01-01"],
    ["segment", "add", "Все", "--where", "id > 0"],
    ["mailing", "add", "Новости", "--segment", "1", "--subject", "Новости", "--template", "Здравствуйте!"],
    ["deal", "add", "Лишняя"],
    ["deal", "delete", "4"],
    ["lead", "add", "Ещё"],
    ["lead", "delete", "3"],
    ["process", "start", "delivery", "--about", "deal/1"],
    ["deal", "share", "3", "petr"],
]

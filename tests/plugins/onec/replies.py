"""Files as 1C pushes them back, written for the tests."""

from __future__ import annotations

from collections.abc import Mapping

MARKS = {
    "Номер по 1С": "ПГAS-000001",
    "Дата по 1С": "2026-03-16T10:05:00",
    "Проведен": "true",
    "Отменен": "false",
    "Оплачен": "true",
    "Номер оплаты по 1С": "ПГ00-000077",
    "Дата оплаты по 1С": "2026-03-18T12:00:00",
    "Статус заказа": "В обработке",
}


def _element(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>"


def _marks(marks: Mapping[str, str]) -> str:
    rows = "".join(
        f"<ЗначениеРеквизита>{_element('Наименование', name)}{_element('Значение', value)}</ЗначениеРеквизита>"
        for name, value in marks.items()
    )
    return f"<ЗначенияРеквизитов>{rows}</ЗначенияРеквизитов>"


def paid(number: str, marks: Mapping[str, str] | None = None, *parts: str, operation: str = "Заказ товара") -> str:
    """Write an order of 1C: paid in full by its marks, unless they say otherwise."""
    under = f"<ПодчиненныеДокументы>{''.join(parts)}</ПодчиненныеДокументы>" if parts else ""
    return (
        f"<Документ><Ид>0f-{number}</Ид><Номер>{number}</Номер><Дата>2026-03-16</Дата>"
        f"<ХозОперация>{operation}</ХозОперация><Сумма>100.00</Сумма>{_marks({**MARKS, **(marks or {})})}{under}"
        "</Документ>"
    )


def subordinate(guid: str, amount: str, operation: str = "Выплата безналичных денег", **more: str) -> str:
    """Write a payment or a shipment under an order."""
    date = more.pop("date", "2026-03-18")
    return (
        f"<ПодчиненныйДокумент>{_element('Ид', guid)}{_element('Номер', 'ПГ00-' + guid)}{_element('Дата', date)}"
        f"{_element('ХозОперация', operation)}{_element('Сумма', amount)}{_marks({'Оплачен': 'true', **more})}"
        "</ПодчиненныйДокумент>"
    )


def reply(*documents: str, version: str = "2.08", namespace: str = "") -> bytes:
    """Put documents into a message."""
    name = f' xmlns="{namespace}"' if namespace else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<КоммерческаяИнформация{name} ВерсияСхемы="{version}" '
        f'ДатаФормирования="2026-03-18">{"".join(documents)}</КоммерческаяИнформация>'
    ).encode()

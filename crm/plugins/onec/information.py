"""What 1C asks before it exchanges orders (`mode=info`): payment systems, deliveries and statuses to choose from."""

from __future__ import annotations

from crm.plugins.onec.making import STATUSES

_PAYMENTS = (("bank", "Безналичный расчет", "Безналичная"), ("cash", "Наличные", "Наличная"))
_DELIVERIES = (("self", "Самовывоз"), ("delivery", "Доставка"))


def write_information() -> bytes:
    """Return the XML `Справочник`, in UTF-8."""
    from lxml import etree

    root = etree.Element("Справочник")
    for group, rows in (("ПлатежныеСистемы", _PAYMENTS), ("СлужбыДоставки", _DELIVERIES), ("Статусы", _statuses())):
        parent = etree.SubElement(root, group)
        for row in rows:
            node = etree.SubElement(parent, "Элемент")
            for name, value in zip(("Ид", "Название", "ТипОплаты"), row, strict=False):
                etree.SubElement(node, name).text = value
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    return head + etree.tostring(root, encoding="utf-8", xml_declaration=False, pretty_print=True)


def _statuses() -> tuple[tuple[str, str], ...]:
    return tuple(STATUSES.items())

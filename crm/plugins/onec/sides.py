"""The sides of a paper in CommerceML 2: a company, a sole trader or a person, told apart as 1C does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.plugins.onec.spelling import child, clean, put

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crm.plugins.onec.order import Buyer

_ID = 40
_ACCOUNT = re.compile(r"[0-9]{5}[0-9ABCEHKMPTX][0-9]{14}")
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")


def write_side(node: Element, buyer: Buyer, role: str, *, account_at_end: bool = False) -> None:
    """Write a buyer or a seller; its account stands among its requisites, or after its role."""
    put(node, "Ид", buyer.guid, _ID)
    put(node, "Наименование", buyer.name)
    if buyer.kind == "person":
        _write_person(node, buyer)
    else:
        _write_business(node, buyer, with_account=not account_at_end)
    _write_address(node, "Адрес", buyer.address)
    contacts = [(kind, v) for kind, v in (("Телефон рабочий", buyer.phone), ("Почта", buyer.email)) if clean(v)]
    if contacts:
        parent = child(node, "Контакты")
        for kind, value in contacts:
            contact = child(parent, "Контакт")
            put(contact, "Тип", kind)
            put(contact, "Значение", value)
    put(node, "Роль", role)
    if account_at_end:
        _write_account(node, buyer)


def _write_person(node: Element, buyer: Buyer) -> None:
    put(node, "ПолноеНаименование", buyer.full_name or buyer.name)
    put(node, "Фамилия", buyer.family_name)
    put(node, "Имя", buyer.given_name)
    put(node, "Отчество", buyer.middle_name)
    put(node, "ИНН", _digits(buyer.inn, 12))


def _write_business(node: Element, buyer: Buyer, *, with_account: bool) -> None:
    put(node, "ОфициальноеНаименование", buyer.full_name or buyer.name)
    _write_address(node, "ЮридическийАдрес", buyer.address)
    put(node, "ИНН", _digits(buyer.inn, 10) or _digits(buyer.inn, 12))
    put(node, "КПП", buyer.kpp if buyer.kind == "company" and _KPP.fullmatch(buyer.kpp) else "")
    if with_account and _has_account(buyer):
        _write_account(child(node, "РасчетныеСчета"), buyer)


def _has_account(buyer: Buyer) -> bool:
    return bool(_digits(buyer.bic, 9) and _ACCOUNT.fullmatch(buyer.account))


def _write_account(node: Element, buyer: Buyer) -> None:
    if _has_account(buyer):
        account = child(node, "РасчетныйСчет")
        put(account, "НомерСчета", buyer.account)
        _write_bank(child(account, "Банк"), buyer, buyer.bic)


def _write_bank(node: Element, buyer: Buyer, bic: str) -> None:
    if _ACCOUNT.fullmatch(buyer.correspondent_account):
        put(node, "СчетКорреспондентский", buyer.correspondent_account)
    put(node, "Наименование", buyer.bank)
    put(node, "БИК", bic)


def _digits(text: str, length: int) -> str:
    return text if re.fullmatch(rf"[0-9]{{{length}}}", text) else ""


def _write_address(node: Element, name: str, address: str) -> None:
    if clean(address):
        put(child(node, name), "Представление", address)

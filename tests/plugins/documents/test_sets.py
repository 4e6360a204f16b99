"""The set of a direction: made once, offered when the invoice is paid."""

from __future__ import annotations

from typing import Any

import pytest

from crm.entrance import open_workspace
from crm.plugins.documents.sets import overdue, prepare
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.documents.sale import documents, sale


def kinds(crm: Workspace) -> list[str]:
    return [document.kind for document in documents(crm).find()]


def pay(crm: Workspace) -> None:
    invoices: Any = crm.collection("invoice")
    invoices.pay(1, reference="77")


@pytest.mark.parametrize(
    ("direction", "made"),
    [
        ("parts", ["waybill", "vat_invoice"]),
        ("parts_repair", ["contract", "waybill", "act", "vat_invoice"]),
        ("repair", ["contract", "act"]),
        ("", ["waybill", "act", "vat_invoice"]),
    ],
)
def test_the_set_follows_the_direction(seller: Workspace, direction: str, made: list[str]) -> None:
    sale(seller, direction)
    done = prepare(seller, "invoice/1")
    assert kinds(seller) == [document.kind for document in done.made] == made
    again = prepare(seller, "invoice/1")
    assert (again.made, len(again.there), kinds(seller)) == ([], len(made), made)


def test_goods_and_services_are_parted_and_the_vat_invoice_names_both(seller: Workspace) -> None:
    invoice = sale(seller)
    prepare(seller, "invoice/1")
    contract, waybill, act, ruled = documents(seller).find()
    assert waybill.total + act.total == ruled.total == contract.total == invoice.total  # type: ignore[operator]
    assert "Товарная накладная, № п/п 1-2" in ruled.details["shipment"]
    assert waybill.details["contract"] == contract.number


def test_what_does_not_apply_is_left_out_with_the_reason(seller: Workspace) -> None:
    sale(seller, vat="none")
    assert prepare(seller, "invoice/1").left_out == {"vat_invoice": "nothing of this is subject to VAT"}
    assert kinds(seller) == ["contract", "waybill", "act"]


def test_a_upd_stands_for_the_others(seller: Workspace) -> None:
    sale(seller, "")
    documents(seller).add(kind="upd", invoice=1)
    assert prepare(seller, "invoice/1").made == []


def test_the_settings_name_another_set(seller: Workspace) -> None:
    sale(seller, "parts")
    change_setting(seller.root / "config" / "documents.yaml", ("sets",), {"parts": ["upd", "nothing"]})
    with open_workspace(seller.root, actor="olga", language="en") as crm:
        done = prepare(crm, "invoice/1")
        assert [document.kind for document in done.made] == ["upd"]
        assert done.left_out == {"nothing": "no such kind: see crm document kinds"}


def test_a_paid_invoice_offers_its_documents(seller: Workspace) -> None:
    sale(seller, "parts")
    pay(seller)
    (offer,) = seller.activities.having("about", "invoice/1")
    assert offer.subject == "Подготовить документы: Товарная накладная (ТОРГ-12), Счёт-фактура"
    assert (offer.owner, offer.done) == ("olga", False)
    prepare(seller, "invoice/1")
    assert seller.activities.get(offer.id).done


def test_a_payment_taken_back_and_made_again_offers_once(seller: Workspace) -> None:
    sale(seller, "parts")
    pay(seller)
    seller.collection("payment").delete(1)
    pay(seller)
    assert len(seller.activities.having("about", "invoice/1")) == 1


def test_nothing_is_offered_when_all_is_there(seller: Workspace) -> None:
    sale(seller, "parts")
    prepare(seller, "invoice/1")
    pay(seller)
    assert seller.activities.having("about", "invoice/1") == []


@pytest.mark.parametrize(("way", "made"), [("make", 2), ("nothing", 0)])
def test_the_settings_say_what_payment_brings(seller: Workspace, way: str, made: int) -> None:
    sale(seller, "parts")
    change_setting(seller.root / "config" / "documents.yaml", ("on_paid",), way)
    with open_workspace(seller.root, actor="olga", language="en") as crm:
        pay(crm)
        assert documents(crm).count() == made
        assert crm.activities.having("about", "invoice/1") == []


def test_unsigned_documents_are_listed_and_judged(seller: Workspace) -> None:
    sale(seller, "parts_repair")
    prepare(seller, "invoice/1")
    assert [document.kind for document in documents(seller).unsigned()] == ["contract", "waybill", "act"]
    assert list(overdue(seller)) == []
    old = documents(seller).add(kind="act", invoice=1, date="2026-01-10")
    assert [ref for ref, _why in overdue(seller)] == [old.ref]
    documents(seller).sign(old.id)
    assert list(overdue(seller)) == []


def test_a_copy_is_kept_once(seller: Workspace) -> None:
    sale(seller)
    act = documents(seller).add(kind="act", invoice=1)
    for name, content in (("scan.pdf", b"one"), ("scan.pdf", b"one"), ("scan.pdf", b"two")):
        act = documents(seller).sign(act.id, name, content)
    assert list(act.copies) == ["scan.pdf", "scan (2).pdf"]
    assert documents(seller).copy(act.id) == ("scan (2).pdf", b"two")
    assert documents(seller).copy(act.id, "scan.pdf") == ("scan.pdf", b"one")

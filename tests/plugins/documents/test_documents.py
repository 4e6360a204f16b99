from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm import open_workspace
from crm.errors import Damaged, InvalidValue, NotFound, PluginFailed, Refused
from crm.locale import language
from crm.plugins.documents.kinds import find_kinds
from crm.sales.collection import Edit
from crm.settings_file import change_setting

if TYPE_CHECKING:
    from crm.plugins.documents.documents import Documents
    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.invoices.invoices import Invoices
    from crm.workspace import Workspace

WAYBILL = '''
"""Waybills."""
import crm


@crm.hookimpl
def register_document_kinds(register):
    register("waybill_of_ours", page, title="A waybill of ours")


def page(crm, document):
    return f"<p>{document.number} {document.total}</p>" if document.comment != "fail" else 1 / 0
'''


@pytest.fixture
def documents(shop: Workspace) -> Documents:
    return shop.collection("document")  # type: ignore[return-value]


@pytest.fixture
def invoices(shop: Workspace) -> Invoices:
    return shop.collection("invoice")  # type: ignore[return-value]


@pytest.fixture
def invoice(shop: Workspace, invoices: Invoices) -> Invoice:
    client = shop.companies.add(name="Ромашка", legal_name="ООО «Ромашка»", inn="7736050003", kpp="773601001")
    items = ["Монтаж*10@1750%22", "Доставка*1@9405%22"]
    return invoices.issue(company=client.ref, items=items, date="2026-03-16")


def text(page: str) -> str:
    body = re.sub(r"(?s)<style>.*?</style>", "", page)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\u00a0", " ").split())


def test_an_act_is_made_of_its_invoice(shop: Workspace, documents: Documents, invoice: Invoice) -> None:
    act = documents.add(kind="act", invoice=invoice.id, date="2026-03-20")
    assert (act.number, act.total, act.vat, act.company) == ("1", 26905, invoice.vat, "company/1")
    assert act.items == invoice.items
    assert (act.basis, act.lang) == ("Счёт № 1 от 16.03.2026", "ru")
    page = text(documents.html(act.id))
    for words in ("Акт № 1 от 20 марта 2026 г.", "ООО «Ромашка»", "7736050003", "Счёт № 1 от 16.03.2026", "26 905,00",
                  "Двадцать шесть тысяч девятьсот пять рублей"):  # fmt: skip
        assert words in page
    assert language() == "en"


def test_numbers_follow_each_other(documents: Documents, invoice: Invoice) -> None:
    numbers = [documents.add(kind="act", invoice=invoice.id).number for _time in range(3)]
    documents.delete(3)
    assert numbers == ["1", "2", "3"]
    assert documents.add(kind="Act of works and services", invoice=invoice.ref).number == "4"


def test_numbers_follow_the_settings(shop_folder: Path, invoice: Invoice) -> None:
    rules = 'kinds:\n  act:\n    number: "{year}/{n:03d}"\n    first: 41\n'
    (shop_folder / "config" / "documents.yaml").write_text(rules, "utf-8")
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        made: Any = crm.collection("document")
        days = ("2026-03-20", "2026-03-21", "2027-01-10")
        numbers = [made.add(kind="act", invoice=invoice.ref, date=day).number for day in days]
    assert numbers == ["2026/041", "2026/042", "2027/001"]


def test_a_document_stays_as_it_was_made(shop: Workspace, documents: Documents, invoice: Invoice) -> None:
    act = documents.add(kind="act", invoice=invoice.id)
    before = documents.html(act.id)
    shop.companies.set(1, name="Другая", legal_name="ООО «Другая»")
    documents.set(act.id, owner="olga")
    assert documents.holds(act.id)
    assert documents.html(act.id) == before
    assert documents.pdf(act.id) == documents.pdf(act.id)


def test_a_form_that_was_changed_since_is_told_and_the_document_holds(
    shop_folder: Path, documents: Documents, invoice: Invoice
) -> None:
    act = documents.add(kind="act", invoice=invoice.id)
    before = documents.html(act.id), documents.pdf(act.id)
    assert documents.verify(act.id) == (True, False, True)
    (shop_folder / "config" / "papers").mkdir()
    (shop_folder / "config" / "papers" / "act.html").write_text("<p>{{ number }}</p>", "utf-8")
    assert documents.verify(act.id) == (True, True, True)
    assert (documents.html(act.id), documents.pdf(act.id)) == before
    later = documents.add(kind="act", invoice=invoice.id)
    assert (documents.html(later.id), later.template != act.template) == ("<p>2</p>", True)


def test_a_page_that_was_changed_or_lost_is_found(shop_folder: Path, documents: Documents, invoice: Invoice) -> None:
    act = documents.add(kind="act", invoice=invoice.id)
    kept = shop_folder / "data" / "files" / f"{act.hash}.html"
    page = kept.read_bytes()
    kept.write_bytes(page.replace(b"7736050003", b"7736050004"))
    assert not documents.holds(act.id)
    with pytest.raises(Damaged, match="do not fit its name"):
        documents.html(act.id)
    kept.unlink()
    assert documents.holds(act.id)
    assert documents.html(act.id).encode() == page
    (shop_folder / "config" / "papers").mkdir()
    (shop_folder / "config" / "papers" / "act.html").write_text("<p>{{ number }}</p>", "utf-8")
    assert not documents.holds(act.id)
    with pytest.raises(Damaged, match="its page is gone"):
        documents.html(act.id)


def test_input_that_was_changed_behind_the_back_is_found(documents: Documents, invoice: Invoice) -> None:
    act = documents.add(kind="act", invoice=invoice.id)
    with documents.crm.writing("tamper") as draft:
        draft.update("document", act.id, {"items": [{**act.items[0], "name": "Иное"}, act.items[1]]})
    assert not documents.holds(act.id)


def test_our_own_requisites_may_change(shop_folder: Path, documents: Documents, invoice: Invoice) -> None:
    act = documents.add(kind="act", invoice=invoice.id)
    change_setting(shop_folder / "config" / "crm.yaml", ("company", "name"), "Иная")
    change_setting(shop_folder / "config" / "crm.yaml", ("company", "director"), "Иной И. И.")
    with open_workspace(shop_folder, actor="olga", language="uk") as crm:
        made: Any = crm.collection("document")
        assert made.verify(act.id) == (True, False, True)
        assert "Иванов И. И." in made.html(act.id)


@pytest.mark.parametrize("field", ["kind", "invoice", "date", "comment"])
def test_what_is_printed_does_not_change(
    invoices: Invoices, documents: Documents, invoice: Invoice, field: str
) -> None:
    other = invoices.issue(company="company/1", items=["Монтаж*1@5"])
    act = documents.add(kind="act", invoice=invoice.id, date="2026-03-20")
    given = {"kind": "contract", "invoice": other.ref, "date": "2026-03-21", "comment": "Иначе"}
    with pytest.raises(Refused, match="does not change"):
        documents.set(act.id, Edit(field, "=", given[field]))
    with pytest.raises(Refused, match="not written by hand"):
        documents.set(act.id, number="7")


@pytest.mark.parametrize("given", [{"total": "5"}, {"items": ["Монтаж*1@5"]}])
def test_what_comes_from_the_invoice_is_not_given(
    documents: Documents, invoice: Invoice, given: dict[str, object]
) -> None:
    with pytest.raises(Refused, match="not written by hand"):
        documents.add(kind="act", invoice=invoice.id, **given)


def test_an_invoice_that_is_not_in_force_has_no_act(invoices: Invoices, documents: Documents, invoice: Invoice) -> None:
    draft = invoices.add(company="company/1", items=["Монтаж*1@5"])
    invoices.cancel(invoice.id)
    for number in (draft.id, invoice.id):
        with pytest.raises(Refused, match="not in force"):
            documents.add(kind="act", invoice=number)
    with pytest.raises(NotFound):
        documents.add(kind="act", invoice=99)
    with pytest.raises(InvalidValue, match="invoice"):
        documents.add(kind="act")
    assert documents.count() == 0


def test_an_unknown_kind_is_told_with_those_there_are(documents: Documents, invoice: Invoice) -> None:
    with pytest.raises(InvalidValue, match=r"torg13.*act"):
        documents.add(kind="torg13", invoice=invoice.id)


def test_a_plugin_brings_a_kind_of_its_own(
    shop_folder: Path, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRM_PLUGINS", raising=False)
    (shop_folder / "config" / "plugins").mkdir()
    (shop_folder / "config" / "plugins" / "waybills.py").write_text(WAYBILL, "utf-8")
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        kinds = {name: kind.plugin.name for name, kind in find_kinds(crm).items()}
        assert (kinds["act"], kinds["waybill_of_ours"]) == ("documents", "waybills")
        made: Any = crm.collection("document")
        act, waybill = (made.add(kind=kind, invoice=invoice.ref) for kind in ("act", "waybill_of_ours"))
        assert (act.number, waybill.number) == ("1", "1")
        assert made.html(waybill.id) == "<p>1 26905.00 RUB</p>"
        assert made.holds(waybill.id)
        with pytest.raises(PluginFailed, match="waybills"):
            made.add(kind="waybill_of_ours", invoice=invoice.ref, comment="fail")
        assert made.count() == 2


def test_a_number_given_by_hand_is_taken_once_a_year(documents: Documents, invoice: Invoice) -> None:
    assert documents.add(kind="act", invoice=invoice.id, number="А-15").number == "А-15"
    with pytest.raises(Refused, match="А-15"):
        documents.add(kind="act", invoice=invoice.id, number="А-15")
    assert documents.add(kind="act", invoice=invoice.id, number="А-15", date="2025-12-01").number == "А-15"
    assert documents.add(kind="act", invoice=invoice.id).number == "1"


def test_a_bill_bears_the_number_of_an_invoice_numbered_by_hand(ukraine: Workspace) -> None:
    bills, company = ukraine.collection("document"), ukraine.companies.add(name="Ромашка").ref
    issued = ukraine.collection("invoice").issue(company=company, items=["А*1@10"], number="Р-7")  # type: ignore[attr-defined]
    assert bills.add(kind="bill", invoice=issued.id).doc["number"] == "Р-7"

"""The sale that tests of forms print: goods, a service, a client with people, papers read back from PDF."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from crm.settings_file import change_setting

if TYPE_CHECKING:
    from crm.plugins.documents.document import Document
    from crm.plugins.documents.documents import Documents
    from crm.workspace import Workspace

SELLER = {
    "okpo": "12345678",
    "okdp": "46.73",
    "department": "Склад № 1",
    "director_title": "Генеральный директор",
    "city": "г. Москва",
    "released_title": "кладовщик",
    "released_by": "Сидоров Семён Семёнович",
}
PLACES = {"weight": "8.4", "in_place": "2", "packing": "короб", "country": "Китай", "tnved": "8413702100",
          "declaration": "10702070/120226/5012345"}  # fmt: skip


def set_seller(root: Path) -> None:
    for name, value in SELLER.items():
        change_setting(root / "config" / "documents.yaml", ("seller", name), value)
    change_setting(root / "config" / "crm.yaml", ("company", "director"), "Иванов Иван Иванович")
    change_setting(root / "config" / "crm.yaml", ("company", "ogrn"), "1027700132195")


def documents(crm: Workspace) -> Documents:
    return cast("Documents", crm.collection("document"))


def client(crm: Workspace) -> str:
    company = crm.companies.add(
        name="Ромашка", legal_name="ООО «Ромашка»", inn="7736050003", kpp="773601001", ogrn="1027739609391",
        okpo="87654321", addresses=["117997, г. Москва, ул. Наметкина, д. 16"], phones=["+74957193001"],
        emails=["buyer@example.com"],
        **{"bank.name": "АО «АЛЬФА-БАНК»", "bank.bik": "044525593", "bank.account": "40702810900000000022",
           "bank.corr_account": "30101810200000000593"},
    )  # fmt: skip
    crm.contacts.add(last_name="Петрова", first_name="Мария", middle_name="Сергеевна", name="Мария Петрова",
                     position="директор", roles=["director"], companies=[company.ref])  # fmt: skip
    crm.contacts.add(last_name="Смирнов", first_name="Василий", middle_name="Петрович", name="Василий Смирнов",
                     position="водитель", companies=[company.ref])  # fmt: skip
    return company.ref


def sale(crm: Workspace, direction: str = "parts_repair", day: str = "2026-11-10", vat: str = "22") -> Any:
    """Return an issued invoice of a deal: gravel by the ton, pumps in boxes, a delivery; 90 282.50 in all."""
    company = client(crm)
    crm.products.add(sku="SCH520", name="Щебень 5-20", unit="т", price="1750", vat=vat)
    crm.products.add(sku="PUMP-7", name="Насос дренажный", unit="шт", price="12500.50", vat=vat, **PLACES)
    crm.products.add(sku="DOST", name="Доставка", price="9405", vat=vat, service=True)
    deal = crm.deals.add(title="Насосы", company=company, contacts=["contact/2"], direction=direction,
                         items=["SCH520*10.5", "PUMP-7*5", "DOST*1"])  # fmt: skip
    return crm.collection("invoice").issue(deal=deal.ref, date=day)  # type: ignore[attr-defined]


def pages(crm: Workspace, document: Document) -> list[str]:
    """Return the text of each page of a document's PDF, without spaces: where they fall is up to the fonts."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(documents(crm).pdf(document.id)))
    return [bare(page.extract_text()) for page in reader.pages]


def width_and_height(crm: Workspace, document: Document) -> tuple[float, float]:
    from pypdf import PdfReader

    box = PdfReader(BytesIO(documents(crm).pdf(document.id))).pages[0].mediabox
    return float(box.width), float(box.height)


def bare(text: str) -> str:
    return "".join(text.replace("\u00ad", "").replace("\u00a0", "").replace("-\n", "-").split())


def missing(text: str, *wanted: str) -> list[str]:
    """Return which of the wanted words a page does not have."""
    return [words for words in wanted if bare(words) not in text]

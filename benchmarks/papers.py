"""Papers: 500 invoices as CommerceML beside bare lxml, and a page of PDF beside bare weasyprint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from lxml import etree
from weasyprint import HTML

from benchmarks.clock import pair
from benchmarks.table import Row
from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.plugins.onec.commerceml import write_orders
from crm.plugins.onec.making import order_of

if TYPE_CHECKING:
    from crm.plugins.invoices.invoices import Invoices
    from crm.workspace import Workspace

INVOICES, LINES = 500, 5
Tree = tuple[str, dict[str, str], str | None, list["Tree"]]


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Measure both, each against the library alone doing the same."""
    root = folder / "papers"
    if not root.exists():
        initialise(root, "ru", "RUB", "Стройснаб", "bench")
        _fill(root)
    with open_workspace(root, actor="bench") as crm:
        invoices = cast("Invoices", crm.collection("invoice"))
        yield from _exchange(crm, rounds)
        html = invoices.html(1)
        invoices.pdf(1)
        printed = pair(lambda: invoices.pdf(1), lambda: HTML(string=html).write_pdf(), rounds)
        yield Row("PDF of a page: an invoice with its code", "bare weasyprint, the same HTML", "1", printed.ratio, 1.5)


def _fill(root: Path) -> None:
    with open_workspace(root, actor="bench") as crm:
        invoices = cast("Invoices", crm.collection("invoice"))
        client = crm.companies.add(name="ООО «Ромашка»", inn="7800000027", kpp="780001001")
        crm.products.add(sku="SCH520", name="Щебень гранитный 5–20", unit="т", price="1750", vat="22")
        with crm.transaction("benchmark"):
            for number in range(INVOICES):
                items = [f"SCH520*{number % 40 + 1}", *(f"Доставка {line}*1@9405" for line in range(1, LINES))]
                invoices.issue(company=client.ref, items=items, date="2026-11-02")


def _exchange(crm: Workspace, rounds: int) -> Iterator[Row]:
    made_at = datetime.now(crm.settings.time_zone)
    invoices = list(cast("Invoices", crm.collection("invoice")).find(sort="id"))

    def export() -> bytes:
        return write_orders([order_of(crm, one) for one in invoices], made_at, "2.08")

    tree = etree.fromstring(export())
    plain = _plain(tree)
    whole = pair(export, lambda: etree.tostring(_built(plain), encoding="utf-8"), rounds)
    against = "lxml: the same tree built and serialised"
    yield Row("CommerceML: invoices read, checked, written", against, f"{INVOICES}", whole.ratio, 3)
    alone = pair(export, lambda: etree.tostring(tree, encoding="utf-8"), rounds)
    yield Row(
        "CommerceML, beside the writing alone", "lxml: the tree at hand serialised", f"{INVOICES}", alone.ratio, 3
    )


def _plain(node: etree._Element) -> Tree:
    return str(node.tag), {str(k): str(v) for k, v in node.attrib.items()}, node.text, [_plain(one) for one in node]


def _built(tree: Tree, parent: etree._Element | None = None) -> etree._Element:
    tag, attributes, text, children = tree
    node = etree.Element(tag, attributes) if parent is None else etree.SubElement(parent, tag, attributes)
    node.text = text
    for child in children:
        _built(child, node)
    return node

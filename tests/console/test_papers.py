"""Papers on their cards: the verbs of their status, the printed page where nothing runs, the PDF, the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.console.client import Client
from tests.console.test_pages import add_deal

if TYPE_CHECKING:
    from tests.console.conftest import Running
    from tests.console.test_browser import Open


def paper(client: Client, kind: str, deal: int) -> str:
    rows = {"items": "", "items.name": "Доставка", "items.qty": "1", "items.price": "100"}
    reply = client.post(f"/{kind}/add", {"deal": f"deal/{deal}", **rows})
    assert reply.status == 303, reply.title
    return reply.location


OURS = {
    "company.name": "Ромашка", "company.legal_name": "ООО «Ромашка»", "company.inn": "7700000016",
    "company.kpp": "770001001", "company.address": "Москва", "company.bank.name": "ПАО Сбербанк",
    "company.bank.bik": "044525225", "company.bank.account": "40702810300000000011",
    "company.bank.corr_account": "30101810400000000225",
}  # fmt: skip


def test_an_invoice_is_issued_printed_and_paid_on_its_card(olga: Client) -> None:
    assert olga.post("/settings/account", OURS).status == 303
    invoice = paper(olga, "invoice", add_deal(olga, company="ООО «Ромашка»"))
    assert f'action="{invoice}/do/issue"' in olga.get(invoice).body
    issued = olga.post(f"{invoice}/do/issue")
    assert issued.status == 303, issued.body[-2500:]
    page = olga.get(f"{invoice}/paper")
    assert "Доставка" in page.body
    assert page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    asked = olga.get(f"{invoice}/do/pay")
    assert 'value="100.00"' in asked.body, "what is left is offered"
    assert olga.post(f"{invoice}/do/pay", {"amount": "many"}).status == 422
    olga.post(f"{invoice}/do/pay", {"amount": "100"})
    assert olga.get(f"{invoice}.json").data["record"]["status"] == "paid"
    assert "/do/pay" not in olga.get(invoice).body
    assert olga.post(f"{invoice}/do/pay", {"amount": "1"}).status in (303, 409, 422)
    assert olga.get(f"{invoice}/do/drop").status == 404


def test_a_quote_is_sent_and_accepted_on_its_card(olga: Client) -> None:
    quote = paper(olga, "quote", add_deal(olga))
    olga.post(f"{quote}/do/send")
    assert f'action="{quote}/do/accept"' in olga.get(quote).body
    olga.post(f"{quote}/do/accept")
    assert olga.get(f"{quote}.json").data["record"]["status"] == "accepted"


def test_a_paper_is_sent_as_pdf(olga: Client) -> None:
    pytest.importorskip("weasyprint")
    quote = paper(olga, "quote", add_deal(olga))
    connection = olga.ask("HEAD", f"{quote}/paper.pdf")
    assert connection.status == 405
    reply = olga.raw(f"{quote}/paper.pdf")
    assert reply.startswith(b"%PDF-")


@pytest.mark.browser
def test_the_goals_of_a_stage_are_ticked_on_the_card(open_page: Open, olga: Client, running: Running) -> None:
    path = running.root / "config" / "pipelines.yaml"
    old = path.read_text()
    goal = "        norm_days: 2\n        goals:\n          - {on: ticked, id: measured, title: Measured <b>}\n"
    path.write_text(old.replace("        norm_days: 2\n", goal, 1))
    number = add_deal(olga)
    page = open_page(f"/deal/{number}")
    page.click("button:has-text('Measured <b>')")
    page.wait_for_selector(".flash:has-text('The goal is reached')")
    assert olga.get(f"/deal/{number}.json").data["record"]["stage"] == "qualified"
    path.write_text(old)

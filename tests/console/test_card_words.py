"""Words on cards that people read: deeds of plugins, requisites, payments, and what only the program reads."""

from __future__ import annotations

import re

from tests.console.client import Client
from tests.console.test_pages import add_deal
from tests.console.test_papers import OURS, paper


def paid_invoice(client: Client) -> tuple[int, str]:
    """Issue and pay the invoice of a deal that stands where its goals move it."""
    assert client.post("/settings/account", OURS).status == 303
    deal = add_deal(client, company="ООО «Ромашка»")
    client.post(f"/deal/{deal}/move", {"stage": "invoice"})
    invoice = paper(client, "invoice", deal)
    client.post(f"{invoice}/do/issue")
    client.post(f"{invoice}/do/pay", {"amount": "100"})
    return deal, invoice


def test_what_a_plugin_moved_is_told_as_a_move(olga: Client) -> None:
    deal, _invoice = paid_invoice(olga)
    history = olga.get(f"/deal/{deal}").body.partition('id="timeline"')[2]
    assert "Invoice issued → Signing" in history
    assert re.search(r"because of change \d+, by the plugin goals", history)
    assert "· goals" not in history


def test_a_payment_is_called_by_its_number_and_day(olga: Client) -> None:
    _deal, invoice = paid_invoice(olga)
    card = olga.get(invoice).body
    assert re.search(r">Payment \d+ of \d\d\.\d\d\.\d{4}<", card)
    assert ">payment/" not in card
    ref = re.search(r'href="(/payment/\d+)"', card)
    assert ref
    assert olga.post(f"{ref[1]}/edit", {"only": "reference", "reference": "77"}).status == 303
    assert re.search(r"<h1>Payment 77 of ", olga.get(ref[1]).body)


def test_requisites_have_names(olga: Client) -> None:
    _deal, invoice = paid_invoice(olga)
    card = olga.get(invoice).body
    assert "<dt>Full name of the company</dt>" in card
    assert "<dt>BIK</dt>" in card
    assert not re.search(r"<dt>(legal_name|inn|bank_\w+)</dt>", card)


def test_what_only_the_program_reads_is_folded_away(olga: Client) -> None:
    _deal, invoice = paid_invoice(olga)
    olga.post("/do/prepare_documents", {"invoice": invoice[1:], "back": "/p/documents"})
    document = re.search(r'href="(/document/\d+)"', olga.get(invoice).body)
    assert document
    fields, _summary, folded = olga.get(document[1]).body.partition('<details class="folded">')
    assert "<dt>Hash</dt>" in folded.partition("</details>")[0]
    assert "<dt>Hash</dt>" not in fields

"""Pages of documents and of the exchange with 1C; the whole way of papers clicked on cards, from quote to won deal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.console.client import Client, Reply
from tests.console.test_pages import add_deal
from tests.console.test_papers import OURS

if TYPE_CHECKING:
    from tests.console.conftest import Running


def quote(client: Client) -> str:
    assert client.post("/settings/account", OURS).status == 303
    deal = add_deal(client, company="ООО «Ромашка»")
    rows = {"items": "", "items.name": "Доставка", "items.qty": "2", "items.price": "100", "discount": "5%"}
    reply = client.post("/quote/add", {"deal": f"deal/{deal}", **rows})
    assert reply.status == 303, reply.title
    return reply.location


def test_papers_are_clicked_from_quote_to_documents(olga: Client) -> None:
    made = quote(olga)
    olga.post(f"{made}/do/send")
    assert 'action="/do/quote_revise"' in olga.get(made).body
    second = olga.post("/do/quote_revise", {"quote": made[1:]}).location
    assert olga.get(f"{second}.json").data["record"]["version"] == 2
    assert "quote_revise" not in olga.get(made).body, "what was replaced has no other version"
    olga.post(f"{second}/do/send")
    olga.post(f"{second}/do/accept")
    assert 'action="/do/quote_invoice"' in olga.get(second).body
    invoice = olga.post("/do/quote_invoice", {"quote": second[1:]}).location
    assert invoice.startswith("/invoice/")
    assert "quote_invoice" not in olga.get(second).body
    written = olga.post("/do/onec_export", {"back": "/p/onec"}).location
    assert written.startswith("/p/onec?n=")
    assert "190.00" in olga.get(written).body
    assert olga.get(written.replace("n=", "file=")).body.startswith("<?xml")
    olga.post(f"{invoice}/do/pay", {"amount": "190"})
    button = f'name="invoice" value="{invoice[1:]}"'
    assert button in olga.get("/p/documents?state=lacking").body
    olga.post("/do/prepare_documents", {"invoice": invoice[1:], "back": "/p/documents"})
    page = olga.get("/p/documents").body
    assert "/paper.pdf" in page
    assert button not in olga.get("/p/documents?state=lacking").body
    assert "/paper" in olga.get("/p/documents?state=unsigned").body
    told = olga.get("/p/documents.json").data["documents"]
    assert invoice[1:] in [one["invoice"] for one in told]
    assert olga.get("/p/onec.json").data["exchanges"][0]["way"] == "out"


def test_options_are_taken_by_a_tick(olga: Client, running: Running) -> None:
    made = quote(olga)
    number = int(made.rpartition("/")[2])
    running.crm("quote", "set", str(number), "items+=?Разгрузка*1@50")
    page = olga.get(made).body
    assert 'name="option-2"' in page
    assert "на выбор клиента" in page or "at the client&#39;s choice" in page
    olga.post("/do/quote_accept", {"quote": made[1:], "option-2": "2"})
    record = olga.get(f"{made}.json").data["record"]
    assert (record["status"], record["total"]["amount"]) == ("accepted", "237.50")


def test_the_exchange_takes_a_file_in_or_says_why_not(olga: Client) -> None:
    page = olga.get("/p/onec")
    assert page.status == 200
    assert 'enctype="multipart/form-data"' in page.body
    assert olga.post("/do/onec_import", {"back": "/p/onec"}).status in (400, 422)
    assert olga.get("/p/onec?n=777").status == 404
    assert olga.get("/p/onec?file=777").status == 404


def test_a_form_keeps_options_and_takes_a_question_mark_for_one(olga: Client, running: Running) -> None:
    made = quote(olga)
    running.crm("quote", "set", made.rpartition("/")[2], "items+=?Разгрузка*1@50-10%")
    record = olga.get(f"{made}.json").data["record"]
    assert 'value="? Разгрузка"' in olga.get(f"{made}/edit").body
    form = {
        "rev": record["rev"], "discount": "5%", "vat_included": "yes", "items": "",
        "items.name": ["Доставка", "? Разгрузка", "? Упаковка"], "items.qty": ["3", "1", "1"],
        "items.price": ["100", "50", "20"], "items.discount": ["", "10", ""],
    }  # fmt: skip
    assert olga.post(f"{made}/edit", form).status == 303
    lines = olga.get(f"{made}.json").data["record"]["items"]
    assert [(line["name"], line.get("optional"), line["sum"]) for line in lines] == [
        ("Доставка", None, "285.00"), ("Разгрузка", "yes", "45.00"), ("Упаковка", "yes", "20.00"),
    ]  # fmt: skip


def test_the_price_list_is_narrowed_and_saved(olga: Client) -> None:
    page = olga.get("/p/price?currency=RUB")
    assert "Доставка" in page.body
    assert 'href="/p/price?currency=RUB&amp;as=pdf"' in page.body
    assert olga.raw("/p/price?as=pdf").startswith(b"%PDF")
    assert olga.raw("/p/price?as=xlsx").startswith(b"PK")
    assert olga.get("/p/price?group=Nothing").status == 200


def test_a_template_of_quotes_is_checked_before_it_is_kept(olga: Client) -> None:
    def saved(text: str) -> Reply:
        found = re.search(r'name="seal" value="([^"]+)"', olga.get("/settings/file/quotes").body)
        assert found is not None
        return olga.post("/settings/file/quotes", {"seal": found[1], "text": text})

    before = olga.get("/settings/file/quotes.json").data["text"]
    wrong = saved(before + '\ntemplates: {short: "{nobody}"}\n')
    assert (wrong.status, "{nobody}" in wrong.body) == (422, True)
    assert olga.get("/settings/file/quotes.json").data["text"] == before
    assert saved(before.replace('"#1f4e79"', '"#a02040"')).status == 303
    assert saved(before).status == 303


def test_a_signed_copy_is_attached_and_saved_again(olga: Client) -> None:
    made = quote(olga)
    olga.post(f"{made}/do/send")
    olga.post(f"{made}/do/accept")
    invoice = olga.post("/do/quote_invoice", {"quote": made[1:]}).location
    olga.post("/do/prepare_documents", {"invoice": invoice[1:], "back": "/p/documents"})
    waiting = re.search(r'href="(/document/\d+)">', olga.get("/p/documents?state=unsigned").body)
    assert waiting is not None
    document = waiting[1]
    assert 'action="/do/document_sign"' in olga.get(document).body
    pieces = [("document", document[1:].encode(), ""), ("date", b"", ""), ("file", b"%PDF-1.4 scan", "scan.pdf")]
    body = b"".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"'.encode()
        + (f'; filename="{file}"'.encode() if file else b"")
        + b"\r\n\r\n" + value + b"\r\n"
        for name, value, file in pieces
    ) + b"--edge--\r\n"  # fmt: skip
    reply = olga.ask("POST", "/do/document_sign", body, Content_Type="multipart/form-data; boundary=edge")
    assert (reply.status, reply.location) == (303, document)
    saved = re.search(r'href="(/p/documents\?copy=[^"]+)"', olga.get(document).body)
    assert saved is not None
    assert olga.raw(saved[1].replace("&amp;", "&")) == b"%PDF-1.4 scan"
    assert document not in olga.get("/p/documents?state=unsigned").body


def test_a_draft_without_a_number_is_called_what_it_is(olga: Client) -> None:
    deal = add_deal(olga)
    form = olga.get(f"/invoice/add?deal=deal/{deal}")
    assert "Goods, the client and the rest come from the deal" in form.body
    made = olga.post(
        "/invoice/add",
        {"deal": f"deal/{deal}", "items": "", "items.name": "Gravel", "items.qty": "2", "items.price": "10"},
    )
    number = made.location.rpartition("/")[2]
    page = olga.get(made.location)
    assert page.title == f"Invoice № {number}"
    assert f"Added: Invoice № {number}" in page.body
    assert f">Invoice № {number}</a>" in olga.get("/invoices").body

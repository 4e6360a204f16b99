"""What plugins offer on cards: a button, a form that asks, a sentence where it cannot be done."""

from __future__ import annotations

from tests.console.client import Client
from tests.console.conftest import Running
from tests.console.test_pages import add_deal
from tests.console.test_papers import OURS

ROW = {"items": "", "items.name": "Доставка", "items.qty": "1", "items.price": "100"}


def issued(client: Client, **values: str) -> str:
    client.post("/settings/account", OURS)
    made = client.post("/invoice/add", {"company": "ООО «Ромашка»", **ROW, **values})
    assert made.status == 303, made.body[-2500:]
    assert client.post(f"{made.location}/do/issue").status == 303
    return made.location


def data(client: Client, card: str) -> dict[str, str]:
    found: dict[str, str] = client.get(f"{card}.json").data["record"]
    return found


def test_a_button_stands_where_its_condition_holds(olga: Client) -> None:
    card = issued(olga)
    assert "/do/invoice_refund" not in olga.get(card).body
    olga.post(f"{card}/do/pay", {"amount": "100", "reference": "77"})
    assert f"/do/invoice_refund?record=invoice%2F{card.rpartition('/')[2]}" in olga.get(card).body
    assert "/do/invoice_refund" not in olga.get("/deal/1").body


def test_what_was_asked_for_is_done_or_told_with_what_was_typed(olga: Client) -> None:
    card = issued(olga)
    olga.post(f"{card}/do/pay", {"amount": "100"})
    address = f"/do/invoice_refund?record={card[1:]}"
    assert 'name="reference"' in olga.get(address).body
    refused = olga.post(address, {"amount": "many", "purpose": "Kept words"})
    assert (refused.status, "Kept words" in refused.body, "Not saved yet" in refused.body) == (422, True, True)
    assert olga.post(address, {"amount": "40", "back": card}).location == card
    assert data(olga, card)["balance"] == {"amount": "40.00", "currency": "RUB"}


def test_an_advance_pays_another_invoice(olga: Client) -> None:
    first, second = issued(olga), issued(olga)
    olga.post(f"{first}/do/pay", {"amount": "150"})
    source = first.rpartition("/")[2]
    assert olga.post(f"/do/invoice_advance?record={second[1:]}", {"source": source}).status == 303
    assert data(olga, second)["balance"] == {"amount": "50.00", "currency": "RUB"}


def test_an_invoice_without_a_deal_gets_one(olga: Client) -> None:
    card = issued(olga)
    made = olga.post(f"/do/invoice_deal?record={card[1:]}", {"title": "Of the invoice", "pipeline": "service"})
    assert data(olga, made.location)["title"] == "Of the invoice"
    assert data(olga, card)["deal"] == made.location[1:]


def test_a_letter_with_a_paper_waits_without_a_mail_server(olga: Client) -> None:
    card = issued(olga)
    assert olga.post(f"/do/invoice_mail?record={card[1:]}", {"to": "a@example.com", "back": card}).status == 303
    assert "The letter waits in the outbox" in olga.get(card).body
    waiting = olga.get("/parcels.json").data["records"][0]
    assert (waiting["address"], waiting["status"]) == ("a@example.com", "queued")
    assert f"/do/parcel_send?record=parcel%2F{waiting['id']}" in olga.get(f"/parcel/{waiting['id']}").body


def test_who_may_not_edit_sees_no_button(olga: Client, ivan: Client, running: Running) -> None:
    card = issued(olga)
    path = running.root / "config" / "access.yaml"
    old = path.read_text()
    olga.post("/settings/roles", {"manager.edit": "own"})
    try:
        assert "/do/invoice_mail" not in ivan.get(card).body
        assert ivan.post(f"/do/invoice_mail?record={card[1:]}", {"to": "a@example.com"}).status in (403, 422)
    finally:
        path.write_text(old)


def test_a_process_runs_on_the_card_of_a_deal(olga: Client) -> None:
    deal = add_deal(olga)
    card = f"/deal/{deal}"
    assert 'action="/do/process_start"' in olga.get(card).body
    olga.post("/do/process_start", {"about": f"deal/{deal}", "routine": "delivery", "back": card})
    running = olga.get("/processes.json").data["records"][0]
    address = f"/process/{running['id']}"
    assert f'href="{address}"' in olga.get(card).body
    first = data(olga, address)["step"]
    assert olga.post(f"/do/process_do?record={address[1:]}", {"result": "ready", "back": address}).status == 303
    assert data(olga, address)["step"] != first
    assert "goes to the trash" in olga.get(f"/do/process_cancel?record={address[1:]}").body
    olga.post(f"/do/process_cancel?record={address[1:]}")
    assert data(olga, address)["state"] == "stopped"


def test_a_segment_is_made_by_hand_and_frozen(olga: Client) -> None:
    made = olga.post("/segment/add", {"name": "Fair", "kind": "contact", "members": "contact/1"})
    assert made.status == 303, made.body[-1500:]
    card = made.location
    assert olga.post(f"/do/segment_drop?record={card[1:]}", {"person": ""}).status == 422
    frozen = olga.post(f"/do/segment_freeze?record={card[1:]}", {"name": "Fair, as it was"})
    assert data(olga, frozen.location)["name"] == "Fair, as it was"


def test_a_paper_takes_its_number_by_hand(olga: Client) -> None:
    form = {"company": "ООО «Ромашка»", **ROW, "number": "BY-HAND-7"}
    assert 'name="number"' in olga.get("/quote/add").body
    made = olga.post("/quote/add", form)
    assert data(olga, made.location)["number"] == "BY-HAND-7"
    taken = olga.post("/quote/add", form)
    assert (taken.status, "BY-HAND-7" in taken.body) == (422, True)
    assert 'name="number"' not in olga.get(f"{made.location}/edit").body


def test_a_document_is_called_by_the_title_of_its_kind(olga: Client) -> None:
    card = issued(olga)
    made = olga.post("/document/add", {"kind": "act", "invoice": card[1:]})
    page = olga.get(made.location)
    assert "Act of works and services" in page.body
    assert data(olga, made.location)["kind"] == "act"
    assert olga.post(f"/do/document_verify?record={made.location[1:]}", {"back": made.location}).status == 303
    assert "as it was made" in olga.get(made.location).body

"""What forms do, and what the pages say then; every test makes records of its own."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from uuid import uuid4

import pytest

from tests.console.client import Client
from tests.console.conftest import HOSTILE, Running


def add_deal(client: Client, **fields: str) -> int:
    title = f"Deal {uuid4().hex}"
    reply = client.post("/deal/add", {"title": title, "amount": "100", **fields})
    assert reply.status == 303, reply.title
    return int(reply.location.rpartition("/")[2])


def record(client: Client, kind: str, number: int) -> dict[str, object]:
    found: dict[str, object] = client.get(f"/{kind}/{number}.json").data["record"]
    return found


def test_a_board_counts_and_sums_its_columns(olga: Client) -> None:
    board = olga.get("/board/deal/sales.json?show=1000").data["board"]
    assert [column["value"] for column in board["columns"]] == ["new", "qualified", "proposal", "invoice", "signing"]
    first = board["columns"][0]
    assert int(first["count"]) == len(first["cards"])
    assert any(
        card["who"] == "ООО «Ромашка» · Василий Громов" for column in board["columns"] for card in column["cards"]
    )


def test_a_board_is_filtered_by_owner_and_text(olga: Client) -> None:
    word = uuid4().hex[:8]
    number = add_deal(olga, title=f"Gravel {word}", owner="ivan")
    for query, found in ((f"text={word}", True), (f"text={word}&owner=ivan", True), (f"text={word}&owner=olga", False)):
        board = olga.get(f"/board/deal/sales.json?{query}").data["board"]
        assert ([card["id"] for column in board["columns"] for card in column["cards"]] == [number]) is found


def test_totals_are_in_the_currency_of_the_account(running: Running, olga: Client) -> None:
    word = uuid4().hex[:8]
    add_deal(olga, title=f"{word} a", amount="1000")
    add_deal(olga, title=f"{word} b", amount="10 USD")
    assert olga.get(f"/board/deal/sales.json?text={word}").data["board"]["total"]["sum"] == "₽1,000 + $10"
    settings = running.root / "config" / "crm.yaml"
    before = settings.read_text()
    settings.write_text(before.replace("rates: []", "rates: [{date: 2020-01-01, USD: 90}]"))
    try:
        assert olga.get(f"/board/deal/sales.json?text={word}").data["board"]["total"]["sum"] == "₽1,900"
    finally:
        settings.write_text(before)


def test_a_quick_deal_comes_with_its_contact_as_one_change(olga: Client) -> None:
    before = olga.get("/changes.json").data["number"]
    form = {"quick": "yes", "pipeline": "sales", "stage": "proposal", "title": "Quick", "name": "Кира Белова",
            "contact": "8 921 555-10-20", "amount": "1 500,50", "back": "/board/deal/sales"}  # fmt: skip
    reply = olga.json("/deal/add", form)
    assert reply.status == 200
    assert reply.data["undo"] == f"/undo/{before + 1}"
    found = olga.get("/find.json?text=555-10-20").data["records"]
    assert [(one["noun"], one["name"], one["phones"]) for one in found] == [
        ("contact", "Кира Белова", ["+79215551020"])
    ]
    again = olga.json("/deal/add", {**form, "title": "Quick again"})
    assert again.status == 200
    assert len(olga.get("/find.json?text=555-10-20").data["records"]) == 1, "a known contact is not made twice"
    assert olga.json("/deal/add", {**form, "title": ""}).status == 400


def test_a_move_answers_with_its_undo(olga: Client) -> None:
    number = add_deal(olga)
    reply = olga.json(f"/deal/{number}/move", {"stage": "proposal", "rev": "1"})
    assert reply.status == 200
    assert record(olga, "deal", number)["stage"] == "proposal"
    assert olga.json(reply.data["undo"]).status == 200
    assert record(olga, "deal", number)["stage"] == "new"


def test_a_move_of_what_was_moved_meanwhile_is_a_conflict(olga: Client, ivan: Client) -> None:
    number = add_deal(olga)
    assert ivan.json(f"/deal/{number}/move", {"stage": "invoice", "rev": "1"}).status == 200
    reply = olga.json(f"/deal/{number}/move", {"stage": "proposal", "rev": "1"})
    assert reply.status == 409
    assert "Invoice issued" in reply.data["message"]
    assert record(olga, "deal", number)["stage"] == "invoice"


def test_a_veto_is_told_in_words(olga: Client) -> None:
    reply = olga.json("/deal/9/move", {"stage": "signing"})
    assert reply.status == 403
    assert reply.data == {"message": "No signature without a contract.", "remedy": "Add one."}
    page = olga.post("/deal/9/move", {"stage": "signing", "back": "/deal/9"})
    assert (page.status, page.title) == (403, "No signature without a contract.")
    assert 'href="/deal/9"' in page.body


def test_closing_asks_the_reason_and_reopening_returns(olga: Client) -> None:
    number = add_deal(olga)
    assert olga.json(f"/deal/{number}/move", {"stage": "lost"}).status == 400
    assert (
        olga.post(f"/deal/{number}/move", {"stage": "lost:price", "back": f"/deal/{number}"}).location
        == f"/deal/{number}"
    )
    assert record(olga, "deal", number)["lost_reason"] == "price"
    assert "Too expensive" in olga.get(f"/deal/{number}").body
    assert olga.json(f"/deal/{number}/move", {"stage": "new"}).status == 403
    assert olga.post(f"/deal/{number}/reopen").status == 303
    assert record(olga, "deal", number)["outcome"] is None


def test_a_lead_becomes_a_client_with_a_deal(olga: Client) -> None:
    lead = int(
        olga.post("/lead/add", {"name": "Тула, Пётр, песок", "phones": "8 903 777-66-55"}).location.rpartition("/")[2]
    )
    moved = olga.json(f"/lead/{lead}/move", {"stage": "won"})
    assert moved.data["go"] == f"/lead/{lead}/convert"
    form = {
        "company": "ООО «Тула»",
        "contact": "Пётр",
        "deal": "yes",
        "title": "Песок",
        "amount": "700",
        "pipeline": "sales",
    }
    reply = olga.post(f"/lead/{lead}/convert", form)
    deal = record(olga, "deal", int(reply.location.rpartition("/")[2]))
    assert (deal["title"], deal["lead"]) == ("Песок", f"lead/{lead}")
    assert record(olga, "lead", lead)["stage"] == "converted"


def test_a_request_finds_the_client_or_adds_a_lead(olga: Client) -> None:
    assert olga.post("/accept", {"text": "+7 916 123-45-67"}).location == "/contact/1"
    made = olga.post("/accept", {"text": f"Новый {uuid4().hex[:6]} 8 905 000-11-22"})
    assert made.location.startswith("/lead/")
    assert olga.post("/accept", {"text": " "}).status == 400


def test_a_field_is_edited_in_its_place(olga: Client) -> None:
    number = add_deal(olga)
    reply = olga.post(
        f"/deal/{number}/edit", {"only": "amount", "amount": "2 000,50", "rev": "1", "back": f"/deal/{number}"}
    )
    assert reply.location == f"/deal/{number}"
    assert record(olga, "deal", number)["amount"] == {"amount": "2000.50", "currency": "RUB"}
    assert olga.post(f"/deal/{number}/edit", {"only": "outcome", "outcome": "won"}).status == 403


def test_what_does_not_fit_comes_back_with_its_reason(olga: Client) -> None:
    number = add_deal(olga)
    reply = olga.post(f"/deal/{number}/edit", {"only": "amount", "amount": "twenty", "rev": "1"})
    assert reply.status == 422
    assert 'value="twenty"' in reply.body
    assert "“twenty” is not an amount of money." in reply.body
    assert olga.post("/deal/add", {"title": "", "amount": "1"}).status == 422


def test_two_people_at_one_field_are_asked(olga: Client, ivan: Client) -> None:
    number = add_deal(olga)
    assert ivan.post(f"/deal/{number}/edit", {"only": "title", "title": "His", "rev": "1"}).status == 303
    asked = olga.post(f"/deal/{number}/edit", {"only": "title", "title": "Hers", "rev": "1"})
    assert asked.status == 409
    assert "Иван Петров has changed this field meanwhile" in unescape(asked.body)
    form = {"only": "title", "title": "Hers", "rev": re.findall(r'name="rev" value="(\d+)"', asked.body)[0]}
    assert olga.post(f"/deal/{number}/edit", {**form, "keep.title": "theirs"}).status == 303
    assert record(olga, "deal", number)["title"] == "His"
    assert olga.post(f"/deal/{number}/edit", {**form, "keep.title": "mine"}).status == 303
    assert record(olga, "deal", number)["title"] == "Hers"


def test_two_people_at_two_fields_do_not_meet(olga: Client, ivan: Client) -> None:
    number = add_deal(olga)
    assert ivan.post(f"/deal/{number}/edit", {"only": "title", "title": "His", "rev": "1"}).status == 303
    assert olga.post(f"/deal/{number}/edit", {"only": "amount", "amount": "7", "rev": "1"}).status == 303
    assert record(olga, "deal", number)["title"] == "His"


def test_the_whole_form_saves_only_what_was_changed(olga: Client) -> None:
    number = add_deal(olga, company="ООО «Ромашка»", contact="contact/1")
    page = olga.get(f"/deal/{number}/edit")
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page.body))
    fields = {name: unescape(value) for name, value in fields.items()}
    before = record(olga, "deal", number)
    chosen = {"stage": "new", "pipeline": "sales", "owner": "olga", "title": "Renamed"}
    assert olga.post(f"/deal/{number}/edit", {**fields, **chosen}).status == 303
    after = record(olga, "deal", number)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"title", "rev"} or changed == {"title", "rev", "updated"}


def test_a_paper_is_made_of_a_deal(olga: Client) -> None:
    number = add_deal(olga)
    offered = re.search(r'href="(/invoice/add[^"]+)"', olga.get(f"/deal/{number}").body)
    assert offered is not None
    assert f'value="deal/{number}"' in olga.get(unescape(offered[1])).body
    made = olga.post("/invoice/add", {"deal": f"deal/{number}", "back": f"/deal/{number}"})
    assert record(olga, "invoice", int(made.location.rpartition("/")[2]))["deal"] == f"deal/{number}"


def test_a_comment_stands_in_the_history(olga: Client) -> None:
    number = add_deal(olga)
    assert olga.post(f"/deal/{number}/comment", {"text": "The gate is 3.2 m"}).status == 303
    assert olga.post(f"/deal/{number}/comment", {"text": "Call before ten"}).status == 303
    assert record(olga, "deal", number)["comment"] == "The gate is 3.2 m\nCall before ten"
    assert '<p class="body">Call before ten</p>' in olga.get(f"/deal/{number}").body


def test_an_activity_is_planned_and_done_on_the_card(olga: Client) -> None:
    number = add_deal(olga)
    card = f"/deal/{number}"
    planned = {
        "about": f"deal/{number}",
        "subject": "Measure",
        "kind": "meeting",
        "due": "2031-05-04T11:00",
        "back": card,
    }
    assert olga.post("/activity/add", planned).location == card
    activity = re.findall(r'action="/activity/(\d+)/done"', olga.get(card).body)
    assert (
        olga.post(f"/activity/{activity[0]}/done", {"result": "3 by 4", "outcome": "success", "back": card}).status
        == 303
    )
    assert "3 by 4" in olga.get(card).body
    assert record(olga, "activity", int(activity[0]))["done"] is True


def test_several_are_moved_as_one_change(olga: Client) -> None:
    numbers = [str(add_deal(olga)) for _number in range(3)]
    asked = olga.post("/deals/bulk", {"ids": numbers, "do": "move", "move": "proposal", "back": "/deals"})
    assert asked.status == 200
    assert asked.body.count('name="ids"') == 3
    before = olga.get("/changes.json").data["number"]
    assert olga.post("/deals/bulk", {"ids": numbers, "do": "move", "move": "proposal", "sure": "yes"}).status == 303
    assert olga.get("/changes.json").data["number"] == before + 1
    assert olga.json(f"/undo/{before + 1}").status == 200
    assert {record(olga, "deal", int(number))["stage"] for number in numbers} == {"new"}
    assert olga.post("/deals/bulk", {"do": "move", "move": "proposal"}).status == 400


def test_only_who_may_delete_deletes(olga: Client, ivan: Client) -> None:
    number = add_deal(ivan)
    assert ivan.post(f"/deal/{number}/delete", {"sure": "yes"}).status == 403
    assert olga.post(f"/deal/{number}/delete").status == 200, "asked first"
    assert olga.post(f"/deal/{number}/delete", {"sure": "yes"}).location == "/deals"
    assert "In the trash since" in olga.get(f"/deal/{number}").body
    assert str(number) in [str(one["id"]) for one in olga.get("/deals.json?trash=yes").data["records"]]
    assert olga.post(f"/deal/{number}/restore").status == 303
    assert record(olga, "deal", number)["title"]


def test_lists_are_filtered_sorted_and_paged(olga: Client) -> None:
    word = uuid4().hex[:8]
    numbers = [add_deal(olga, title=f"{word} {amount}", amount=str(amount)) for amount in (30, 10, 20)]
    found = olga.get(f"/deals.json?text={word}&sort=amount").data
    assert [one["amount"]["amount"] for one in found["records"]] == ["10.00", "20.00", "30.00"]
    assert olga.get(f"/deals.json?text={word}&where=amount+%3E+15").data["count"] == 2
    assert olga.get(f"/deals.json?text={word}&owner=ivan").data["count"] == 0
    assert f'href="/deal/{numbers[0]}"' in olga.get(f"/deals?text={word}&outcome=open").body
    assert "Nothing fits" in olga.get(f"/deals?text={word}&outcome=won").body


def test_a_spreadsheet_computes_nothing(olga: Client) -> None:
    add_deal(olga, title='=HYPERLINK("http://evil.example")')
    table = olga.get("/deals.csv?text=HYPERLINK")
    assert table.headers["content-disposition"].startswith("attachment")
    assert "'=HYPERLINK" in table.body


def test_a_deal_takes_contacts_by_name_up_to_five(olga: Client) -> None:
    number = add_deal(olga)
    for letter in "abcde":
        assert olga.post(f"/deal/{number}/link", {"contact": f"Person {letter} {number}"}).status == 303
    assert olga.post(f"/deal/{number}/link", {"contact": f"Person f {number}"}).status == 403
    refs = record(olga, "deal", number)["contacts"]
    assert isinstance(refs, list)
    assert len(refs) == 5
    assert olga.post(f"/deal/{number}/unlink/contacts/{refs[0]}").status == 200
    assert olga.post(f"/deal/{number}/unlink/contacts/{refs[0]}", {"sure": "yes"}).status == 303
    assert record(olga, "deal", number)["contacts"] == refs[1:]


def test_hostile_words_are_words_on_every_page(olga: Client) -> None:
    pages = ["/board/deal/service", "/board/lead/leads", "/deals", "/contacts", "/companies", "/leads", "/activities"]
    pages += ["/my", "/find?text=alert", "/products"]
    pages += [f"/{kind}/{number}" for kind in ("company", "contact", "lead", "product") for number in range(2, 6)]
    for path in pages:
        body = olga.get(path).body
        assert "<script>alert" not in body, path
        assert "<img src=x" not in body, path
        assert 'href="javascript:' not in body.lower(), path
        assert 'onmouseover="alert' not in body, path
    assert "{{ 7*7 }}" in unescape(olga.get("/companies").body)
    reflected = olga.get("/find?text=" + "%3Cscript%3Ealert(1)%3C/script%3E").body
    assert "<script>alert" not in reflected
    assert HOSTILE


def test_many_write_at_once_and_nothing_is_lost(running: Running, olga: Client, ivan: Client) -> None:
    word = uuid4().hex[:8]

    def write(number: int) -> int:
        client = Client(running.base)
        client.cookie = (olga if number % 2 else ivan).cookie
        return client.json("/deal/add", {"quick": "yes", "pipeline": "sales", "title": f"{word} {number}"}).status

    with ThreadPoolExecutor(20) as people:
        assert set(people.map(write, range(40))) == {200}
    found = olga.get(f"/deals.json?text={word}").data["records"]
    assert len({one["id"] for one in found}) == 40
    assert {one["owner"] for one in found if int(one["title"].split()[1]) % 2} == {"olga"}
    assert {one["owner"] for one in found if not int(one["title"].split()[1]) % 2} == {"ivan"}


def test_a_change_elsewhere_is_seen(running: Running, olga: Client) -> None:
    number = olga.get("/changes.json").data["number"]
    assert olga.get(f"/changes.json?after={number}").data == {"number": number, "changed": False}
    running.crm("deal", "set", "8", "comment=from the shell")
    assert olga.get(f"/changes.json?after={number}").data == {"number": number + 1, "changed": True}


def test_a_bulk_change_of_a_field_is_refused_when_it_cannot_be(olga: Client) -> None:
    number = add_deal(olga)
    form = {"ids": [str(number)], "do": "set", "amount": "much", "sure": "yes"}
    assert olga.post("/deals/bulk", {**form, "set": "amount"}).status == 422
    assert olga.post("/deals/bulk", {**form, "set": "outcome"}).status in (403, 422)
    assert olga.post("/deals/bulk", {**form, "set": ""}).status == 422
    assert olga.post("/deals/bulk", {**form, "set": "nothing"}).status == 403


def test_all_that_fit_are_changed_those_of_other_pages_too(olga: Client) -> None:
    word = uuid4().hex[:8]
    for place in range(103):
        olga.json("/deal/add", {"title": f"{word} {place}", "pipeline": "sales", "stage": "new", "quick": "yes"})
    page = f"/deals?text={word}&sort=title"
    assert "all 103 that fit" in olga.get(page).body
    form = {"do": "set", "set": "source", "every": "yes", "back": page}
    asked = olga.post("/deals/bulk", form)
    assert "Change 103 records" in asked.title
    assert '<option value="site">Website</option>' in asked.body
    seen = {**form, "source": "site", "sure": "yes"}
    assert "Change 103 records" in olga.post("/deals/bulk", {**seen, "seen": "102"}).title, "others have come"
    assert olga.post("/deals/bulk", {**seen, "seen": "103"}).status == 303
    assert olga.get(f"/deals.json?text={word}&source=site").data["count"] == 103
    assert olga.json(f"/undo/{olga.get('/changes.json').data['number']}").status == 200
    assert olga.get(f"/deals.json?text={word}&source=site").data["count"] == 0


def test_closed_deals_stay_where_others_are_moved(olga: Client) -> None:
    numbers = [str(add_deal(olga)) for _number in range(2)]
    olga.post(f"/deal/{numbers[0]}/move", {"stage": "won"})
    form = {"ids": numbers, "do": "move", "move": "proposal"}
    asked = olga.post("/deals/bulk", form)
    assert "1 record stays as it is: it is closed" in asked.body
    assert olga.post("/deals/bulk", {**form, "sure": "yes"}).status == 303
    assert record(olga, "deal", int(numbers[0]))["outcome"] == "won"
    assert record(olga, "deal", int(numbers[1]))["stage"] == "proposal"
    alone = olga.post("/deals/bulk", {**form, "ids": numbers[:1]})
    assert (alone.status, "Nothing would change." in alone.body) == (403, True)


def test_a_list_is_sent_as_a_spreadsheet(olga: Client, ivan: Client) -> None:
    word = uuid4().hex[:8]
    add_deal(olga, title=f"={word}", amount="12.50")
    add_deal(olga, title=f"{word} other", amount="9")
    data = olga.raw(f"/deals.xlsx?text={word}&sort=amount")
    from io import BytesIO

    from python_calamine import load_workbook

    rows = load_workbook(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert f"'={word}" in str(rows)
    assert 12.5 in rows[1] + rows[2]
    assert ivan.get(f"/deals.csv?text={word}").status == 200


@pytest.mark.parametrize("kind", ["call", "parcel", "bank_movement"])
def test_what_only_the_program_makes_offers_no_form(olga: Client, kind: str) -> None:
    page = olga.get(f"/{kind}s").body
    assert f"/{kind}/add" not in page
    assert f"crm {kind} add" not in page


def test_the_name_of_a_row_is_never_left_out_on_a_phone(olga: Client) -> None:
    for place in ("payments", "documents", "quotes", "leads", "products"):
        assert not re.search(r'class="is-[a-z]+ first[^"]*minor', olga.get(f"/{place}").body), place

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm.cli.main import run
from crm.errors import OutsideFailed, Refused
from crm.plugins.parcels.parcels import Parcels
from crm.workspace import Workspace
from tests.plugins.mailings.conftest import PostOffice, opened, post_office, settings_of

__all__ = ["post_office", "settings_of"]


@pytest.fixture
def office(shop_folder: Path, settings_of: Any, post_office: PostOffice) -> PostOffice:
    (shop_folder / "config" / "mailings.yaml").write_text(settings_of())
    return post_office


def queue(crm: Workspace, *addresses: str) -> Parcels:
    parcels: Any = crm.collection("parcel")
    crm.products.add(name="Щебень", price="100")
    contact = crm.contacts.add(name="Анна", emails="anna@example.ru")
    for address in addresses:
        with crm.writing("price send") as draft:
            parcels.queue(
                draft, about=contact.ref, address=address, name="Анна", subject="Цены", text="Вот.", paper="price?"
            )
    found: Parcels = parcels
    return found


def test_a_price_list_goes_to_a_contact(office: PostOffice, shop_folder: Path, capfd: Any) -> None:
    with opened(shop_folder) as crm:
        crm.contacts.add(name="Анна Смирнова", emails="anna@example.ru")
        crm.products.add(name="Щебень", price="1750", group="Нерудные")
    code = run(["-w", str(shop_folder), "--as", "olga", "--lang", "en", "price", "--send", "contact/1"])
    assert code == 0, capfd.readouterr().err
    assert "anna@example.ru sent" in capfd.readouterr().out
    ((address, letter),) = office.letters
    (enclosed,) = letter.iter_attachments()
    assert address == "anna@example.ru"
    assert str(enclosed.get_filename()).endswith(".pdf")
    assert enclosed.get_content().startswith(b"%PDF")
    with opened(shop_folder) as crm:
        (done,) = crm.activities.find()
        assert (done.kind, done.about, done.done) == ("letter", "contact/1", True)


def test_a_server_that_fails_lets_letters_wait(office: PostOffice, shop_folder: Path) -> None:
    with opened(shop_folder) as crm:
        parcels = queue(crm, "a@example.ru", "b@example.ru")
        office.drop = "mail"
        with pytest.raises(OutsideFailed):
            parcels.send(parcels.waiting())
        office.drop = ""
        assert [one.status for one in parcels.send(parcels.waiting())] == ["sent", "sent"]
        assert parcels.waiting() == []
    assert sorted(office.addresses()) == ["a@example.ru", "b@example.ru"]


def test_a_letter_of_unknown_fate_is_sent_again_only_by_a_person(office: PostOffice, shop_folder: Path) -> None:
    with opened(shop_folder) as crm:
        parcels = queue(crm, "a@example.ru")
        office.drop = "reply"
        with pytest.raises(OutsideFailed):
            parcels.send(parcels.waiting())
        office.drop = ""
        assert parcels.send(parcels.waiting()) == []
        parcels.again(1)
        assert [one.status for one in parcels.send(parcels.waiting())] == ["sent"]
        with pytest.raises(Refused):
            parcels.again(1)


def test_a_refused_address_is_told(office: PostOffice, shop_folder: Path) -> None:
    office.answers["a@example.ru"] = "550 no such user"
    with opened(shop_folder) as crm:
        parcels = queue(crm, "a@example.ru", "b@example.ru")
        failed, sent = parcels.send(parcels.waiting())
        assert (failed.status, sent.status) == ("failed", "sent")
        assert "no such user" in failed.error
        with pytest.raises(Refused, match="by hand"):
            parcels.add(address="x@y.ru")


def test_a_quote_goes_to_its_contact_and_is_sent(office: PostOffice, shop_folder: Path, capfd: Any) -> None:
    with opened(shop_folder) as crm:
        contact = crm.contacts.add(name="Анна Смирнова", emails="anna@example.ru")
        quotes: Any = crm.collection("quote")
        quotes.add(contact=contact.ref, items=["Монтаж*1@1000"], number="К/7")
    words = ["-w", str(shop_folder), "--as", "olga", "--lang", "en", "quote", "send", "1", "--mail"]
    assert run([*words, "--dry-run"]) == 0, capfd.readouterr().err
    assert not office.letters
    assert run(words) == 0, capfd.readouterr().err
    ((address, letter),) = office.letters
    assert (address, "К/7" in str(letter["Subject"])) == ("anna@example.ru", True)
    (enclosed,) = letter.iter_attachments()
    assert enclosed.get_content().startswith(b"%PDF")
    with opened(shop_folder) as crm:
        quote: Any = crm.record("quote/1")
        assert (quote.status, quote.sent_to) == ("sent", "anna@example.ru")


def test_a_price_list_that_is_only_tried_goes_nowhere(office: PostOffice, shop_folder: Path) -> None:
    with opened(shop_folder) as crm:
        crm.contacts.add(name="Анна Смирнова", emails="anna@example.ru")
        crm.products.add(name="Щебень", price="1750", group="Нерудные")
    code = run(["-w", str(shop_folder), "--as", "olga", "price", "--send", "contact/1", "--dry-run"])
    assert (code, list(office.letters)) == (0, [])
    with opened(shop_folder) as crm:
        assert crm.collection("parcel").count() == 0


def test_the_clock_hands_over_invoices_that_go_by_themselves(office: PostOffice, shop_folder: Path) -> None:
    from crm.due import tick

    (shop_folder / "config" / "invoices.yaml").write_text("send_automatically: true\n")
    with opened(shop_folder) as crm:
        queue(crm, "price@example.ru")
        invoices: Any = crm.collection("invoice")
        invoices.issue(contact="contact/1", items=["Щебень*1"])
        assert [one for one in tick(crm) if one.plugin == "invoices" and one.error is None]
        assert office.addresses() == ["anna@example.ru"], "what a person sends by hand waits on"
        assert not [one for one in tick(crm) if one.plugin == "invoices"]

from __future__ import annotations

import pytest

from crm.errors import InvalidValue, Refused, WrongUsage
from crm.plugins.mailings.audience import audience, mailable
from crm.settings_file import change_setting
from tests.plugins.mailings.conftest import Post, opened


def who(crm: Post, **segment: object) -> dict[str, str]:
    made = crm.segments.add(name="Кто", **segment)
    return {one.name or one.address: one.excluded for one in audience(crm, made)}


def test_contacts_by_condition(post: Post) -> None:
    assert who(post, query='name ~ "Петр"') == {"Иван Петров": ""}


def test_contacts_by_role(post: Post) -> None:
    assert who(post, roles="accountant") == {"Иван Петров": "", "Пётр": ""}
    assert who(post, roles="Директор") == {"Анна Смирнова": ""}
    assert who(post, roles="accountant", query='name ~ "Иван"') == {"Иван Петров": ""}


def test_companies_give_their_own_address_or_people_with_the_role(post: Post) -> None:
    post.companies.add(name="Без адреса")
    post.companies.set(1, emails="office@example.ru")
    assert who(post, kind="company", query="id > 0") == {"ООО «Ромашка»": "", "Без адреса": "no e-mail address"}
    assert who(post, kind="company", query="id > 0", roles="accountant") == {"Иван Петров": ""}


def test_leads(post: Post) -> None:
    post.leads.add(name="Заявка", emails="lead@example.ru")
    assert who(post, kind="lead", query='stage = "new"') == {"Заявка": ""}


def test_addresses_by_hand(post: Post) -> None:
    assert who(post, addresses="Stranger@Example.ru; anna@example.ru") == {
        "stranger@example.ru": "",
        "Анна Смирнова": "",
    }


def test_one_address_gets_one_letter(post: Post) -> None:
    post.contacts.add(name="Муж", emails="ANNA@example.ru")
    segment = post.segments.add(name="Все", query="id > 0", addresses="anna@example.ru; ivan@example.ru")
    assert [one.address for one in mailable(post, segment)] == ["ivan@example.ru", "anna@example.ru", "petr@example.ru"]
    assert who(post, query='name = "Муж"', addresses="anna@example.ru") == {
        "Муж": "", "Анна Смирнова": "the same address as Муж"
    }  # fmt: skip


def test_the_unsubscribed_and_the_unmailable_are_left_out(post: Post) -> None:
    post.unsubscribes.add(address="Иван <IVAN@example.ru>", reason="письмом")
    post.contacts.set(2, emails="анна@example.ru")
    post.contacts.delete(3)
    assert who(post, query="id > 0") == {
        "Иван Петров": "unsubscribed",
        "Анна Смирнова": "the address has letters that mail servers do not take",
    }
    post.unsubscribes.delete(1)
    assert who(post, query="id = 1") == {"Иван Петров": ""}


def test_rights_narrow_a_segment(post: Post) -> None:
    post.users.add(name="Пётр", login="petr", role="manager")
    post.contacts.set(3, owner="petr")
    post.segments.add(name="Все", query="id > 0")
    change_setting(post.root / "config" / "access.yaml", ("roles", "manager", "read"), "own")
    with opened(post.root, "petr") as crm:
        assert who(crm, query="id > 0") == {"Пётр": ""}
        assert who(crm, kind="company", query="id > 0", roles="accountant") == {}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "selects nothing"),
        ({"query": 'nmae = "x"'}, "nmae"),
        ({"kind": "lead", "roles": "accountant"}, "no roles"),
        ({"kind": "deal", "query": "id > 0"}, "one of"),
        ({"addresses": "not an address"}, "not an e-mail"),
    ],
)
def test_wrong_segments(post: Post, values: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        post.segments.add(name="Кто", **values)


def test_condition_that_cannot_be_read(post: Post) -> None:
    with pytest.raises(WrongUsage):
        post.segments.add(name="Кто", query="name = = x")


def test_change_keeps_a_segment_readable(post: Post) -> None:
    post.segments.add(name="Кто", query="id > 0")
    with pytest.raises(InvalidValue, match="selects nothing"):
        post.segments.set(1, query="")
    assert post.segments.set(1, query="", roles="accountant").roles == ("accountant",)


def test_unsubscribing_twice(post: Post) -> None:
    first = post.unsubscribes.put("ivan@example.ru", "устно")
    assert post.unsubscribes.put("Ivan@Example.ru").ref == first.ref
    with pytest.raises(WrongUsage, match="already"):
        post.unsubscribes.add(address="ivan@example.ru")
    assert (first.date, first.reason) == (post.today(), "устно")


def test_dispatches_are_not_made_by_hand(post: Post) -> None:
    with pytest.raises(Refused):
        post.dispatches.add(mailing="mailing/1", address="x@y.ru")
    with pytest.raises(Refused):
        post.dispatches.delete(1)

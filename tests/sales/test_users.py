from __future__ import annotations

import pytest

from crm.errors import InvalidValue, NotFound, Refused
from crm.sales.secrets import fits, make_token, set_password, token_hash
from crm.workspace import Workspace


def test_the_first_user_is_an_admin_the_next_a_manager(sales: Workspace) -> None:
    assert sales.users.add(name="Ольга", login="olga").role == "admin"
    assert sales.users.add(name="Пётр", email="petr@example.ru").doc["login"] == "petr"
    assert sales.users.get(2).role == "manager"


@pytest.mark.parametrize("login", ["olga", "о ль га", "a/b", "a,b"])
def test_a_login_is_one_free_word(sales: Workspace, login: str) -> None:
    sales.users.add(name="Ольга", login="olga")
    with pytest.raises(InvalidValue):
        sales.users.add(name="Другая", login=login)


def test_the_last_admin_stays(sales: Workspace) -> None:
    sales.users.add(name="Ольга", login="olga")
    with pytest.raises(Refused, match="last admin"):
        sales.users.delete(1)
    with pytest.raises(Refused):
        sales.users.set(1, active="no")
    sales.users.add(name="Пётр", login="petr", role="admin")
    sales.users.delete(1)


def test_people_are_named_by_login_name_or_number(sales: Workspace) -> None:
    sales.users.add(name="Ольга Орлова", login="olga")
    assert [sales.person(text) for text in ("olga", "ольга орлова", "user/1", "1")] == ["olga"] * 4
    with pytest.raises(NotFound):
        sales.person("nobody")


def test_passwords_and_tokens_are_kept_as_hashes(sales: Workspace) -> None:
    sales.users.add(name="Ольга", login="olga")
    doc = set_password(sales, "olga", "correct horse").doc
    assert "correct horse" not in str(doc)
    assert fits("correct horse", doc["password_hash"])
    assert not fits("wrong horse", doc["password_hash"])
    user, token = make_token(sales, "olga")
    assert user.doc["token_hash"] == token_hash(token)
    assert "token_hash" not in sales.users.export(user)
    with pytest.raises(InvalidValue):
        set_password(sales, "olga", "short")

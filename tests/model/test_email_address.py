from __future__ import annotations

import pytest

from crm.errors import InvalidValue
from crm.model.email_address import fold


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" V.Petrov@Example.RU ", "v.petrov@example.ru"),
        ("Василий Петров <a@b.ru>", "a@b.ru"),
        ('"Петров, Василий" < A@B.ru >', "a@b.ru"),
        ("<a@b.ru>", "a@b.ru"),
        ("петров@почта.рф", "петров@почта.рф"),
        ("a@例え", "a@例え"),
        ("a+b_c-d'e@sub-domain.b.co", "a+b_c-d'e@sub-domain.b.co"),
        ("a@xn--80a1acny.xn--p1ai", "a@xn--80a1acny.xn--p1ai"),
    ],
)
def test_an_address_is_folded(text: str, address: str) -> None:
    assert fold(text) == address
    assert fold(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@",
        "a@",
        "@b.ru",
        "a@b",
        "a@b@c.ru",
        "a b@c.ru",
        "a@b c.ru",
        "a@b..ru",
        "a@.b.ru",
        "a@b.ru.",
        ".a@b.ru",
        "a..b@c.ru",
        "a@b.ru, c@d.ru",
        "a@-b.ru",
        "a@b.ru\nBcc: c@d.ru",
        "Name a@b.ru",
        "<a@b.ru> x",
        "a" * 65 + "@b.ru",
        "a@" + "b" * 250 + ".ru",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not an e-mail address"):
        fold(text)

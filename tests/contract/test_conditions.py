"""The language of `--where` as people type it: values as they are shown, not only as they are stored."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    from tests.conftest import make_workspace

    patch = pytest.MonkeyPatch()
    for name, value in {"CRM_PLUGINS": "", "CRM_USER": "olga", "CRM_LANG": "en"}.items():
        patch.setenv(name, value)
    line = CommandLine(make_workspace(tmp_path_factory.mktemp("conditions") / "shop"))
    for words in _SHOP:
        line(*words)
    patch.undo()
    return line


_SHOP: list[list[str]] = [
    ["company", "add", "ООО Ромашка", "--inn", "7800000027"],
    ["company", "add", "ООО Василёк"],
    ["contact", "add", "Иван Петров", "--phone", "8 916 123-45-67", "--email", "Ivan@Example.RU"],
    ["deal", "add", "Щебень", "--company", "1", "--contact", "1", "--amount", "100 USD", "--type", "sale"],
    ["deal", "add", "Песок речной", "--company", "2", "--amount", "2000", "--stage", "qualified"],
    ["deal", "add", "Щебень, 2-я партия", "--expected-close", "+1m", "--set", "extra.boxes:number=5"],
    ["deal", "set", "1", "extra.city=Тверь", "extra.until:date=2026-12-01"],
]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"CRM_PLUGINS": "", "CRM_USER": "olga", "CRM_LANG": "en"}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("noun", "condition", "ids"),
    [
        ("deal", "Title ~ щебень", [1, 3]),
        ("deal", "expected CLOSE is not empty and title ~ щебень", [3]),
        ("deal", 'title ~ "Amount > 5"', []),
        ("deal", 'title like "щебень%"', [1, 3]),
        ("deal", 'title like "%песок%"', [2]),
        ("deal", "title like Щебень", [1]),
        ("deal", 'title like "Щ_бень"', [1]),
        ("deal", 'title not like "щебень%"', [2]),
        ("contact", 'phones like "%123456%"', [1]),
        ("deal", "expected_close is null", [1, 2]),
        ("deal", "expected_close is not null", [3]),
        ("deal", "amount > 50 USD", [1]),
        ("deal", 'amount = "100.00 USD" or amount >= "2 000 RUB"', [1, 2]),
        ("deal", "amount >= 100 RUB and not amount < 5", [2]),
        ("deal", "amount in (100 USD, 5)", [1]),
        ("deal", "company = 1", [1]),
        ("deal", 'company = "ООО Ромашка"', [1]),
        ("deal", "company in (1, company/2)", [1, 2]),
        ("deal", "contacts = 1", [1]),
        ("deal", 'contacts = "Иван Петров"', [1]),
        ("deal", 'stage = "В работе"', [2]),
        ("deal", 'stage in ("In work", proposal)', [2]),
        ("deal", 'type = "Продажа"', [1]),
        ("contact", "emails = IVAN@example.ru", [1]),
        ("contact", 'phones = "+7 (916) 123 45 67"', [1]),
        ("contact", "phones in ('89161234567')", [1]),
        ("deal", "expected_close <= today+2m and expected_close > today+2w", [3]),
        ("deal", "expected_close > +3w", [3]),
        ("deal", "created >= yesterday", [1, 2, 3]),
        ("deal", "owner = me", [1, 2, 3]),
        ("deal", "extra.boxes = 5", [3]),
        ("deal", "extra.boxes > 4", [3]),
        ("deal", "extra.city = Тверь", [1]),
        ("deal", "extra.until < 01.01.2027", [1]),
        ("company", "inn = 7800000027", [1]),
    ],
)
def test_a_condition_selects(shop: CommandLine, noun: str, condition: str, ids: list[int]) -> None:
    assert shop.ids(noun, "list", "--where", condition) == ids


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("company = ООО_Нет", 3),
        ("amount > 5 QQQ", 4),
        ("title like", 2),
        ("amount like 5", 4),
        ("expected_close < +x", 4),
    ],
)
def test_a_value_that_does_not_fit_is_told(shop: CommandLine, condition: str, code: int) -> None:
    ended = shop("deal", "list", "--where", condition, code=code)
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1


def test_goods_and_links_are_found_by_a_part_of_their_names(line: CommandLine) -> None:
    line("company", "add", "ООО Ромашка")
    line("contact", "add", "Иван Петров")
    line("deal", "add", "A", "--company", 1, "--contact", 1, "--item", "Щебень 5-20*2@100")
    line("deal", "add", "B", "--item", "Песок*1@100")
    for condition in ("company ~ ромаш", "contacts ~ петров", "items ~ щебень", 'items like "Щеб%"'):
        assert line.ids("deal", "list", "--where", condition) == [1], condition
    for condition in ("company !~ ромаш", "items !~ щебень", 'company = ""'):
        assert line.ids("deal", "list", "--where", condition) == [2], condition
    assert line.ids("deal", "list", "--where", "company ~ нет") == []
    assert line.ids("deal", "list", "--where", 'company != ""') == [1]


def test_an_entry_that_there_is_not_is_warned_of(line: CommandLine) -> None:
    line("deal", "add", "A")
    ended = line("deal", "list", "--where", "stage = nosuch", "--ids")
    assert ended.out == ""
    assert "nosuch" in ended.err
    assert line("lead", "list", "--where", "stage = rejected").err == ""

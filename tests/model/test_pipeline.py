from __future__ import annotations

import pytest

from crm.errors import InvalidValue
from crm.locale import use_language
from crm.model.dictionaries import Classifier, Classifiers, Dictionary, Direction, Directions, Entry
from crm.model.lead_naming import NameScheme
from crm.model.pipeline import Goal, Pipeline, Stage, Title
from crm.model.shape import Misfit, Shape, revive

NEW = Stage(id="new", title=Title({"ru": "Новые", "uk": "Нові", "en": "New"}))
QUOTE = Stage(
    id="proposal",
    title=Title({"ru": "Выставлено КП"}),
    goals=(Goal(on="quote_accepted", to="signing"), Goal(on="activity_done", kind="meeting")),
)
INVOICE = Stage(id="invoice", title=Title("Счёт"))
SIGNING = Stage(id="signing", title=Title("На подпись"))
SALES = Pipeline(id="sales", title=Title("Продажи"), stages=(NEW, QUOTE, INVOICE, SIGNING))


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def test_title_falls_back_to_english_then_to_any() -> None:
    assert NEW.title.text("uk") == "Нові"
    assert Title({"ru": "Новые", "en": "New"}).text("uk") == "New"
    assert QUOTE.title.text("en") == "Выставлено КП"
    assert INVOICE.title.text("uk") == "Счёт"


def test_title_without_language_is_in_the_current_one() -> None:
    use_language("ru")
    assert str(NEW.title) == "Новые"


@pytest.mark.parametrize("text", ["new", "NEW", "Новые", "новые", " нові ", "New"])
def test_stage_by_id_or_title_in_any_language(text: str) -> None:
    assert SALES.stage(text) is NEW


def test_unknown_stage_lists_the_stages() -> None:
    with pytest.raises(InvalidValue) as failure:
        SALES.stage("Отложено")
    assert "Отложено" in failure.value.message
    assert "proposal (Выставлено КП)" in failure.value.remedy


def test_order_of_stages() -> None:
    assert SALES.first is NEW
    assert SALES.index("invoice") == 2
    assert SALES.next_after(NEW) is QUOTE
    assert SALES.next_after("signing") is None


def test_goal_leads_to_its_stage_or_to_the_next() -> None:
    named, met = QUOTE.goals
    assert SALES.after(QUOTE, named) is SIGNING
    assert SALES.after(QUOTE, met) is INVOICE
    assert QUOTE.goals_on("activity_done", "meeting") == (met,)
    assert QUOTE.goals_on("activity_done", "call") == ()
    assert QUOTE.goals_on("quote_accepted") == (named,)


def test_automatic_deals_by_source() -> None:
    site = Pipeline(id="site", title=Title("Сайт"), stages=(NEW,), auto_create=("site",))
    anything = Pipeline(id="all", title=Title("Все"), stages=(NEW,), auto_create=("*",))
    assert [one.creates_from("site") for one in (SALES, site, anything)] == [False, True, True]
    assert not site.creates_from("flyer")


def test_shapes_are_frozen_and_equal_by_value() -> None:
    with pytest.raises(AttributeError):
        NEW.id = "old"  # type: ignore[misc]
    assert Stage(id="a", title=Title("A")) == Stage(id="a", title=Title("A"), probability=0)
    assert Stage(id="a", title=Title("A")) != Stage(id="a", title=Title("B"))
    assert len({SIGNING, Stage(id="signing", title=Title("На подпись"))}) == 1
    with pytest.raises(TypeError, match="title"):
        Stage(id="a")  # type: ignore[call-arg]


def test_dictionary_resolves_ids_and_titles() -> None:
    roles = Dictionary(entries=(Entry(id="lawyer", title=Title({"ru": "Юрист", "en": "Lawyer"})),))
    assert roles.resolve("LAWYER") == roles.resolve("юрист") == roles.resolve("lawyer") == "lawyer"
    assert roles.title("lawyer", "ru") == "Юрист"
    with pytest.raises(InvalidValue, match=r"lawyer \(Lawyer\)"):
        roles.resolve("дворник")


def test_open_dictionary_keeps_other_text() -> None:
    sources = Dictionary(entries=(Entry(id="site", title=Title("Сайт")),), open=True)
    assert sources.resolve("сайт") == "site"
    assert sources.resolve(" Выставка 2026 ") == "Выставка 2026"
    assert sources.title("Выставка 2026") == "Выставка 2026"
    with pytest.raises(InvalidValue):
        sources.resolve("  ")


def test_direction_decides_papers_and_classifier_has_values() -> None:
    directions = Directions(entries=(Direction(id="repair", title=Title("Ремонт"), documents=("act",)),))
    assert directions.documents("repair") == ("act",)
    assert directions.documents("?") == ()
    loyalty = Classifier(id="loyalty", title=Title("Лояльность"), values=(Entry(id="loyal", title=Title("Да")),))
    assert Classifiers(entries=(loyalty,)).of("лояльность").choice.resolve("да") == "loyal"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Москва, Василий, щебень", {"city": "Москва", "name": "Василий", "product": "щебень"}),
        ("Москва, Василий, щебень, песок", {"city": "Москва", "name": "Василий", "product": "щебень, песок"}),
        ("Москва, Василий", None),
        ("Москва, , щебень", None),
        ("Василий", None),
    ],
)
def test_lead_name_by_scheme(name: str, parts: dict[str, str] | None) -> None:
    scheme = NameScheme("{city}, {name}, {product}")
    assert scheme.split(name) == parts
    assert scheme.fits(name) is (parts is not None)


def test_lead_name_scheme_with_text_around_composes_what_it_splits() -> None:
    scheme = NameScheme("[{city}] {name}!")
    assert scheme.split("[Київ] Олена!") == {"city": "Київ", "name": "Олена"}
    assert not scheme.fits("Київ Олена!")
    assert scheme.compose({"city": "Київ", "name": "Олена"}) == "[Київ] Олена!"
    assert scheme.compose({"city": "Київ"}) == "[Київ] —!"
    assert NameScheme("").fits("anything")


@pytest.mark.parametrize("text", ["{city", "{city}{name}", "{}", "{a{b}}"])
def test_broken_scheme(text: str) -> None:
    with pytest.raises(ValueError, match="«"):
        NameScheme(text)


class Coffee(Shape):
    beans: str
    cups: int = 1
    from_: str = "shelf"


def test_revive_names_the_path_and_a_near_name() -> None:
    assert revive(tuple[Coffee, ...], [{"beans": "arabica", "from": "box"}]) == (Coffee(beans="arabica", from_="box"),)
    with pytest.raises(Misfit) as unknown:
        revive(tuple[Coffee, ...], [{"beans": "arabica", "cup": 2}])
    assert unknown.value.path == (0, "cup")
    assert "cups" in unknown.value.remedy
    with pytest.raises(Misfit) as missing:
        revive(dict[str, Coffee], {"mine": {}})
    assert missing.value.path == ("mine",)
    with pytest.raises(Misfit) as wrong:
        revive(Coffee, {"beans": "arabica", "cups": "many"})
    assert wrong.value.path == ("cups",)

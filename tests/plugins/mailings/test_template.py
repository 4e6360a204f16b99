from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import InvalidValue
from crm.plugins.mailings.template import check, fill, names_in


def test_names_each_once() -> None:
    assert names_in("{name}, {company} и { name }: {дата}") == ["name", "company", "дата"]


@pytest.mark.parametrize(
    "text",
    [
        "{name.__class__}", "{name!r}", "{name:>10}", "{0}", "{}", "{ }", "{name[0]}", "{1+1}", "{a b}", "{", "}",
        "a } b", "{name", "{{name}", "{name}}",
    ],
)  # fmt: skip
def test_nothing_but_names(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not a merge field"):
        names_in(text)


def test_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(InvalidValue, match=r"no merge field \{nmae\}.*name, company"):
        check("Привет, {nmae}", ["name", "company"], lambda name: name == "position")
    check("Привет, {name} {position}", ["name", "company"], lambda name: name == "position")


@pytest.mark.parametrize("text", ["{{ name }}", "Привет, {{contact.name}}!", "{{ client.position }}"])
def test_a_merge_field_as_other_programs_write_it_is_told(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"would stay in the text as it is.*one brace: \{(name|position)\}"):
        check(text, ["name", "company"], lambda name: name == "position")


def test_doubled_braces_around_other_words_stay() -> None:
    check("{{{name}}} {{цена}} {{", ["name"], lambda _name: False)


def test_fill() -> None:
    assert fill("{{{name}}}: {company}.", {"name": "Иван", "company": ""}) == "{Иван}: ."


def test_values_are_not_read_again() -> None:
    assert fill("{name}", {"name": "{company} {{x}} \\1", "company": "secret"}) == "{company} {{x}} \\1"


@given(st.text())
def test_doubled_braces_give_any_text_back(text: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert names_in(doubled) == []
    assert fill(doubled, {}) == text

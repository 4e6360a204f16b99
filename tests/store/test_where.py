from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.errors import InvalidValue, WrongUsage
from crm.model.money import Money
from crm.store.query import Column, compile_query, evaluate
from crm.store.where import FieldKind, parse_where

KINDS = {
    "title": FieldKind.TEXT,
    "stage": FieldKind.TEXT,
    "inn": FieldKind.TEXT,
    "amount": FieldKind.MONEY,
    "probability": FieldKind.NUMBER,
    "discount": FieldKind.DECIMAL,
    "close_date": FieldKind.DATE,
    "created": FieldKind.TIME,
    "vip": FieldKind.BOOL,
    "tags": FieldKind.LIST,
    "company": FieldKind.REF,
    "address.city": FieldKind.TEXT,
}
COLUMNS = {"stage": Column("stage", "text"), "created": Column("created", "time"), "amount": Column("amount", "money")}
TODAY = date(2026, 11, 22)
MOSCOW = timezone(timedelta(hours=3))

NEW: dict[str, Any] = {
    "title": 'ООО "Ромашка": щебень',
    "stage": "new",
    "inn": "7707083893",
    "amount": Money.from_json({"amount": "1500.50", "currency": "RUB"}),
    "probability": 40,
    "discount": "12.5",
    "close_date": "2026-11-29",
    "created": "2026-11-21T21:00:00+00:00",
    "vip": True,
    "tags": ["Опт", "гравий"],
    "company": "company/1",
    "address": {"city": "Київ"},
}
BARE: dict[str, Any] = {}


def holds(text: str, document: Mapping[str, Any] = NEW) -> bool:
    query = parse_where(text, KINDS.get, today=TODAY, tzinfo=MOSCOW, names=KINDS)
    return evaluate(query, document)


@pytest.mark.parametrize(
    "text",
    [
        'amount > 1000 and stage = "new"',
        "stage = new",
        "stage == 'new'",
        "stage <> won",
        "amount>1500",
        "amount = 1500.5",
        'amount = "1 500,50"',
        "amount.currency = RUB",
        "amount in (1, 1500.50)",
        "probability >= 40 and probability < 40.5",
        "probability in (40, 50)",
        "discount > 9",
        "discount = 12.50",
        "title ~ ЩЕБЕНЬ",
        'title = "ООО \\"Ромашка\\": щебень"',
        "title = 'ООО \"Ромашка\": щебень'",
        "title !~ песок",
        "inn = 7707083893",
        "stage in (won, 'new')",
        "stage not in (won, lost)",
        "tags = Опт",
        "tags != опт",
        "tags ~ опт",
        "tags in (розница, гравий)",
        "company = company/1",
        "address.city = Київ",
        "vip = true",
        "vip != нет",
        "stage is not empty",
        "NOT stage = won AND (stage = won OR stage = new)",
        "stage = won or stage = new and amount > 1",
        "не stage = won и (stage = won или stage = new) та amount > 1 або stage = lost",
        "stage = new and not (amount < 1000 or not vip = yes)",
    ],
)
def test_conditions_that_hold(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "stage = New",
        "stage != new",
        "stage = won and stage = new or stage = lost",
        "amount <= 1500.49",
        "amount.currency = USD",
        "discount < 9",
        "title ~ песок",
        "tags = опт",
        "tags != Опт",
        "tags not in (Опт)",
        "stage is empty",
        "vip = false",
        "not stage = new",
    ],
)
def test_conditions_that_do_not_hold(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "stage != won",
        "stage not in (won)",
        "title !~ a",
        "tags != a",
        "amount != 5",
        "discount != 5",
        "created != today",
        "vip = false",
        "stage is empty",
        "tags is empty",
        "not stage = won",
    ],
)
def test_a_record_without_the_field_is_different_and_empty(text: str) -> None:
    assert holds(text, BARE)


@pytest.mark.parametrize("text", ["stage = won", "stage > a", "amount < 5", "vip = true", "stage is not empty"])
def test_a_record_without_the_field_is_not_equal(text: str) -> None:
    assert not holds(text, BARE)


def test_an_empty_list_and_an_empty_text_are_empty() -> None:
    assert holds("tags is empty and stage is empty", {"tags": [], "stage": ""})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("created = 2026-11-22", True),
        ("created = today", True),
        ("created = 22.11.2026", True),
        ("created in (yesterday, сегодня)", True),
        ("created != 2026-11-22", False),
        ("created = 2026-11-21", False),
        ("created > 2026-11-21", True),
        ("created > 2026-11-22", False),
        ("created >= 2026-11-22", True),
        ("created < 2026-11-22", False),
        ("created <= 2026-11-22", True),
        ("created <= 2026-11-21", False),
        ("created = 2026-11-22T00:00", True),
        ("created = '2026-11-22 00:01'", False),
        ("created = 2026-11-22T00:00:00", True),
        ("created >= 2026-11-21T21:00:00Z", True),
        ("created > today-1d and created < tomorrow", True),
    ],
)
def test_days_begin_in_the_zone_of_the_workspace(text: str, expected: bool) -> None:
    assert holds(text) is expected


def test_the_same_day_begins_later_in_utc() -> None:
    query = parse_where("created = 2026-11-21", KINDS.get, today=TODAY, tzinfo=UTC)
    assert evaluate(query, NEW)


@pytest.mark.parametrize("hours", [-8, -1, 0, 3, 14])
def test_a_day_without_a_time_is_that_day_in_every_zone(hours: int) -> None:
    zone = timezone(timedelta(hours=hours))

    def days(condition: str) -> list[str]:
        query = parse_where(condition, KINDS.get, today=TODAY, tzinfo=zone)
        return [day for day in ("2026-11-21", "2026-11-22", "2026-11-23") if evaluate(query, {"created": day})]

    assert days("created = today") == ["2026-11-22"]
    assert days("created != today") == ["2026-11-21", "2026-11-23"]
    assert days("created < today") == ["2026-11-21"]
    assert days("created <= today") == ["2026-11-21", "2026-11-22"]
    assert days("created > today") == ["2026-11-23"]
    assert days("created >= today") == ["2026-11-22", "2026-11-23"]


@pytest.mark.parametrize("hours", [-8, 0, 3])
def test_a_day_has_its_first_second_and_not_its_last_one_after(hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    midnight = datetime(2026, 11, 22, tzinfo=zone)
    query = parse_where("created = today", KINDS.get, today=TODAY, tzinfo=zone)
    for seconds, expected in ((-1, False), (0, True), (86399, True), (86400, False)):
        moment = (midnight + timedelta(seconds=seconds)).astimezone(UTC).isoformat()
        assert evaluate(query, {"created": moment}) is expected


@pytest.mark.parametrize("word", ["2026-11-29", "today+7d", "today+1w", "tomorrow+6d", "сегодня+1н", "29.11.2026"])
def test_relative_days(word: str) -> None:
    assert holds(f"close_date = {word}")
    assert holds(f"close_date <= {word} and not close_date < {word}")


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 1, "a field name"),
        ("and stage = new", 1, "a field name"),
        ("stage", 6, "one of: ="),
        ("stage =", 8, "a value"),
        ("stage = new stage", 13, "“and”, “or” or the end"),
        ("stage = new and", 16, "a field name"),
        ("(stage = new", 13, "a closing parenthesis"),
        ("stage in new", 10, "an opening parenthesis"),
        ("stage in (new won)", 15, "a comma or a closing parenthesis"),
        ("stage in ()", 11, "a value"),
        ("stage not new", 11, "“in”"),
        ("stage is new", 10, "“empty” or “not empty”"),
        ("stage is not new", 14, "“empty”"),
        ("stage = new)", 12, "the end"),
        ("stage ! new", 7, "one of: ="),
        ("stage = 'new", 9, "never closed"),
    ],
)
def test_a_condition_that_cannot_be_read_says_where(text: str, position: int, expected: str) -> None:
    with pytest.raises(WrongUsage) as failure:
        holds(text)
    assert re.search(rf"\b{position}\b", failure.value.message)
    assert expected in failure.value.message
    assert failure.value.remedy


def test_levels_have_a_bound() -> None:
    assert holds("(" * 30 + "stage = new" + ")" * 30)
    with pytest.raises(WrongUsage):
        holds("(" * 5000 + "stage = new" + ")" * 5000)
    with pytest.raises(WrongUsage):
        holds("not " * 5000 + "stage = new")


def test_long_lists_of_conditions_are_read() -> None:
    assert holds(" or ".join([f"stage = s{number}" for number in range(3000)] + ["stage = new"]))


def test_an_unknown_field_is_named_with_its_neighbours() -> None:
    with pytest.raises(InvalidValue) as failure:
        holds("stag = new")
    assert "“stag”" in failure.value.message
    assert "stage" in failure.value.remedy
    with pytest.raises(InvalidValue) as failure:
        holds("zzz = new")
    assert "amount" in failure.value.remedy


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("amount > many", "many"),
        ("probability = high", "high"),
        ("discount = 1e3", "1e3"),
        ("vip = perhaps", "perhaps"),
        ("company = 12", "12"),
        ("close_date = 2026-02-30", "2026-02-30"),
        ("close_date > soon", "soon"),
        ("created > today+999999w", "today+999999w"),
        ("created = 2026-01-01T25:00", "2026-01-01T25:00"),
        ("tags > a", "tags"),
        ("vip < true", "vip"),
        ("amount ~ 1", "amount"),
        ("title.x = a", "title.x"),
    ],
)
def test_a_value_that_does_not_fit_is_named(text: str, named: str) -> None:
    with pytest.raises(InvalidValue) as failure:
        holds(text)
    assert f"“{named}”" in failure.value.message
    assert failure.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        'amount > 1000 and stage = "new"',
        "created >= today-7d and created != today",
        "stage in (new, won) or tags = vip or tags ~ opt",
        "company is empty or not vip = true",
        "close_date <= today and title !~ a and amount.currency = USD",
        "probability > 40",
    ],
)
def test_conditions_are_answered_by_the_index_alone(text: str) -> None:
    query = parse_where(text, KINDS.get, today=TODAY, tzinfo=MOSCOW)
    assert compile_query(query, COLUMNS, {"amount"}).exact


WORDS = st.sampled_from(
    [
        *KINDS,
        *["(", ")", ",", "=", "!=", "<", ">=", "~", "'", '"', "\\", "!"],
        "and",
        "или",
        "not",
        "in",
        "is",
        "empty",
        "new",
        "12",
        "today+1d",
        "2026-01-01",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=9).map(" ".join), st.text(max_size=20)))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(WrongUsage, InvalidValue):
        holds(text)

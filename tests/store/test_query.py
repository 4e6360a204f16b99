from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tinydb.queries import Query, QueryInstance, where

from crm.model.money import Money
from crm.store.literals import balanced
from crm.store.query import (
    Column,
    compile_query,
    contains,
    decimal_is,
    evaluate,
    is_empty,
    register_functions,
)

Doc = dict[str, Any]

COLUMNS = {
    "stage": Column("stage", "text"),
    "updated": Column("updated", "time"),
    "count": Column("count", "integer"),
    "won": Column("won", "bool"),
    "amount": Column("amount", "money"),
}
MONEY = {"amount", "price"}
LAYOUT = """CREATE TABLE doc_deal(id INTEGER PRIMARY KEY, rev INTEGER, trashed INTEGER,
    stage TEXT, updated TEXT, count INTEGER, won INTEGER, amount INTEGER, amount_currency TEXT, doc TEXT)"""


def view(doc: Doc) -> Mapping[str, Any]:
    return {name: Money.from_json(value) if name in MONEY else value for name, value in doc.items()}


def table(docs: list[Doc]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    register_functions(db)
    db.execute(LAYOUT)
    for number, doc in enumerate(docs, 1):
        doc |= {"id": number, "rev": 1}
        amount = Money.from_json(doc["amount"]) if "amount" in doc else None
        money = (amount.minor(), amount.currency) if amount else (None, None)
        plain = [doc.get(name) for name in ("stage", "updated", "count", "won")]
        text = json.dumps(doc, ensure_ascii=False)
        db.execute(f"INSERT INTO doc_deal VALUES({','.join('?' * 10)})", (number, 1, 0, *plain, *money, text))
    return db


def by_sql(db: sqlite3.Connection, query: QueryInstance) -> tuple[set[int], bool]:
    compiled = compile_query(query, COLUMNS, MONEY)
    rows = db.execute(f"SELECT id FROM doc_deal WHERE trashed = 0 AND ({compiled.sql})", compiled.params)
    return {row[0] for row in rows}, compiled.exact


def check(docs: list[Doc], query: QueryInstance) -> None:
    db = table(docs)
    expected = {doc["id"] for doc in docs if evaluate(query, view(doc))}
    found, exact = by_sql(db, query)
    assert found >= expected
    if exact:
        assert found == expected
    db.close()


# Few values, so that documents and queries often meet; all kinds of them, so that kinds are told apart.
WORDS = [
    "",
    "a",
    "b",
    "ab",
    "A",
    "ab c",
    "Щебень",
    "щ",
    "ß",
    "ss",
    "1",
    "1.0",
    "true",
    "null",
    '"',
    "'",
    "\\",
    "[]",
    "{}",
]
NUMBERS = [0, 1, -1, 2, 10**15, 2**53 + 1, 2**63 - 1, 2**64, 0.1, 0.5, 1.0, -0.0, 2.5, 1e300, 5e-324, 0.1 + 0.2]
WILD = [None, *WORDS, *NUMBERS, True, False]
scalars = st.one_of(st.sampled_from(WILD), st.floats(allow_nan=False, allow_infinity=False), st.integers())
lists = st.lists(st.one_of(scalars, st.just({"b": 1}), st.just(["a"])), max_size=3)
objects = st.dictionaries(st.sampled_from(["a", "b", "ab", "1", ""]), st.one_of(scalars, lists), max_size=3)
anything = st.one_of(scalars, lists, objects)
amounts = st.sampled_from(
    ["0.00", "0.10", "0.1234", "1.00", "1.50", "-1.00", "1000.00", "1000.0001", "99999999999999.9999"]
)
money = st.builds(lambda amount, code: {"amount": amount, "currency": code}, amounts, st.sampled_from(["RUB", "USD"]))
times = st.sampled_from(["2026-01-31T21:00:00+00:00", "2026-02-01T21:00:00+00:00", "2026-02-01T21:00:00.5+00:00"])
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "stage": st.sampled_from(WORDS),
    "updated": times,
    "count": st.sampled_from([0, 1, -1, 2, 10**15, 2**63 - 1]),
    "won": st.booleans(),
    "amount": money,
    "price": money,
    "x": anything,
    "tags": lists,
    "nest": st.one_of(
        anything, st.fixed_dictionaries({}, optional={"a": objects, "имя": scalars, "o'k [0].b": scalars})
    ),
    "qty": st.one_of(st.sampled_from(["1", "1.5", "-0.25", "1000000.0001", "1e3", " 1", "١"]), anything),
}
documents = st.lists(st.fixed_dictionaries({}, optional=FIELDS), min_size=1, max_size=6)

PATHS = [(name,) for name in FIELDS] + [
    ("id",),
    ("nest", "a"),
    ("nest", "a", "b"),
    ("nest", "имя"),
    ("nest", "o'k [0].b"),
    ("nest", 'q"'),
    ("nest", ""),
    ("x", "a"),
    ("stage", "a"),
    ("amount", "currency"),
    ("amount", "amount"),
    ("price", "currency"),
    ("price", "amount"),
    ("missing",),
]
literals = st.one_of(
    scalars,
    amounts,
    times,
    st.sampled_from(["RUB", "2026-02", "a\0", "\ud800", float("inf"), float("nan"), 2**60, 2**70, 0.00005, "0.00005"]),
    st.sampled_from(
        [Decimal("0.1"), Decimal("1.00005"), Decimal(1), Decimal("1E+20"), Decimal("1e-500"), Decimal("1E+999999")]
    ),
)
ORDERS = ["==", "!=", "<", "<=", ">", ">="]


def ask(field: Query, function: Callable[..., bool], *given: object) -> QueryInstance:
    return field.test(function, *given)


def at(path: tuple[str, ...]) -> Query:
    return reduce(lambda query, key: query[key], path, Query())


def compare(field: Query, order: str, value: object) -> QueryInstance:
    methods = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
    query = getattr(type(field), methods[order])(field, value)
    assert isinstance(query, QueryInstance)
    return query


fields = st.sampled_from(PATHS).map(at)
plain_fields = st.sampled_from([path for path in PATHS if path[0] not in MONEY]).map(at)
words = st.sampled_from(WORDS)
leaves = st.one_of(
    st.builds(compare, fields, st.sampled_from(ORDERS), st.one_of(literals, lists, objects)),
    st.builds(compare, fields, st.sampled_from(ORDERS), literals),
    st.builds(lambda field: field.exists(), fields),
    st.builds(lambda field, items: field.one_of(items), fields, st.lists(literals, max_size=3)),
    st.builds(lambda field, items: field.one_of(items), fields, st.lists(words, max_size=3).map(set)),
    st.builds(lambda field, items: field.any(items), fields, st.lists(literals, max_size=3)),
    st.builds(lambda field, items: field.all(items), fields, st.lists(literals, max_size=3)),
    st.builds(lambda field: field.any(where("b") == 1), fields),
    st.builds(lambda field, text: field.matches(text, 2), fields, st.sampled_from(["a", "A.*", "^щ"])),
    st.builds(lambda field, text: field.search(text), fields, st.sampled_from(["b", "[0-9]"])),
    st.builds(lambda field, text: ask(field, contains, text), fields, words),
    st.builds(lambda field: field.test(is_empty), fields),
    st.builds(
        lambda field, order, number: ask(field, decimal_is, order, number),
        fields,
        st.sampled_from(ORDERS),
        st.sampled_from([Decimal(1), Decimal("1.5"), Decimal("-0.25"), Decimal("0.1"), Decimal("1000000.0001")]),
    ),
    st.builds(lambda field: field.test(lambda value: value == "a"), fields),
    st.builds(lambda field: field.map(str) == "a", fields),
    st.builds(lambda field: field.fragment({"b": 1}), plain_fields),
    st.just(Query().fragment({"stage": "a"})),
    st.just(Query().noop()),
)
queries = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(and_, inner, inner),
        st.builds(or_, inner, inner),
        st.builds(lambda query: ~query, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(documents, queries)
@example([{"x": "a"}, {}], ~(where("x") < 5))
@example([{"x": "a", "stage": "b"}], (where("x") < 5) | (where("stage") == "b"))
@example([{"x": [0.1 + 0.2]}], where("x").any([0.1 + 0.2]))
@example([{"x": 2**70}, {"x": 2**63}], (where("x") == 2**70) | (where("x") > 2**63 - 1))
@example([{"x": "ab"}], ~where("x").all(["a", 1]))
@example([{"x": {"a": "b"}}], ~ask(where("x"), contains, "b"))
def test_sql_selects_what_tinydb_selects(docs: list[Doc], query: QueryInstance) -> None:
    check(docs, query)


@settings(max_examples=300, deadline=None)
@given(documents, leaves, st.booleans())
def test_one_test_and_its_opposite(docs: list[Doc], query: QueryInstance, negate: bool) -> None:
    check(docs, ~query if negate else query)


EXACT: list[QueryInstance] = [
    where("stage") == "new",
    where("stage") != "new",
    where("stage").one_of(["new", "won"]),
    ask(where("stage"), contains, "NE"),
    where("stage").test(is_empty),
    where("id").one_of([1, 2]),
    where("count") >= 2,
    where("won") == True,  # noqa: E712
    where("updated") < "2026-02-01",
    where("amount") > 1000,
    where("amount") > 1000.5,
    where("amount") == Decimal("0.1"),
    where("amount") <= "99.99",
    where("amount")["currency"] == "USD",
    where("price")["currency"] == "USD",
    where("price").exists(),
    where("x") == 1,
    where("x") != "a",
    where("x") < 2.5,
    where("x")["a"]["b"] == None,  # noqa: E711
    where("tags").any(["vip"]),
    where("tags").all(["vip", 1]),
    ask(where("tags"), contains, "vi"),
    ~where("tags").any(["vip"]),
    ~(where("x") == 1),
    ~where("owner").exists() | where("owner").test(is_empty),
    (where("stage") == "new") & (where("x") > 5),
    (where("stage") == "new") | (where("count") > 5),
    Query().noop(),
]


@pytest.mark.parametrize("query", EXACT)
def test_common_questions_need_no_second_look(query: QueryInstance) -> None:
    compiled = compile_query(query, COLUMNS, MONEY)
    assert compiled.exact
    table([]).execute(f"SELECT 1 FROM doc_deal WHERE {compiled.sql}", compiled.params)


NEAR: list[tuple[QueryInstance, str]] = [
    (where("stage").matches("n.*"), '"stage" IS NOT NULL'),
    (where("x").search("n"), "json_type(doc, '$.x') = 'text'"),
    (where("x").test(bool), "json_type(doc, '$.x') IS NOT NULL"),
    (where("stage").matches("n") & (where("count") == 1), '("count" = ?) AND ("stage" IS NOT NULL)'),
    (where("stage").map(str) == "a", "1"),
    ((where("stage").map(str) == "a") | (where("count") == 1), "1"),
    (~where("stage").matches("n"), "1"),
    (where("nest")['"'] == 1, "1"),
    (Query().fragment({"stage": "new"}), "1"),
    (Query().fragment({"stage": "new"}) | (where("count") == 1), "1"),
]


@pytest.mark.parametrize(("query", "sql"), NEAR)
def test_what_sql_cannot_decide_is_left_to_tinydb(query: QueryInstance, sql: str) -> None:
    compiled = compile_query(query, COLUMNS, MONEY)
    assert (compiled.sql, compiled.exact) == (sql, False)


@pytest.mark.parametrize(
    ("order", "number", "ids"),
    [
        (">", Decimal("1.00005"), {3}),
        (">=", Decimal("1.0001"), {3}),
        ("<", Decimal("1.00005"), {1, 2}),
        ("<=", 1.0, {1, 2}),
        ("==", 0.1, {1}),
        ("==", Decimal("1.00005"), set()),
        ("!=", Decimal("1.00005"), {1, 2, 3}),
        ("!=", "1", {1, 3}),
    ],
)
def test_money_is_compared_exactly(order: str, number: object, ids: set[int]) -> None:
    docs: list[Doc] = [{"amount": {"amount": text, "currency": "RUB"}} for text in ("0.10", "1.00", "1.0001")]
    found, exact = by_sql(table([*docs, {}]), compare(where("amount"), order, number))
    assert (found, exact) == (ids, True)


def test_money_without_a_column_is_narrowed() -> None:
    docs: list[Doc] = [{"price": {"amount": text, "currency": "RUB"}} for text in ("5.00", "1000.00", "1000.01")]
    assert by_sql(table(docs), where("price") > 1000) == ({2, 3}, False)
    check(docs, where("price") > 1000)


def test_absent_fields_are_neither_equal_nor_different() -> None:
    db = table([{"stage": "new"}, {"stage": "won"}, {}])
    assert by_sql(db, where("stage") != "new") == ({2}, True)
    assert by_sql(db, ~(where("stage") == "new")) == ({2, 3}, True)
    assert by_sql(db, where("x") != 1) == (set(), True)
    assert by_sql(db, ~(where("x") == 1)) == ({1, 2, 3}, True)


def test_texts_and_numbers_do_not_meet() -> None:
    db = table([{"stage": "1", "count": 1, "x": "1"}, {"x": 1}, {"x": True}, {"x": 1.0}])
    assert by_sql(db, where("stage") == 1) == (set(), True)
    assert by_sql(db, where("count") == "1") == (set(), True)
    assert by_sql(db, where("x") == 1) == ({2, 3, 4}, True)
    assert by_sql(db, where("x") == "1") == ({1}, True)
    assert by_sql(db, where("x") < "2") == ({1}, True)
    assert by_sql(db, where("x") >= "") == ({1}, True)


def test_values_that_do_not_compare_do_not_match() -> None:
    assert not evaluate(where("x") < 5, {"x": "a"})
    assert not evaluate(~(where("x") < 5), {"x": "a"})
    assert evaluate(where("x") < 5, {"x": 4})


def test_a_column_is_found_by_its_index() -> None:
    db = table([])
    db.execute("CREATE INDEX by_stage ON doc_deal(trashed, stage)")
    compiled = compile_query((where("stage") == "new") & where("tags").any(["vip"]), COLUMNS, MONEY)
    plan = db.execute(
        f"EXPLAIN QUERY PLAN SELECT id FROM doc_deal WHERE trashed = 0 AND ({compiled.sql})", compiled.params
    )
    assert "by_stage (trashed=? AND stage=?)" in plan.fetchone()[3]


def _nested(levels: int) -> QueryInstance:
    query: QueryInstance = where("x") == 1
    for level in range(levels):
        join: Callable[[QueryInstance, QueryInstance], QueryInstance] = and_ if level % 2 else or_
        query = ~join(query, where("x").any([str(level), level, None]))
    return query


@pytest.mark.parametrize(
    "query",
    [
        _nested(6),
        _nested(60),
        reduce(or_, [where("x") == number for number in range(90)]),
        reduce(or_, [where("x") == number for number in range(200)]),
        balanced(or_, [where("x") == number for number in range(3000)]),
        reduce(and_, [where("x") != number for number in range(200)]),
        where("x").one_of(list(range(31_000))),
        where("x").any(list(range(99))),
        where("x").all(list(range(200))),
    ],
    ids=["nested", "deep", "or", "wide or", "very wide or", "wide and", "one of many", "any", "all"],
)
def test_large_queries_run(query: QueryInstance) -> None:
    check([{"x": 1}, {"x": [1, None]}, {"x": "a"}, {}], query)


def test_names_with_quotes_do_not_escape() -> None:
    compiled = compile_query(where("o'x") == "'; DROP TABLE doc_deal; --", {}, ())
    db = table([{"o'x": "'; DROP TABLE doc_deal; --"}, {"o'x": "a"}])
    assert db.execute(f"SELECT id FROM doc_deal WHERE {compiled.sql}", compiled.params).fetchall() == [(1,)]


def test_contains_looks_into_texts_and_lists() -> None:
    assert contains("Щебень гранитный", "ЩЕБ")
    assert contains(["опт", "VIP"], "vip")
    assert not contains({"vip": 1}, "vip")
    assert not contains(5, "5")


def test_is_empty_knows_what_has_no_content() -> None:
    empty: list[object] = [None, "", [], {}]
    assert all(map(is_empty, empty))
    assert not any(map(is_empty, (0, False, " ", [None])))


def test_decimal_is_reads_decimals_kept_as_text() -> None:
    assert decimal_is("12.50", ">", Decimal("12.4"))
    assert decimal_is(12, "==", Decimal(12))
    assert not decimal_is("twelve", "!=", Decimal(12))
    assert not decimal_is(True, "==", Decimal(1))

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm.entrance import open_workspace
from crm.errors import InvalidValue, NotFound
from crm.model.report import Asked, Table
from crm.plugins.reports.cycle import cycle
from crm.plugins.reports.funnel import funnel
from crm.plugins.reports.lost import lost
from crm.plugins.reports.plugin import REPORTS
from crm.plugins.reports.sales import sales
from crm.plugins.reports.stages import stages
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.command_line import CommandLine


def of_stage(rows: list[dict[str, Any]], stage: str) -> dict[str, Any]:
    return next(row for row in rows if row["stage"] == stage)


def past(crm: Workspace, **fields: Any) -> None:
    """Add a deal of the past."""
    with crm.writing("import") as draft:
        crm.deals.add_historic(draft, crm.deals.noun.read({"title": "Сделка", **fields}, crm.customs))


def time(day: str) -> str:
    return f"{day}T09:00:00+00:00"


def test_the_funnel_counts_where_deals_stand_and_how_far_they_came(shop: Workspace) -> None:
    for stage, amount in (("new", 100), ("proposal", 200), ("proposal", "50.50")):
        shop.deals.add(title="Сделка", stage=stage, amount=amount)
    shop.deals.win(shop.deals.add(title="Да", stage="invoice", amount=1000).id)
    shop.deals.lose(shop.deals.add(title="Нет", stage="qualified", amount=70).id, "price")

    table = funnel(shop)

    assert [row["stage"] for row in table.rows] == ["new", "qualified", "proposal", "invoice", "signing", "won", "lost"]
    assert of_stage(table.rows, "proposal")["sum"] == {"amount": "250.50", "currency": "RUB"}
    assert [row["reached"] for row in table.rows] == [5, 4, 3, 1, 1, 1, 1]
    assert of_stage(table.rows, "qualified")["conversion"] == 75.0
    assert of_stage(table.rows, "signing")["conversion"] == 100.0
    assert (table.totals["open"], table.totals["win_rate"]) == (3, 50.0)


def test_totals_follow_the_rate_and_a_currency_without_one_is_named(shop_folder: Path) -> None:
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        crm.deals.add(title="Сделка", amount="100 USD")
        crm.deals.add(title="Сделка", amount=5)
        table = funnel(crm)
        assert table.totals["open_sum"] == {"amount": "5.00", "currency": "RUB"}, "what can be shown is shown"
        assert "USD" in table.notes[0]
        assert "config/crm.yaml" in table.notes[0]
    for rate, total in (("90.50", "9055.00"), ("91", "9105.00")):
        change_setting(shop_folder / "config" / "crm.yaml", ("rates",), [{"date": "2020-01-01", "USD": rate}])
        with open_workspace(shop_folder, actor="olga", language="en") as crm:
            assert funnel(crm).totals["open_sum"]["amount"] == total


def test_a_period_has_both_its_days_where_the_workspace_is(shop: Workspace) -> None:
    for moment in ("2020-01-31T20:59:59+00:00", "2020-01-31T21:00:00+00:00", "2020-02-29T20:59:59+00:00"):
        past(shop, outcome="won", created="2020-01-01T00:00:00+00:00", closed=moment, amount=1)
    asked = Asked(since=date(2020, 2, 1), until=date(2020, 2, 29), by="month")
    table = sales(shop, asked)
    assert [(row["month"], row["won"]) for row in table.rows] == [("2020-02", 2)]
    assert sales(shop, Asked(until=date(2020, 1, 31))).totals["won"] == 1


def test_sales_by_a_field_of_a_linked_record_and_by_a_link(shop: Workspace) -> None:
    company = shop.companies.add(name="Роза", industry="retail")
    past(shop, outcome="won", created=time("2020-01-01"), amount=10, company=company.ref)
    past(shop, outcome="won", created=time("2020-01-01"), amount=30)
    past(shop, outcome="lost", created=time("2020-01-01"), amount=30, company=company.ref)

    by_industry = sales(shop, Asked(by="industry")).rows
    assert [(row["title"], row["won"], row["lost"]) for row in by_industry] == [("—", 1, 0), ("Retail", 1, 1)]
    assert by_industry[1]["win_rate"] == 50.0
    assert [row["title"] for row in sales(shop, Asked(by="company", limit=1)).rows] == ["—"]
    assert sales(shop, Asked(by="company")).rows[1]["title"] == "Роза"
    with pytest.raises(InvalidValue, match="colour"):
        sales(shop, Asked(by="colour"))


def test_a_cycle_begins_and_ends_where_the_pipeline_says(shop_folder: Path) -> None:
    with open_workspace(shop_folder, actor="olga") as crm:
        with crm.writing("import") as draft:
            lead = crm.leads.add_historic(draft, {"name": "Заявка", "created": time("2020-01-01")})
        past(crm, outcome="won", created=time("2020-01-11"), closed=time("2020-01-21"), lead=lead.ref)
        past(crm, outcome="won", created=time("2020-01-11"), closed=time("2020-01-15"))
        assert cycle(crm).totals == {"won": 2, "mean_days": 12.0, "median_days": 12.0, "longest_days": 20.0}
    path = shop_folder / "config" / "pipelines.yaml"
    change_setting(path, ("pipelines", "sales", "cycle_starts_at"), "deal")
    with open_workspace(shop_folder, actor="olga") as crm:
        assert cycle(crm).totals["mean_days"] == 7.0
    change_setting(path, ("pipelines", "sales", "cycle_starts_at"), "proposal")
    with open_workspace(shop_folder, actor="olga") as crm:
        log = [{"stage": "new", "since": time("2020-01-01")}, {"stage": "proposal", "since": time("2020-01-03")}]
        crm.users.add(name="Иван", login="ivan")
        with crm.writing("import") as draft:
            fields = {"title": "С журналом", "stage": "proposal", "created": time("2020-01-01"), "stage_log": log}
            crm.deals.add_historic(draft, {**fields, "outcome": "won", "closed": time("2020-01-08"), "owner": "ivan"})
        assert cycle(crm, Asked(owner="ivan")).totals["mean_days"] == 5.0


def test_a_cycle_that_ends_with_the_payment_takes_the_last_one(shop: Workspace) -> None:
    company = shop.companies.add(name="Роза")
    deal = shop.deals.add(title="Сделка", amount=100, company=company.ref)
    invoices: Any = shop.collection("invoice")
    invoice = invoices.issue(deal=deal.ref, items="Щебень*1@100%none")
    day = shop.today()
    invoices.pay(invoice.id, date=day.isoformat())
    shop.deals.win(deal.id)
    assert cycle(shop).totals["mean_days"] == 0.0
    assert shop.deals.totals("paid") == [((day.isoformat(),), None, 1, 0)]


def test_losses_by_reason_with_their_share(shop: Workspace) -> None:
    for reason in ("price", "price", "competitor"):
        shop.deals.lose(shop.deals.add(title="Нет", amount=10).id, reason)
    shop.deals.win(shop.deals.add(title="Да").id)
    table = lost(shop)
    assert [(row["lost_reason"], row["lost"], row["share"], row["drop_off"]) for row in table.rows] == [
        ("price", 2, 66.67, 50.0),
        ("competitor", 1, 33.33, 25.0),
    ]
    assert table.totals["drop_off"] == 75.0


def test_deals_beyond_the_norm_of_their_stage_are_stalled(shop: Workspace) -> None:
    past(shop, created=time("2020-01-01"), stage="proposal", stage_since=time("2020-01-01"))
    shop.deals.add(title="Новая", stage="proposal")
    row = of_stage(stages(shop).rows, "proposal")
    assert (row["open"], row["stalled"], row["norm_days"]) == (2, 1, 14)


def test_leads_and_sources_on_the_command_line(line: CommandLine) -> None:
    line("lead", "add", "A", "--source", "site")
    line("lead", "add", "B", "--source", "site")
    line("lead", "add", "C", "--source", "flyer")
    line("lead", "qualify", 1)
    line("lead", "reject", 2, "--reason", "wrong_number")
    line("lead", "convert", 1, "--deal", "--amount", "100")
    line("deal", "set", 1, "source=site")
    line("deal", "win", 1)

    leads = line("report", "leads", "--json").json
    assert leads["report"] == "leads"
    assert {key: leads["rows"][0][key] for key in ("source", "leads", "good", "junk", "converted", "conversion")} == {
        "source": "site", "leads": 2, "good": 1, "junk": 1, "converted": 1, "conversion": 50.0,
    }  # fmt: skip
    sources = [json.loads(text) for text in line("report", "sources", "--nl").lines]
    assert [(row["source"], row["leads"], row["won"]) for row in sources] == [("site", 2, 1), ("flyer", 1, 0)]
    assert sources[0]["value"] == {"amount": "100.00", "currency": "RUB"}


def test_every_report_answers_an_empty_workspace_in_every_form(line: CommandLine) -> None:
    names = [json.loads(text)["name"] for text in line("report", "--nl").lines]
    assert set(REPORTS) <= set(names)
    for name in REPORTS:
        assert line("report", name, "--json").json["report"] == name
        assert line("report", name, "--csv").lines
        line("report", name, "--nl")
        line("report", name)


@pytest.mark.parametrize("report", [funnel, sales, cycle, lost, stages])
def test_the_past_is_reported_as_it_was(shop: Workspace, report: Callable[..., Table]) -> None:
    company = shop.companies.add(name="Роза", industry="retail")
    shop.deals.add(title="A", amount=10, company=company.ref)
    shop.deals.win(1)
    number = shop.store.number
    asked = Asked(by="company.industry")
    before = report(shop, asked).to_json("then")
    shop.deals.lose(shop.deals.add(title="B", amount=1).id, "price")
    shop.deals.add(title="C", amount=1)
    shop.companies.set(1, industry="it")
    shop.deals.set(1, amount=1000)
    assert report(shop, asked).to_json("then") != before
    with shop.at(number) as then:
        assert report(then, asked).to_json("then") == before


def test_a_report_of_a_third_party_and_one_that_fails(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_PLUGINS")
    folder = line.root / "config" / "plugins"
    folder.mkdir()
    (folder / "birthdays.py").write_text(
        '''
"""Counts contacts."""
from crm import hookimpl
from crm.model.report import Figure, Table

def contacts(crm, asked):
    return Table((Figure("count", "Contacts", "count"),), [{"count": crm.contacts.count()}])

def broken(crm, asked):
    return [1]

@hookimpl
def register_reports(register):
    register("contacts", contacts, title="How many contacts")
    register("broken", broken, title="Broken")
''',
        encoding="utf-8",
    )
    line("contact", "add", "Иван")
    assert line("report", "contacts", "--json").json["rows"] == [{"count": 1}]
    assert "birthdays" in line("report", "broken", code=7).err
    assert "funnel" in line("report", "nothing", code=3).err
    assert "day" in line("report", "funnel", "--from", "yestermorrow", code=4).err


def test_a_department_has_those_below_it(shop_folder: Path) -> None:
    departments = [
        {"id": "sales", "title": "Sales"},
        {"id": "retail", "title": "Retail", "parent": "sales"},
        {"id": "service", "title": "Service"},
    ]
    (shop_folder / "config" / "departments.yaml").write_text(json.dumps({"departments": departments}))
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        for login, department in (("rita", "retail"), ("sam", "service")):
            crm.users.add(name=login, login=login, role="manager", department=department)
            crm.deals.win(crm.deals.add(title=login, amount=5, owner=login).id)
        assert sales(crm, Asked(department="sales")).totals["won"] == 1
        assert sales(crm, Asked(department="service")).totals["won"] == 1
        with pytest.raises(NotFound, match="Known: sales, retail, service"):
            sales(crm, Asked(department="nowhere"))

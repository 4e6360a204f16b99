from __future__ import annotations

from pathlib import Path

import pytest

from crm import open_workspace
from crm.errors import InvalidValue, Refused
from crm.sales.undo import undo
from crm.settings_file import change_setting
from crm.workspace import Workspace


def set_account(crm: Workspace, key: str, value: object) -> Workspace:
    change_setting(crm.root / "config" / "crm.yaml", [key], value)
    return open_workspace(crm.root, actor="olga", language="en")


def test_a_new_lead_stands_on_the_first_stage(sales: Workspace) -> None:
    lead = sales.leads.add(name="Москва, Василий, щебень", source="site")
    assert (lead.stage, lead.owner, lead.source) == ("new", "olga", "site")
    assert lead.stage_since == lead.created


def test_a_source_may_be_typed_freely(sales: Workspace) -> None:
    assert sales.leads.add(name="A", source="Сайт").source == "site"
    assert sales.leads.add(name="B", source="выставка").source == "выставка"


def test_qualifying_marks_as_good_and_puts_to_work(sales: Workspace) -> None:
    lead = sales.leads.qualify(sales.leads.add(name="A").id)
    assert (lead.quality, lead.stage) == ("good", "in_work")


def test_rejecting_needs_a_reason_of_the_dictionary_or_words(sales: Workspace) -> None:
    lead = sales.leads.reject(sales.leads.add(name="A").id, "Wrong number")
    assert (lead.quality, lead.junk_reason, lead.stage) == ("junk", "wrong_number", "rejected")


def test_moving_a_rejected_lead_takes_it_back(sales: Workspace) -> None:
    lead = sales.leads.add(name="A")
    sales.leads.reject(lead.id, "spam")
    taken = sales.leads.move(lead.id, "in_work")
    assert (taken.stage, taken.quality, taken.junk_reason) == ("in_work", "", "")


def test_an_unknown_stage_is_told_with_those_there_are(sales: Workspace) -> None:
    with pytest.raises(InvalidValue, match="in_work"):
        sales.leads.move(sales.leads.add(name="A").id, "proposal")


class TestConversion:
    """E6: ready to pay, a client and a deal; E7: still thinking, a client alone."""

    def test_with_a_deal(self, sales: Workspace) -> None:
        lead = sales.leads.add(name="Щебень", phones=["8 916 123-45-67"], source="site", amount=500)
        made = sales.leads.convert(lead.id, company="ООО Ромашка", deal=True)
        assert made.company is not None
        assert made.contact is not None
        assert made.deal is not None
        assert (made.lead.stage, made.lead.converted_to) == ("converted", made.deal.ref)
        assert (made.deal.company, made.deal.contacts, made.deal.lead) == (
            made.company.ref,
            (made.contact.ref,),
            lead.ref,
        )
        assert (made.deal.source, str(made.deal.amount)) == ("site", str(lead.amount))
        assert made.contact.phones == lead.phones

    def test_without_a_deal(self, sales: Workspace) -> None:
        made = sales.leads.convert(sales.leads.add(name="Василий").id)
        assert made.deal is None
        assert made.company is None
        assert made.contact is not None
        assert made.lead.converted_to == made.contact.ref

    def test_a_known_client_is_not_made_twice(self, sales: Workspace) -> None:
        company = sales.companies.add(name="ООО «Ромашка»")
        contact = sales.contacts.add(name="Иван", phones=["+7 916 123-45-67"])
        lead = sales.leads.add(name="Щебень", phones=["89161234567"])
        made = sales.leads.convert(lead.id, company="ооо ромашка", deal=True)
        assert made.company == company
        assert made.contact is not None
        assert (made.contact.ref, made.contact.companies) == (contact.ref, (company.ref,))

    def test_is_one_change_and_one_undo(self, sales: Workspace) -> None:
        lead = sales.leads.add(name="Щебень", phones=["89161234567"])
        before = sales.store.number
        sales.leads.convert(lead.id, company="ООО Ромашка", deal=True)
        assert sales.store.number == before + 1
        undo(sales)
        assert [sales.companies.count(), sales.contacts.count(), sales.deals.count()] == [0, 0, 0]
        assert sales.leads.get(lead.id).stage == "new"

    def test_twice_is_refused_with_what_it_became(self, sales: Workspace) -> None:
        lead = sales.leads.add(name="Щебень")
        sales.leads.convert(lead.id, deal=True)
        with pytest.raises(Refused, match="deal/1"):
            sales.leads.convert(lead.id)
        with pytest.raises(Refused):
            sales.leads.move(lead.id, "new")

    def test_what_is_to_be_done_goes_on_about_the_deal(self, sales: Workspace) -> None:
        lead = sales.leads.add(name="Щебень")
        todo = sales.activities.add(kind="call", about=lead.ref)
        was = sales.activities.add(kind="call", about=lead.ref, done=True)
        made = sales.leads.convert(lead.id, deal=True)
        assert made.deal is not None
        assert sales.activities.get(todo.id).about == made.deal.ref
        assert sales.activities.get(was.id).about == lead.ref


class TestModes:
    """S1, S2, P5: where a request becomes a deal at once."""

    def test_classic(self, sales: Workspace) -> None:
        assert sales.leads.take(name="Василий").ref == "lead/1"

    def test_simple(self, sales: Workspace) -> None:
        crm = set_account(sales, "mode", "simple")
        deal = crm.leads.take(name="Василий", phones=["8 916 123-45-67"], amount=500, comment="срочно")
        assert deal.ref == "deal/1"
        assert (deal.doc["amount"]["amount"], deal.doc["comment"]) == ("500.00", "срочно")
        assert crm.contacts.get(1).phones == ("+79161234567",)
        assert crm.leads.count() == 0

    def test_a_department_without_leads(self, sales: Workspace) -> None:
        sales.users.add(name="Ольга", login="olga", role="admin", department="sales")
        crm = set_account(sales, "leads_off_departments", ["sales"])
        assert crm.leads.take(name="Василий").ref == "deal/1"

    def test_a_pipeline_that_takes_a_source(self, sales: Workspace) -> None:
        path = Path(sales.root) / "config" / "pipelines.yaml"
        change_setting(path, ["pipelines", "service", "auto_create"], ["site"])
        crm = open_workspace(sales.root, actor="olga", language="en")
        deal = crm.leads.take(name="Василий", source="Website")
        assert (deal.ref, deal.doc["pipeline"], deal.doc["source"]) == ("deal/1", "service", "site")
        assert crm.leads.take(name="Олег", source="flyer").ref == "lead/1"

    def test_a_known_client_is_linked(self, sales: Workspace) -> None:
        contact = sales.contacts.add(name="Иван", phones=["+7 916 123-45-67"])
        crm = set_account(sales, "mode", "simple")
        deal = crm.leads.take(name="Щебень", phones=["8 916 123-45-67"], company_name="ООО Ромашка")
        assert (deal.doc["contacts"], deal.doc["company"]) == ([contact.ref], "company/1")

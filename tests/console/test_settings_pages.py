"""Settings in the console: each page writes the YAML that people could have written, and keeps their comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from crm.settings import defaults_folder
from tests.console.client import Client
from tests.console.conftest import Running
from tests.console.filled import filled


def text(running: Running, name: str) -> str:
    return (running.root / "config" / f"{name}.yaml").read_text(encoding="utf-8")


def test_only_who_may_change_settings_sees_them(ivan: Client) -> None:
    assert ivan.get("/settings").status == 403
    assert ivan.post("/settings/account", {"name": "Mine"}).status == 403
    assert ivan.post("/settings/items/departments", {"+title": "Mine"}).status == 403
    assert ivan.post("/settings/file/crm", {"text": ""}).status == 403
    assert ivan.post("/settings/plugins", {"name": "bank", "do": "off"}).status == 403
    assert 'href="/settings"' not in ivan.get("/my").body


def test_requisites_are_written_beside_their_comments(olga: Client, running: Running) -> None:
    before = text(running, "crm")
    form = {"company.legal_name": "Общество «Ромашка»", "company.bank.bik": "044525225", "trash_days": "31"}
    assert olga.post("/settings/account", form).location == "/settings"
    after = text(running, "crm")
    assert 'legal_name: "Общество «Ромашка»"' in after or "legal_name: Общество «Ромашка»" in after
    assert "044525225" in after
    assert re.findall("#.*", after) == re.findall("#.*", before)
    assert 'value="044525225"' in olga.get("/settings/account").body
    olga.post("/settings/account", {"trash_days": "30"})


def test_a_value_that_is_none_is_not_saved(olga: Client, running: Running) -> None:
    before = text(running, "crm")
    reply = olga.post("/settings/account", {"currency": "roubles"})
    assert (reply.status, "Not saved yet" in reply.body) == (422, True)
    assert 'value="roubles"' in reply.body
    assert text(running, "crm") == before


def test_a_stage_is_added_renamed_put_up_and_removed(olga: Client, running: Running) -> None:
    address = "/settings/items/pipeline.service"
    olga.post(address, {"+title": "Awaiting parts", "+id": "parts", "do": "save"})
    assert [one["id"] for one in olga.get(f"{address}.json").data["items"]][-1] == "parts"
    olga.post(address, {"parts.title": "Parts on the way", "parts.norm_days": "4", "do": "up:parts"})
    listed = olga.get(f"{address}.json").data["items"]
    assert listed[-2] == {"id": "parts", "title": "Parts on the way"}
    assert "Parts on the way" in olga.get("/board/deal/service").body
    assert "# won and lost are outcomes" in text(running, "pipelines").lower()
    assert olga.post(address, {"do": "remove:parts"}).status == 303
    assert "parts" not in [one["id"] for one in olga.get(f"{address}.json").data["items"]]


def test_a_stage_with_deals_stays(olga: Client) -> None:
    reply = olga.post("/settings/items/pipeline.sales", {"do": "remove:new"})
    assert (reply.status, "Records stand in this stage" in reply.body) == (422, True)


def test_wrong_values_of_a_list_are_said_and_kept(olga: Client, running: Running) -> None:
    before = text(running, "pipelines")
    address = "/settings/items/pipeline.sales"
    for form in ({"new.norm_days": "soon"}, {"+title": ""}, {"new.probability": "many"}):
        reply = olga.post(address, {**form, "do": "save"})
        assert reply.status in (303, 422)
    assert olga.post(address, {"+title": "x", "+id": "Not Latin"}).status == 422
    assert olga.post("/settings/items/pipeline.none").status == 404
    assert text(running, "pipelines") == before


def test_a_dictionary_takes_a_new_entry(olga: Client) -> None:
    olga.post("/settings/items/dictionary.industries", {"+title": "Beekeeping"})
    assert "Beekeeping" in olga.get("/settings/items/dictionary.industries").body
    assert "Beekeeping" in olga.get("/company/1/edit").body


def test_files_are_listed_by_what_people_call_them(olga: Client) -> None:
    page = olga.get("/settings").body
    assert "<span>Price list<small>pricelist.yaml</small></span>" in page
    assert all(f"<small>{path.name}</small>" in page for path in defaults_folder().glob("*.yaml"))


def test_a_file_is_checked_before_it_is_saved(olga: Client, running: Running) -> None:
    page = olga.get("/settings/file/departments")
    seal = re.search(r'name="seal" value="(\w+)"', page.body)
    assert seal is not None
    before = text(running, "departments")
    broken = olga.post("/settings/file/departments", {"text": "departments: [", "seal": seal[1]})
    assert (broken.status, "departments: [" in broken.body) == (422, True)
    assert text(running, "departments") == before
    saved = olga.post("/settings/file/departments", {"text": before + "# seen by olga\n", "seal": seal[1]})
    assert saved.status == 303
    assert text(running, "departments").endswith("# seen by olga\n")
    stale = olga.post("/settings/file/departments", {"text": before, "seal": seal[1]})
    assert (stale.status, "changed meanwhile" in stale.body) == (422, True)
    assert olga.get("/settings/file/nothing").status == 404


def test_a_plugin_is_switched_off_and_on(olga: Client) -> None:
    assert olga.post("/settings/plugins", {"name": "lint", "do": "off"}).status == 303
    states = {one["name"]: one["on"] for one in olga.get("/settings/plugins.json").data["plugins"]}
    assert (states["lint"], states["reports"]) == (False, True)
    olga.post("/settings/plugins", {"name": "lint", "do": "on"})
    states = {one["name"]: one["on"] for one in olga.get("/settings/plugins.json").data["plugins"]}
    assert states["lint"]


def test_rates_of_currencies_are_set_and_changed(olga: Client, running: Running) -> None:
    path = running.root / "config" / "crm.yaml"
    old = path.read_text()
    new = {"date": "2026-01-31", "code": "usd", "price": "90,50"}
    assert olga.post("/settings/rates", {**new, "code": "dollars"}).status == 422
    assert olga.post("/settings/rates", new).status == 303
    held = olga.get("/settings/rates.json").data["rates"]
    assert held == [{"date": "2026-01-31", "currency": "USD", "price": "90.5"}]
    assert olga.post("/settings/rates", {"0.USD": "91"}).status == 303
    assert "USD: 91" in path.read_text()
    assert "# Rates (курсы валют)" in path.read_text(), "comments stay"
    path.write_text(old)


def test_rights_of_roles_are_changed(olga: Client, ivan: Client, running: Running) -> None:
    path = running.root / "config" / "access.yaml"
    old = path.read_text()
    assert olga.post("/settings/roles", {"manager.export": "false", "manager.read": "own"}).status == 303
    assert ivan.get("/deals.csv").status == 403
    assert "# Roles (роли)" in path.read_text()
    assert olga.post("/settings/roles", {"admin.settings": "false"}).status == 422
    assert ivan.post("/settings/roles", {"manager.export": "true"}).status == 403
    path.write_text(old)


def test_a_field_of_ones_own_is_added_with_choices(olga: Client, running: Running) -> None:
    path = running.root / "config" / "fields.yaml"
    old = path.read_text()
    assert olga.post("/settings/items/fields.deal", {"+title": "Terms", "+id": "terms"}).status == 303
    form = {"terms.type": "choice", "terms.options": "Prepaid; Postpaid", "terms.required": ""}
    assert olga.post("/settings/items/fields.deal", form).status == 303
    assert "Prepaid</option>" in olga.get("/deal/add").body
    assert olga.post("/settings/items/fields.deal", {**form, "terms.type": "nonsense"}).status == 422
    assert olga.post("/settings/items/fields.deal", {**form, "do": "remove:terms"}).status == 303
    assert "Prepaid" not in olga.get("/deal/add").body
    path.write_text(old)


def test_a_stage_called_new_is_not_renamed_by_adding_one(olga: Client, running: Running) -> None:
    path = running.root / "config" / "pipelines.yaml"
    old = path.read_text()
    assert olga.post("/settings/items/pipeline.sales", {"+title": "Extra"}).status == 303
    titles = [one["title"] for one in olga.get("/settings/items/pipeline.sales.json").data["items"]]
    assert (titles[0], titles[-1]) == ("New", "Extra")
    assert olga.post("/settings/items/pipeline.sales", {"new.title": "Fresh", "+title": ""}).status == 303
    titles = [one["title"] for one in olga.get("/settings/items/pipeline.sales.json").data["items"]]
    assert (titles[0], len(titles)) == ("Fresh", 6)
    path.write_text(old)


# --- forms of files ---------------------------------------------------------------------------------------------------

PAGES = (
    "account", "roles", "items/departments", "items/pipeline.sales", "items/pipeline.leads", "goals/sales",
    "items/dictionary.classifiers", "items/dictionary.directions", "items/dictionary.units",
    "form/departments", "form/pipelines", "form/mailings", "form/mailbox", "form/onec",
    "form/quotes", "form/invoices", "form/planner", "form/motivator", "form/control", "form/scoring", "form/sla",
    "form/site", "form/messenger", "form/telephony", "form/pricelist", "form/crm", "form/vat", "form/access",
    "form/documents", "form/processes",
)  # fmt: skip


def files(running: Running) -> dict[str, str]:
    return {path.name: path.read_text() for path in (running.root / "config").glob("*.yaml")}


@pytest.fixture
def kept(running: Running) -> Iterator[dict[str, str]]:
    """Give the files of the settings, and put them back."""
    held = files(running)
    yield held
    for name, words in held.items():
        (running.root / "config" / name).write_text(words)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_saved_as_it_stands_changes_nothing(
    olga: Client, running: Running, kept: dict[str, str], page: str
) -> None:
    assert f'href="/settings/{page}"' in olga.get("/settings").body
    reply = olga.post(f"/settings/{page}", filled(olga.get(f"/settings/{page}").body))
    assert reply.status == 303, reply.body[-3000:]
    assert files(running) == kept


def test_the_mail_server_is_set_beside_its_comments(olga: Client, running: Running, kept: dict[str, str]) -> None:
    form = filled(olga.get("/settings/form/mailings").body) | {"smtp.host": ["smtp.example.com"], "smtp.tls": ["tls"]}
    assert olga.post("/settings/form/mailings", form).status == 303
    after = text(running, "mailings")
    assert ('host: "smtp.example.com"' in after, "tls: tls " in after) == (True, True)
    assert re.findall("#.*", after) == re.findall("#.*", kept["mailings.yaml"])


def test_a_box_is_added_with_what_it_needs_and_taken_out(olga: Client, running: Running, kept: dict[str, str]) -> None:
    address = "/settings/form/mailbox"
    lacking = olga.post(address, filled(olga.get(address).body) | {"boxes.+.name": ["info"]})
    assert (lacking.status, lacking.body.count("This is needed.")) == (422, 4), "above, and beside both fields"
    box = {"boxes.+.name": ["info"], "boxes.+.address": ["i@example.com"], "boxes.+.host": ["imap.example.com"]}
    assert olga.post(address, filled(olga.get(address).body) | box).status == 303
    assert "host: imap.example.com" in text(running, "mailbox")
    many = filled(olga.get(address).body) | {"signatures": ["default: Regards\nolga: Olga"], "boxes.0.port": ["143"]}
    assert olga.post(address, many).status == 303
    assert ("olga: Olga" in text(running, "mailbox"), "port: 143" in text(running, "mailbox")) == (True, True)
    assert olga.post(address, filled(olga.get(address).body) | {"boxes.0.-": ["yes"], "signatures": [""]}).status == 303
    assert "imap.example.com\n    port" not in text(running, "mailbox")
    assert re.findall("^#.*", text(running, "mailbox"), re.M) == re.findall("^#.*", kept["mailbox.yaml"], re.M)


@pytest.mark.parametrize(
    ("page", "control", "typed", "said"),
    [
        ("form/mailings", "smtp.port", "many", "A whole number is needed."),
        ("form/mailbox", "signatures", "olga", "has no colon"),
        ("form/departments", "holidays", "soon", "A date like 2026-12-31 is expected"),
        ("form/pipelines", "pipelines.0.funnel_starts_at", "nowhere", "nowhere is not known here"),
        ("form/quotes", "number", "{bad}", "{bad}"),
        ("account", "currency", "roubles", "three capital letters"),
        ("items/pipeline.sales", "new.color", "red", "red"),
        ("items/pipeline.sales", "new.probability", "200", "from 0 to 100"),
        ("goals/sales", "proposal.0.to", "nowhere", "nowhere"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_control(
    olga: Client, running: Running, kept: dict[str, str], page: str, control: str, typed: str, said: str
) -> None:
    reply = olga.post(f"/settings/{page}", filled(olga.get(f"/settings/{page}").body) | {control: [typed]})
    assert reply.status == 422
    beside = reply.body.partition(f'name="{control}"')[2][:2500]
    assert 'aria-invalid="true"' in beside[:200]
    assert said in re.findall(r'class="error">(.*?)</span>', beside, re.S)[0].replace("&#39;", "'")
    assert files(running) == kept


def test_every_goal_of_a_stage_is_edited(olga: Client, running: Running, kept: dict[str, str]) -> None:
    address = "/settings/goals/sales"
    assert olga.post(address, {"+.stage": "new"}).status == 422
    olga.post(address, {"+.stage": "new", "+.on": "activity_done", "+.kind": "meeting", "+.to": "proposal"})
    olga.post(address, {"+.stage": "new", "+.on": "ticked", "+.title": "Measured"})
    held = [one for one in olga.get(f"{address}.json").data["goals"] if one["stage"] == "new"]
    assert held[0] == {"stage": "new", "on": "activity_done", "kind": "meeting", "to": "proposal"}
    assert (held[1]["on"], held[1]["id"], held[1]["title"]) == ("ticked", "goal_new_1", {"en": "Measured"})
    assert olga.post(address, {"new.1.title": "Measured twice", "new.0.to": ""}).status == 303
    assert "Measured twice" in olga.get("/settings/items/pipeline.sales").body
    assert "Measured twice" in olga.get("/deal/1").body
    olga.post(address, {"new.0.on": "", "new.1.on": ""})
    assert [one for one in olga.get(f"{address}.json").data["goals"] if one["stage"] == "new"] == []
    assert re.findall("#.*", text(running, "pipelines")) == re.findall("#.*", kept["pipelines.yaml"])


def test_working_days_holidays_and_norms_are_set(olga: Client, running: Running, kept: dict[str, str]) -> None:
    address = "/settings/form/departments"
    form = filled(olga.get(address).body) | {
        "holidays": ["2027-01-01, 2027-01-07"],
        "departments.0.working_days": ["mon"],
    }
    assert olga.post(address, form).status == 303
    assert olga.post("/settings/form/motivator", {"norms": "ivan: 50,5"}).status == 303
    assert ("2027-01-07" in text(running, "departments"), "ivan: 50.5" in text(running, "motivator")) == (True, True)
    for name in ("departments", "motivator"):
        assert re.findall("#.*", text(running, name)) == re.findall("#.*", kept[f"{name}.yaml"])


def test_a_role_and_a_value_of_a_classifier_are_added(olga: Client, running: Running, kept: dict[str, str]) -> None:
    assert olga.post("/settings/roles", {"+title": "Trainee"}).status == 303
    assert "Trainee" in olga.get("/settings/roles").body
    assert "Trainee" in olga.get("/user/add").body
    assert olga.post("/settings/roles", {"role_1.title": "Junior", "head.title": "Chief"}).status == 303
    assert ("Junior" in olga.get("/user/add").body, "uk: Керівник, en: Chief" in text(running, "access")) == (
        True,
        True,
    )
    values = "Loyal; Neutral; Disloyal; Devoted"
    assert olga.post("/settings/items/dictionary.classifiers", {"loyalty.values": values}).status == 303
    assert "Devoted</option>" in olga.get("/company/1/edit").body
    assert "{id: loyal, title: {ru: Лояльный" in text(running, "dictionaries"), "what was there stays as it was written"


def test_another_company_of_ours_is_added_with_its_bank(olga: Client, running: Running, kept: dict[str, str]) -> None:
    address = "/settings/form/crm"
    wished = {"companies.+.name": ["Second"], "companies.+.bank.bik": ["044525225"]}
    assert olga.post(address, filled(olga.get(address).body) | wished).status == 422, "its id is needed"
    assert olga.post(address, filled(olga.get(address).body) | wished | {"companies.+.id": ["second"]}).status == 303
    assert re.search(r"companies:.*id: second", text(running, "crm"), re.S)
    assert 'value="044525225"' in olga.get(address).body
    assert re.findall("#.*", text(running, "crm")) == re.findall("#.*", kept["crm.yaml"])


def test_a_rate_of_vat_and_a_step_of_a_process_are_added(olga: Client, running: Running, kept: dict[str, str]) -> None:
    rate = {"rates.+.from": ["2027-01-01"], "rates.+.country": ["RU"], "rates.+.rates": ["24, 10, 0"]}
    address = "/settings/form/vat"
    assert olga.post(address, filled(olga.get(address).body) | rate).status == 422, "the usual one is needed"
    assert olga.post(address, filled(olga.get(address).body) | rate | {"rates.+.main": ["24"]}).status == 303
    assert "from: 2027-01-01" in text(running, "vat")
    step = {"processes.0.steps.+.id": ["call_back"], "processes.0.steps.+.title": ["Call back"]}
    address = "/settings/form/processes"
    assert olga.post(address, filled(olga.get(address).body) | step).status == 303
    assert "id: call_back" in text(running, "processes")


def test_entries_have_what_their_dictionary_knows(olga: Client, running: Running, kept: dict[str, str]) -> None:
    address = "/settings/items/dictionary."
    olga.post(f"{address}directions", {"repair.documents": "contract, act"})
    olga.post(f"{address}activity_kinds", {"meeting.directed": "yes"})
    olga.post(f"{address}units", {"+title": "pallet", "+id": "pallet"})
    assert olga.post(f"{address}units", {"pallet.code": "999"}).status == 303
    now = text(running, "dictionaries")
    assert "documents: [contract, act]" in now
    assert re.search(r"id: meeting.*?directed: true", now, re.S)
    assert re.search(r"id: pallet.*?code: '?999", now, re.S)
    assert re.findall("#.*", now) == re.findall("#.*", kept["dictionaries.yaml"])


@pytest.mark.parametrize(
    ("page", "file", "theirs", "mine"),
    [
        ("form/vat", "vat", {"rates.0.-": ["yes"]}, {"rates.1.-": ["yes"]}),
        ("form/control", "control", {"overdue_days": ["3"]}, {"overdue_days": ["4"]}),
        ("goals/sales", "pipelines", {"proposal.0.on": [""]}, {"proposal.0.on": [""]}),
        ("items/departments", "departments", {"sales.norm": ["41"]}, {"sales.norm": ["42"], "+title": ["Night"]}),
        ("rates", "crm", {"code": ["USD"], "price": ["90"]}, {"code": ["EUR"], "price": ["99"]}),
        ("roles", "access", {"manager.create": ["false"]}, {"+title": ["Night"], "manager.read": ["own"]}),
        ("account", "crm", {"trash_days": ["31"]}, {"trash_days": ["32"], "name": ["Mine"]}),
    ],
)
def test_a_page_that_is_older_than_its_file_is_not_saved(
    olga: Client, running: Running, kept: dict[str, str], page: str, file: str,
    theirs: dict[str, list[str]], mine: dict[str, list[str]],
) -> None:  # fmt: skip
    seen = filled(olga.get(f"/settings/{page}").body)
    assert olga.post(f"/settings/{page}", seen | theirs).status == 303
    after = files(running)
    assert after != kept
    reply = olga.post(f"/settings/{page}", seen | mine)
    assert (reply.status, f"{file}.yaml was changed meanwhile." in reply.body) == (422, True)
    assert files(running) == after
    shown = filled(reply.body)
    assert all(shown[name] == typed for name, typed in mine.items() if typed[0] not in ("", "yes"))
    assert shown["seal"] == seen["seal"], "an older page stays one until it is opened again"
    again = filled(olga.get(f"/settings/{page}").body)
    assert olga.post(f"/settings/{page}", again).status == 303


def test_a_number_that_is_emptied_keeps_its_comment_and_may_come_back(
    olga: Client, running: Running, kept: dict[str, str]
) -> None:
    file, address = running.root / "config" / "control.yaml", "/settings/form/control"
    file.write_text(re.sub(r"(?m)^touch_days: .*", "touch_days: 20  # talk to them", kept["control.yaml"]))
    assert olga.post(address, filled(olga.get(address).body) | {"touch_days": [""]}).status == 303
    assert re.search("(?m)^touch_days: +# talk to them$", text(running, "control"))
    assert filled(olga.get(address).body)["touch_days"] == ["30"], "what holds by itself"
    assert olga.post(address, filled(olga.get(address).body) | {"touch_days": ["21"]}).status == 303
    assert re.search("(?m)^touch_days: 21 +# talk to them$", text(running, "control"))
    items = "/settings/items/pipeline.sales"
    assert olga.post(items, filled(olga.get(items).body) | {"new.norm_days": [""]}).status == 303
    assert re.findall("#.*", text(running, "pipelines")) == re.findall("#.*", kept["pipelines.yaml"])


def test_a_key_that_was_not_sent_stays_and_boxes_without_a_mark_are_empty(
    olga: Client, running: Running, kept: dict[str, str]
) -> None:
    whole = filled(olga.get("/settings/form/mailings").body)
    few = {name: whole[name] for name in ("whole", "seal")}
    assert olga.post("/settings/form/mailings", few | {"smtp.host": ["smtp.example.com"]}).status == 303
    lines = [one for one in text(running, "mailings").splitlines() if one not in kept["mailings.yaml"].splitlines()]
    assert all("host:" in one or "false" in one for one in lines), lines


def test_an_own_field_is_put_up_and_a_new_item_is_kept_with_it(
    olga: Client, running: Running, kept: dict[str, str]
) -> None:
    address = "/settings/items/fields.product"
    for name in ("first_own", "second_own"):
        assert olga.post(address, {"+title": name, "+id": name}).status == 303
    assert olga.post(address, {"+title": "Third", "+id": "third_own", "do": "up:second_own"}).status == 303
    listed = [one["id"] for one in olga.get(f"{address}.json").data["items"]]
    assert listed[-3:] == ["second_own", "first_own", "third_own"]

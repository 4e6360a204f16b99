from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm.errors import Damaged, InvalidValue, Refused
from crm.initialise import initialise
from crm.locale import use_language
from crm.model.shape import Shape
from crm.settings import CACHE, CORE, Settings, defaults_folder, load_settings
from crm.settings_file import change_setting, write_config

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write_config(tmp_path, "ru", "RUB", "Ромашка", "olga")
    (tmp_path / "data").mkdir()
    return tmp_path


def age(root: Path, seconds: float = 60) -> None:
    then = time.time() - seconds
    for file in (root / "config").iterdir():
        os.utime(file, (then, then))


def put(root: Path, name: str, text: str) -> None:
    (root / "config" / f"{name}.yaml").write_text(text, encoding="utf-8")


def edit(root: Path, name: str, old: str, new: str) -> None:
    file = root / "config" / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def failure(root: Path) -> str:
    with pytest.raises(InvalidValue) as caught:
        load_settings(root)
    return str(caught.value)


def test_every_core_section_is_shipped() -> None:
    assert {file.stem for file in defaults_folder().glob("*.yaml")} >= set(CORE)


def test_shipped_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    sales = settings.pipeline()
    assert [(stage.id, stage.title.text("ru")) for stage in sales.stages] == [
        ("new", "Новые"),
        ("qualified", "В работе"),
        ("proposal", "Выставлено КП"),
        ("invoice", "Выставлен счёт"),
        ("signing", "На подпись"),
    ]
    assert [stage.id for stage in settings.leads.stages] == ["new", "in_work"]
    assert settings.pipeline("Сервис").id == "service"
    words = settings.dictionaries
    assert [one.id for one in words.sources.entries] == [
        *("site", "ad_phone", "corporate_mail", "call_in", "call_out", "flyer", "open_lines")
    ]
    assert [one.title.text("ru") for one in words.deal_types.entries] == [
        *("Продажа", "Продажа услуги", "Продажа товара", "Допродажа", "Сервисное обслуживание", "Другое")
    ]
    assert words.sources.open
    assert not words.deal_types.open
    assert settings.departments.departments[0].norm == 48
    assert settings.leads_on()
    assert settings.account.lead_name_scheme.fits("Москва, Василий, щебень")


def test_every_shipped_title_is_in_three_languages(tmp_path: Path) -> None:
    def titles(node: object) -> list[dict[str, str]]:
        if isinstance(node, list):
            return [title for item in node for title in titles(item)]
        if not isinstance(node, dict):
            return []
        if "ru" in node:
            return [node]
        return [title for item in node.values() for title in titles(item)]

    from crm.settings_reading import read_plain

    found = [title for name in CORE for title in titles(read_plain(defaults_folder() / f"{name}.yaml"))]
    assert len(found) > 80
    assert [title for title in found if set(title) != {"ru", "uk", "en"}] == []


def test_goals_of_the_main_job(tmp_path: Path) -> None:
    sales = load_settings(tmp_path).pipeline("sales")
    (accepted,) = sales.stage("proposal").goals_on("quote_accepted")
    (paid,) = sales.stage("invoice").goals_on("invoice_paid")
    assert sales.after(sales.stage("proposal"), accepted) == sales.stage("invoice")
    assert sales.after(sales.stage("invoice"), paid) == sales.stage("signing")


@pytest.mark.parametrize(
    ("language", "currency", "expected"),
    [
        ("ru", "RUB", ("RUB", "RU", "Europe/Moscow")),
        ("uk", "UAH", ("UAH", "UA", "Europe/Kyiv")),
        ("uk", "", ("UAH", "UA", "Europe/Kyiv")),
        ("en", "usd", ("USD", "US", "UTC")),
        ("en", "EUR", ("EUR", "US", "UTC")),
    ],
)
def test_new_workspace(tmp_path: Path, language: str, currency: str, expected: tuple[str, str, str]) -> None:
    write_config(tmp_path, language, currency, 'Кафе "У моря" # 1', "olga")
    settings = load_settings(tmp_path)
    assert (settings.currency, settings.country, settings.account.time_zone) == expected
    assert settings.language == language
    assert settings.account.name == settings.company.name == 'Кафе "У моря" # 1'
    assert settings.owner_for(settings.pipeline()) == "olga"


def test_new_workspace_keeps_every_comment(shop: Path) -> None:
    def comments(file: Path) -> list[str]:
        return [line.partition("#")[2] for line in file.read_text(encoding="utf-8").splitlines() if "#" in line]

    for file in defaults_folder().glob("*.yaml"):
        assert comments(shop / "config" / file.name) == comments(file)


def test_workspace_is_not_overwritten(shop: Path) -> None:
    with pytest.raises(Refused):
        write_config(shop, "en", "USD", "Other", "ivan")
    assert load_settings(shop).account.name == "Ромашка"


def test_cache_is_used_and_gives_the_same(shop: Path) -> None:
    age(shop)
    cold = load_settings(shop)
    cache = shop / CACHE
    held = json.loads(cache.read_text(encoding="utf-8"))
    warm = load_settings(shop)
    assert warm.account == cold.account
    assert warm.pipelines == cold.pipelines
    assert warm.dictionaries == cold.dictionaries
    held["data"]["crm"]["name"] = "from the cache"
    cache.write_text(json.dumps(held), encoding="utf-8")
    assert load_settings(shop).account.name == "from the cache"


def test_an_edit_makes_the_cache_stale(shop: Path) -> None:
    age(shop)
    load_settings(shop)
    edit(shop, "crm", "trash_days: 30", "trash_days: 45")
    assert load_settings(shop).account.trash_days == 45
    (shop / "config" / "crm.yaml").unlink()
    assert load_settings(shop).account.trash_days == 30


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1, "data": {}}'])
def test_a_damaged_cache_is_replaced(shop: Path, text: str) -> None:
    age(shop)
    load_settings(shop)
    (shop / CACHE).write_text(text, encoding="utf-8")
    assert load_settings(shop).account.name == "Ромашка"
    assert json.loads((shop / CACHE).read_text(encoding="utf-8"))["data"]["crm"]["name"] == "Ромашка"


def test_a_file_that_changed_this_moment_is_not_cached(shop: Path) -> None:
    ahead = time.time() + 60
    os.utime(shop / "config" / "crm.yaml", (ahead, ahead))
    load_settings(shop)
    assert not (shop / CACHE).exists()


def test_reading_creates_no_data_folder(tmp_path: Path) -> None:
    load_settings(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_warm_path_imports_no_yaml(shop: Path) -> None:
    age(shop)
    load_settings(shop)
    script = (
        "import sys, crm.settings as s, pathlib\n"
        "x = s.load_settings(pathlib.Path(sys.argv[1]))\n"
        "x.pipelines, x.dictionaries, x.access, x.account, x.departments, x.fields\n"
        "print(*[m for m in ('yaml', 'msgspec', 'ruamel', 'babel', 'dataclasses', 'crm.settings_check') "
        "if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(shop)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("crm", "trash_days:", "trahs_days:", ["crm.yaml, line 25", "trahs_days", "trash_days?"]),
        ("crm", "language: ru", "language: rus", ["language", "ru"]),
        ("crm", "currency: RUB", "currency: руб", ["currency", "RUB"]),
        ("crm", "time_zone: Europe/Moscow", "time_zone: Europe/Moscw", ["time_zone", "Europe/Moscow?"]),
        ("crm", "trash_days: 30", "trash_days: month", ["trash_days", "month"]),
        ("crm", "departments: []", "departments: [srvice]", ["leads_off_departments", "srvice"]),
        ("crm", "rates: []", "rates: [{date: 2026-11-31, USD: 90}]", ["rates.1.date", "2026-11-31"]),
        ("crm", "rates: []", "rates: [{date: 2026-11-30, USD: ninety}]", ["rates.1.USD", "ninety"]),
        ("crm", "    bik:", "    bic:", ["company.bank.bic", "bik?"]),
        ("pipelines", "id: qualified", "id: new", ["pipelines.1.stages.2.id", "new", "twice"]),
        ("pipelines", "id: qualified", "id: В работе", ["«В работе»", "latin"]),
        ("pipelines", "on: quote_accepted", "on: quote_acepted", ["goals.1.on", "quote_accepted?"]),
        ("pipelines", "to: invoice}", "to: invoise}", ["to", "invoice?"]),
        ("pipelines", "probability: 10", "probability: 110", ["probability", "100"]),
        ("pipelines", "cycle_ends_at: payment", "cycle_ends_at: paid", ["cycle_ends_at", "paid"]),
        ("pipelines", "funnel_starts_at: lead ", "funel_starts_at: lead ", ["funel_starts_at", "funnel_starts_at?"]),
        ("pipelines", "{ru: Продажи,", "{ru: Продажи, ur: Sales,", ["title", "ur"]),
        ("dictionaries", "id: ad_phone", "id: site", ["sources.entries.2", "twice"]),
        ("dictionaries", "junk_reasons:", "junk_reason:", ["junk_reason", "junk_reasons?"]),
        ("departments", 'parent: ""', "parent: sales", ["above itself"]),
        ("departments", "[mon, tue", "[mon, tuesday", ["working_days.2", "tue"]),
        ("access", "read: all", "raed: all", ["roles.admin.raed", "read?"]),
        ("access", "read: all", "read: everything", ["roles.admin.read", "department"]),
        ("access", "unknown_login: manager", "unknown_login: menager", ["unknown_login", "manager?"]),
        ("vat", 'main: "18"', 'main: "19"', ["rates.1.main", "19"]),
        ("fields", "deal: []", "deal: [{name: color, type: colour}]", ["deal.1.type", "colour"]),
        ("fields", "deal: []", "deal: [{name: color, type: choice}]", ["options"]),
        ("fields", "deal: []", "deals: []", ["deals", "deal?"]),
    ],
)
def test_a_wrong_value_is_named(shop: Path, name: str, old: str, new: str, words: list[str]) -> None:
    edit(shop, name, old, new)
    said = failure(shop)
    assert said.startswith(f"config/{name}.yaml, line ")
    assert [word for word in words if word not in said] == []


def test_a_pipeline_needs_stages(shop: Path) -> None:
    put(
        shop, "pipelines", "pipelines:\n  - id: sales\n    title: X\n    stages: []\nleads:\n  title: L\n  stages: []\n"
    )
    assert "config/pipelines.yaml, line 4, pipelines.1.stages" in failure(shop)


def test_a_missing_key_is_named(shop: Path) -> None:
    put(shop, "departments", "departments:\n  - title: Sales\n")
    assert failure(shop) == ("config/departments.yaml, line 2, departments.1: id is missing. Add the line id: …")


def test_settings_of_a_newer_program_are_refused(shop: Path) -> None:
    edit(shop, "crm", "format: 1", "format: 2\nnovelty: true")
    with pytest.raises(Damaged, match="format 2, this program knows 1"):
        load_settings(shop)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [1\nlanguage: en\n", "line 2"),
        ("name: A\nname: B\n", "line 2: this is not YAML: the key name stands twice"),
        ("just words\n", "Keys with values"),
        ("? [a, b]\n: c\n", "a key is not a word"),
    ],
)
def test_broken_yaml_is_named_by_its_line(shop: Path, text: str, words: str) -> None:
    put(shop, "crm", text)
    said = failure(shop)
    assert said.startswith("config/crm.yaml")
    assert words in said


def test_failures_are_in_the_language_of_the_reader(shop: Path) -> None:
    edit(shop, "pipelines", "id: qualified", "id: new")
    use_language("ru")
    assert "повторяется" in failure(shop)


def test_scalars_keep_what_was_typed(shop: Path) -> None:
    put(shop, "cafe", "bik: 044525225\nopens: 09:30\non: no\nsince: 2026-11-22\nshare: 0.10\ncups: 12\nopen: true\n")
    assert load_settings(shop).plugin_data["cafe"] == {
        "bik": "044525225",
        "opens": "09:30",
        "on": "no",
        "since": "2026-11-22",
        "share": "0.10",
        "cups": 12,
        "open": True,
    }


class Cup(Shape):
    size: int
    price: Decimal = Decimal("1.50")


@dataclass(frozen=True)
class Cafe:
    opened: date
    cups: tuple[Cup, ...] = ()
    tags: list[str] = field(default_factory=list)
    phone: str | None = None


def test_section_of_a_plugin(shop: Path) -> None:
    put(shop, "cafe", "opened: 2026-11-22\ncups:\n  - size: 2\n  - {size: 3, price: 2.20}\n")
    cafe = load_settings(shop).section("cafe", Cafe)
    assert cafe == Cafe(date(2026, 11, 22), (Cup(size=2), Cup(size=3, price=Decimal("2.20"))))
    put(shop, "cafe", "opened: 2026-11-22\ncups:\n  - size: 2\n    prise: 3\n")
    with pytest.raises(InvalidValue, match=r"config/cafe.yaml, line 4, cups.1.prise: .*price\?"):
        load_settings(shop).section("cafe", Cafe)


def test_section_without_a_file_is_its_defaults(shop: Path) -> None:
    class Quiet(Shape):
        after: int = 20

    assert load_settings(shop).section("quiet", Quiet) == Quiet(after=20)


@pytest.fixture
def rated(shop: Path) -> Settings:
    rows = "[{date: 2026-11-01, USD: 90.50, EUR: 98.10}, {date: 2026-11-15, USD: 91.2}]"
    edit(shop, "crm", "rates: []", f"rates: {rows}")
    return load_settings(shop)


def test_rate_of_the_day(rated: Settings) -> None:
    assert rated.rate("RUB", date(2020, 1, 1)) == 1
    assert rated.rate("USD", date(2026, 11, 14)) == Decimal("90.50")
    assert rated.rate("USD", date(2026, 11, 15)) == Decimal("91.2")
    assert rated.rate("EUR", date(2026, 12, 1)) == Decimal("98.10")


def test_no_rate_says_where_to_add_it(rated: Settings) -> None:
    with pytest.raises(InvalidValue, match=r"USD on 2026-10-31\. .*config/crm.yaml"):
        rated.rate("USD", date(2026, 10, 31))


@pytest.mark.parametrize(
    ("country", "day", "main", "rates"),
    [
        ("RU", date(2018, 12, 31), "18", ("18", "10", "0", "none")),
        ("RU", date(2024, 6, 1), "20", ("20", "10", "0", "none")),
        ("RU", date(2025, 12, 31), "20", ("20", "10", "0", "5", "7", "none")),
        ("RU", date(2026, 1, 1), "22", ("22", "10", "0", "5", "7", "none")),
        ("UA", date(2026, 1, 1), "20", ("20", "14", "7", "0", "none")),
        ("US", date(2026, 1, 1), "none", ("none",)),
    ],
)
def test_vat_by_country_and_date(shop: Path, country: str, day: date, main: str, rates: tuple[str, ...]) -> None:
    edit(shop, "crm", "country: RU", f"country: {country}")
    settings = load_settings(shop)
    assert settings.vat_default(day) == main
    assert settings.vat_allowed(day) == rates


def test_who_pays_no_vat_gets_none(shop: Path) -> None:
    edit(shop, "crm", "vat_payer: true", "vat_payer: false")
    assert load_settings(shop).vat_default(date(2026, 1, 1)) == "none"


def test_departments(shop: Path) -> None:
    text = "departments:\n  - {id: sales, title: S, head: olga}\n  - {id: retail, title: R, parent: sales}\n"
    put(shop, "departments", text + "  - {id: other, title: O}\nholidays: [2027-01-01]\n")
    departments = load_settings(shop).departments
    assert departments.headed_by("olga") == {"sales", "retail"}
    assert departments.headed_by("") == frozenset()
    assert departments.works("sales", date(2026, 12, 31))
    assert not departments.works("sales", date(2027, 1, 1))
    assert not departments.works("sales", date(2027, 1, 2))


def test_leads_off_by_mode_and_by_department(shop: Path) -> None:
    edit(shop, "crm", "leads_off_departments: []", "leads_off_departments: [sales]")
    settings = load_settings(shop)
    assert settings.leads_on()
    assert not settings.leads_on("sales")
    edit(shop, "crm", "mode: classic", "mode: simple")
    assert not load_settings(shop).leads_on()


def test_custom_fields_and_dictionary_by_name(shop: Path) -> None:
    edit(shop, "fields", "deal: []", "deal:\n  - {name: terms, type: choice, options: [a, {id: b, title: B}]}")
    settings = load_settings(shop)
    (terms,) = settings.fields.of("deal")
    assert [option.id for option in terms.options] == ["a", "b"]
    assert settings.fields.of("mailing") == ()
    assert settings.dictionary("classifiers.loyalty").resolve("Лояльный") == "loyal"
    with pytest.raises(InvalidValue):
        settings.dictionary("nothing")


def changed_lines(before: str, after: str) -> list[str]:
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old]


@pytest.mark.parametrize(
    ("name", "keys", "value", "lines"),
    [
        ("crm", ("trash_days",), 60, ["trash_days: 60"]),
        ("crm", ("company", "bank", "bik"), "044525225", ['    bik: "044525225"', "    bik: '044525225'"]),
        ("pipelines", ("pipelines", "sales", "stages", "new", "probability"), 15, ["        probability: 15"]),
        ("access", ("roles", "manager", "read"), "own", ["    read: own"]),
        ("dictionaries", ("sources", "entries", "flyer", "title", "ru"), "Листовка", ["ru: Листовка, uk"]),
    ],
)
def test_change_touches_its_line_alone(
    shop: Path, name: str, keys: tuple[str, ...], value: object, lines: list[str]
) -> None:
    file = shop / "config" / f"{name}.yaml"
    before = file.read_text(encoding="utf-8")
    change_setting(file, keys, value)
    (changed,) = changed_lines(before, file.read_text(encoding="utf-8"))
    assert any(line in changed for line in lines)
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(before.splitlines())


def test_a_stage_is_added_and_removed(shop: Path) -> None:
    file = shop / "config" / "pipelines.yaml"
    keys = ("pipelines", "sales", "stages", "shipment")
    settings = change_setting(file, keys, {"id": "shipment", "title": {"ru": "Отгрузка"}})
    assert settings.pipeline().stages[-1].title.text("ru") == "Отгрузка"
    assert [one.id for one in change_setting(file, keys, None).pipeline().stages][-1] == "signing"
    assert "целевое управление" in file.read_text(encoding="utf-8")


def test_a_wrong_change_is_not_saved(shop: Path) -> None:
    file = shop / "config" / "pipelines.yaml"
    before = file.read_text(encoding="utf-8")
    with pytest.raises(InvalidValue, match=r"pipelines.yaml, line \d+, .*probability"):
        change_setting(file, ("pipelines", "sales", "stages", "new", "probability"), 500)
    with pytest.raises(InvalidValue, match="There is no nothing"):
        change_setting(file, ("pipelines", "nothing", "title"), "X")
    assert file.read_text(encoding="utf-8") == before
    assert {one.suffix for one in file.parent.iterdir()} == {".yaml"}


def test_a_change_repairs_what_was_wrong(shop: Path) -> None:
    edit(shop, "crm", "currency: RUB", "currency: руб")
    assert change_setting(shop / "config" / "crm.yaml", ("currency",), "RUB").currency == "RUB"


def test_a_change_of_a_default_makes_it_the_workspaces_own(shop: Path) -> None:
    file = shop / "config" / "departments.yaml"
    file.unlink()
    change_setting(file, ("departments", "sales", "norm"), 36)
    assert load_settings(shop).departments.departments[0].norm == 36
    assert "Автомотиватора" in file.read_text(encoding="utf-8")


def test_a_change_adds_a_file_of_a_plugin(shop: Path) -> None:
    settings = change_setting(shop / "config" / "cafe.yaml", ("cups", "small"), 3)
    assert settings.plugin_data["cafe"] == {"cups": {"small": 3}}


def test_a_built_package_carries_defaults_and_catalogues(tmp_path: Path) -> None:
    source, built = tmp_path / "source", tmp_path / "built"
    for name in ("config", "crm"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.py", "setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "setup.py", "-q", "build_py", "--build-lib", str(built)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    script = (
        "import crm.settings as s, crm.locale as l, pathlib\n"
        "l.use_language('uk')\n"
        "print(s.defaults_folder(), s.load_settings(pathlib.Path('shop')).currency, l._('Check its rights.'))"
    )
    shutil.rmtree(source)
    for po in built.rglob("*.po"):
        po.unlink()
    run = [sys.executable, "-X", "utf8", "-c", script]
    said = subprocess.check_output(run, cwd=built, encoding="utf-8").strip()
    assert said == f"{built / 'crm' / 'defaults'} USD Перевірте права доступу."


@pytest.mark.parametrize("empty", ["[]", "[]  # names", "[]  # names\n\n# of others"])
def test_an_empty_list_is_filled_before_its_comments(tmp_path: Path, empty: str) -> None:
    root = initialise(tmp_path / "shop", "en", "RUB", "", "olga")
    path = root / "config" / "crm.yaml"
    path.write_text(re.sub(r"  disabled: .*", f"  disabled: {empty}", path.read_text()))
    comments = re.findall("#.*", path.read_text())
    for names in (["lint"], ["lint", "sla"], ["sla"], []):
        settings = change_setting(path, ["plugins", "disabled"], names)
        assert list(settings.account.plugins.disabled) == names
        assert re.findall("#.*", path.read_text()) == comments


def test_lines_of_comments_stay_when_what_they_followed_goes(tmp_path: Path) -> None:
    root = initialise(tmp_path / "shop", "en", "RUB", "", "olga")
    path = root / "config" / "motivator.yaml"
    path.write_text("norms:\n  olga: 50\n  # of winter\n  ivan: 40\n# From what share.\nrush: 45\n")
    change_setting(path, ["norms", "ivan"], None)
    change_setting(path, ["norms", "olga"], None)
    assert re.findall("#.*", path.read_text()) == ["# of winter", "# From what share."]

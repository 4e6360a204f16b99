"""The settings of a workspace: `config/*.yaml`, typed and cached.

What the files hold is in `settings_shapes.py` and `model/`; reading YAML is `settings_reading.py`, judging values
`settings_check.py`, changing files `settings_file.py`. None of these is imported while the cache is fresh.
"""

# Every command comes through here, and pathlib costs milliseconds.
# ruff: noqa: PTH100, PTH112, PTH118, PTH120

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.shape import Misfit, revive, shape_of
from crm.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from crm.model.custom_fields import CustomFields
    from crm.model.dictionaries import Dictionaries, Dictionary
    from crm.model.pipeline import LeadPath, Pipeline
    from crm.settings_shapes import Access, Account, Departments, OwnCompany, VatTable

CORE = ("crm", "pipelines", "dictionaries", "fields", "departments", "access", "vat")
CACHE = os.path.join("data", "cache", "settings.json")
CACHE_FORMAT = 1
JUST_CHANGED = 20_000_000  # nanoseconds: a file this young may change again within one tick of its clock

Section = TypeVar("Section")


class Settings:
    """The settings of one workspace; each section becomes typed when it is first asked for.

    Raises InvalidValue naming file, line and key where a value does not fit.
    """

    def __init__(self, root: Path, data: Mapping[str, dict[str, Any]], drafts: Mapping[str, str] | None = None) -> None:
        self.root = root
        self._data = data
        self._drafts = drafts or {}
        self._sections: dict[tuple[str, Any], Any] = {}
        self.day: date | None = None

    def section(self, name: str, kind: type[Section]) -> Section:
        """Return `config/<name>.yaml` as `kind`, a dataclass or a `Shape`; its defaults where there is no file."""
        known = self._sections.get((name, kind))
        if known is None:
            try:
                known = revive(kind, self.plain(name))
            except Misfit as misfit:
                raise self.misplaced(name, misfit) from misfit
            self._sections[name, kind] = known
        return cast(Section, known)

    def plain(self, name: str) -> dict[str, Any]:
        """Return `config/<name>.yaml` as it is written: text, numbers, lists and dicts."""
        return self._data.get(name, {})

    def misplaced(self, name: str, misfit: Misfit) -> InvalidValue:
        """Return the failure that names the file, the line and the key of a value that does not fit."""
        from crm.settings_reading import located

        return located(config_file(self.root, name), misfit, self._drafts.get(name))

    @property
    def plugin_data(self) -> Mapping[str, dict[str, Any]]:
        """Return the plain data of the files that belong to plugins, by file name."""
        return {name: data for name, data in self._data.items() if name not in CORE}

    @cached_property
    def account(self) -> Account:
        """Return `config/crm.yaml`."""
        from crm.settings_shapes import Account

        return self.section("crm", Account)

    @cached_property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """Return the pipelines of deals; the first is the default one."""
        from crm.settings_shapes import Pipelines

        return self.section("pipelines", Pipelines).pipelines

    @cached_property
    def leads(self) -> LeadPath:
        """Return the path of leads."""
        from crm.settings_shapes import Pipelines

        return self.section("pipelines", Pipelines).leads

    @property
    def dictionaries(self) -> Dictionaries:
        """Return every dictionary."""
        from crm.model.dictionaries import Dictionaries

        return self.section("dictionaries", Dictionaries)

    @property
    def fields(self) -> CustomFields:
        """Return the custom fields."""
        from crm.model.custom_fields import CustomFields

        return self.section("fields", CustomFields)

    @property
    def departments(self) -> Departments:
        """Return the departments and holidays."""
        from crm.settings_shapes import Departments

        return self.section("departments", Departments)

    @cached_property
    def access(self) -> Access:
        """Return the roles."""
        from crm.settings_shapes import Access

        return self.section("access", Access)

    @property
    def vat(self) -> VatTable:
        """Return the VAT rates as they are written down."""
        from crm.settings_shapes import VatTable

        return self.section("vat", VatTable)

    @property
    def currency(self) -> str:
        """Return the account currency, ISO 4217."""
        return self.account.currency

    @property
    def language(self) -> str:
        """Return the workspace's language: ru, uk or en."""
        return self.account.language

    @property
    def country(self) -> str:
        """Return the country, ISO 3166: the region of phones and of VAT."""
        return self.account.country

    @cached_property
    def company(self) -> OwnCompany:
        """Return our own company; its name is the workspace's where it has none."""
        from crm.settings_shapes import OwnCompany

        own = self.account.company
        values = {name: getattr(own, name) for name in shape_of(OwnCompany)}
        return OwnCompany(**(values | {"name": own.name or self.account.name}))

    def own_company(self, own: str = "") -> OwnCompany:
        """Return our company with an id of `companies`, the main one for an empty id; raises InvalidValue."""
        if not own:
            return self.company
        for one in self.account.companies:
            if one.id == own:
                return one
        raise InvalidValue(
            _("There is no company of ours «{id}».").format(id=own),
            _("Companies in config/crm.yaml: {ids}.").format(
                ids=", ".join(one.id for one in self.account.companies) or "—"
            ),
        )

    def pipeline(self, text: str = "") -> Pipeline:
        """Return the pipeline named by id or title, the first one by default; raises InvalidValue."""
        if not text:
            return self.pipelines[0]
        wanted = text.strip().casefold()
        for pipeline in self.pipelines:
            if pipeline.id == wanted or pipeline.title.names(text):
                return pipeline
        raise InvalidValue(
            _("There is no pipeline «{pipeline}».").format(pipeline=text),
            _("Pipelines: {pipelines}.").format(pipelines=", ".join(one.id for one in self.pipelines)),
        )

    def dictionary(self, name: str) -> Dictionary:
        """Return a dictionary by its key in the file, or the values of `classifiers.<id>`; raises InvalidValue."""
        from crm.model.dictionaries import Dictionary

        noun, _dot, classifier = name.partition(".")
        if noun == "classifiers" and classifier:
            return self.dictionaries.classifiers.of(classifier).choice
        found = getattr(self.dictionaries, name, None)
        if not isinstance(found, Dictionary):
            raise InvalidValue(_("There is no dictionary «{name}».").format(name=name))
        return found

    def leads_on(self, department: str = "") -> bool:
        """Tell whether a request to `department` becomes a lead first, and not a deal at once."""
        return self.account.mode == "classic" and department not in self.account.leads_off_departments

    def owner_for(self, pipeline: Pipeline) -> str:
        """Return the login that gets a deal made automatically, empty where none is set."""
        return pipeline.default_owner or self.account.default_owner

    @cached_property
    def time_zone(self) -> tzinfo:
        """Return the workspace's time zone."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.account.time_zone)

    def today(self) -> date:
        """Return today's date in the workspace's time zone; when the past is looked at, the day of that moment."""
        return self.day or datetime.now(self.time_zone).date()

    def rate(self, currency: str, day: date | None = None) -> Decimal:
        """Return what one unit of `currency` costs in the account currency on `day`, today if None.

        The last rate set on or before the day holds; raises InvalidValue where there is none.
        """
        if currency == self.currency:
            return Decimal(1)
        day = day or self.today()
        held = [one for one in self.account.rates if one.date <= day and currency in one.prices]
        if held:
            return max(held, key=lambda one: one.date).prices[currency]
        raise InvalidValue(
            _("There is no rate of {currency} on {day}.").format(currency=currency, day=day.isoformat()),
            _("Add it to rates in config/crm.yaml."),
        )

    def vat_default(self, day: date | None = None) -> str:
        """Return the rate that a line gets by itself on the day of shipment, today if None: "22" … or "none"."""
        from crm.model.vat import NO_VAT, default_rate

        if not self.company.vat_payer:
            return NO_VAT
        return default_rate(self.vat.table, self.country, day or self.today())

    def vat_allowed(self, day: date | None = None) -> tuple[str, ...]:
        """Return the rates lawful on the day of shipment, today if None; "none" is always the last."""
        from crm.model.vat import allowed

        return allowed(self.vat.table, self.country, day or self.today())


def stamp(root: Path) -> object:
    """Return what is another one as soon as a file of the settings is changed, added or removed."""
    return _stamps(root)


def load_settings(root: Path) -> Settings:
    """Read the settings of the workspace `root`, from `data/cache/settings.json` while it is fresh.

    A file that the workspace lacks is the shipped default. Raises InvalidValue, OutsideFailed.
    """
    key = {"format": CACHE_FORMAT, "version": __version__, "files": _stamps(root)}
    cached = _cached(root, key)
    return Settings(root, cached) if cached is not None else _read(root, key)


def _read(root: Path, key: Mapping[str, Any]) -> Settings:
    from crm.settings_check import check
    from crm.settings_reading import keep_cache, read_plain

    data = {name: read_plain(config_file(root, name)) for name in config_names(root)}
    settings = Settings(root, data)
    check(settings)
    keep_cache(root / CACHE, key, data, young=JUST_CHANGED)
    return settings


def _cached(root: Path, key: Mapping[str, Any]) -> dict[str, dict[str, Any]] | None:
    try:
        with open(os.path.join(root, CACHE), encoding="utf-8") as file:
            cached = json.load(file)
    except (OSError, ValueError):
        return None
    if not isinstance(cached, dict) or cached.get("key") != key:
        return None
    data: dict[str, dict[str, Any]] = cached["data"]
    return data


def _stamps(root: Path) -> dict[str, list[Any]]:
    """Return, for each file in force, where it is from, its time in nanoseconds and its size."""
    found: dict[str, list[Any]] = {}
    for origin, folder in (("shipped", _defaults()), ("own", os.path.join(root, "config"))):
        try:
            entries = [entry for entry in os.scandir(folder) if entry.name.endswith(".yaml")]
        except FileNotFoundError:
            continue
        for entry in entries:
            state = entry.stat()
            found[entry.name] = [origin, state.st_mtime_ns, state.st_size]
    return dict(sorted(found.items()))


def config_names(root: Path) -> list[str]:
    """Return the names of the sections in force: the files of the workspace and the shipped ones."""
    return [file.removesuffix(".yaml") for file in _stamps(root)]


def config_file(root: Path, name: str) -> Path:
    """Return the file of a section: the workspace's own, else the shipped default where there is one."""
    own = root / "config" / f"{name}.yaml"
    shipped = defaults_folder() / f"{name}.yaml"
    return shipped if not own.exists() and shipped.exists() else own


def defaults_folder() -> Path:
    """Return the folder of the shipped defaults: within the package, or `config/` of a clone."""
    from pathlib import Path

    return Path(_defaults())


def _defaults() -> str:
    package = os.path.dirname(os.path.abspath(__file__))
    packaged = os.path.join(package, "defaults")
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(package), "config")

"""What the files of `config/` hold, one shape per file, and small questions about it.

Pipelines and dictionaries are in `crm/model/`; reading is `crm/settings.py`, judging `crm/settings_check.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from crm.locale import N_, _
from crm.model.lead_naming import NameScheme
from crm.model.pipeline import LeadPath, Pipeline, Title
from crm.model.shape import Shape, revive

if TYPE_CHECKING:
    from crm.model.vat import RateTable

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Scope = Literal["own", "department", "all"]
RATE_EXAMPLE = "{date: 2026-11-01, USD: 90.50}"

LOCAL_CONSOLE = "http://127.0.0.1:8765"
"""Where the console is when nothing else is said."""


class RatesOfDay:
    """What one unit of each foreign currency costs in the account currency from `date` on."""

    def __init__(self, since: date, prices: Mapping[str, Decimal]) -> None:
        self.date = since
        self.prices = prices

    @classmethod
    def from_plain(cls, data: object) -> RatesOfDay:
        """Read `{date: 2026-11-01, USD: 90.50}`; raises ValueError, Misfit."""
        if not isinstance(data, Mapping) or "date" not in data:
            raise ValueError(_("A date with rates is expected: {example}.").format(example=RATE_EXAMPLE))
        prices = {str(code): revive(Decimal, price, (str(code),)) for code, price in data.items() if code != "date"}
        return cls(revive(date, data["date"], ("date",)), prices)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RatesOfDay) and (self.date, self.prices) == (other.date, other.prices)

    def __hash__(self) -> int:
        return hash((self.date, frozenset(self.prices.items())))


class Bank(Shape):
    """Where a company's money is."""

    titles: ClassVar[Mapping[str, str]] = {
        "name": N_("Bank"),
        "bik": N_("BIK"),
        "account": N_("Account"),
        "corr_account": N_("Correspondent account"),
        "iban": N_("IBAN"),
    }

    name: str = ""
    bik: str = ""
    account: str = ""
    corr_account: str = ""
    iban: str = ""


class OwnCompany(Shape):
    """Our own company: the seller on papers; `signature` and `stamp` are facsimile pictures, files within `config/`."""

    titles: ClassVar[Mapping[str, str]] = {
        "name": N_("Short name"),
        "legal_name": N_("Full name of the company"),
        "inn": N_("INN"),
        "kpp": N_("KPP"),
        "ogrn": N_("OGRN"),
        "edrpou": N_("EDRPOU"),
        "rntrc": N_("RNTRC"),
        "ipn": N_("IPN"),
        "address": N_("Address"),
        "phone": N_("Phone"),
        "email": N_("E-mail"),
        "bank": N_("Our bank"),
        "director": N_("Director"),
        "director_title": N_("Title of the director"),
        "accountant": N_("Accountant"),
        "vat_payer": N_("Pays VAT"),
        "vat_included": N_("Prices include VAT"),
        "signature": N_("Picture of the signature, within config/"),
        "stamp": N_("Picture of the stamp, within config/"),
    }

    name: str = ""
    legal_name: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    edrpou: str = ""
    rntrc: str = ""
    ipn: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    bank: Bank = Bank()
    director: str = ""
    director_title: str = ""
    accountant: str = ""
    vat_payer: bool = True
    vat_included: bool = True
    signature: str = ""
    stamp: str = ""


class AnotherCompany(OwnCompany):
    """One more company of ours, named by its `id` on papers; `number` is the template of its invoices' numbers."""

    titles: ClassVar[Mapping[str, str]] = {
        **OwnCompany.titles,
        "id": N_("Id"),
        "number": N_("Template of invoice numbers"),
    }

    id: str
    number: str = ""


class PluginSwitch(Shape):
    """Which plugins are switched off."""

    disabled: tuple[str, ...] = ()


class Account(Shape):
    """`config/crm.yaml`."""

    heading = N_("Our companies")
    titles: ClassVar[Mapping[str, str]] = {
        "company": N_("Our company on papers"),
        "companies": N_("Another company of ours"),
    }

    format: int = 1
    name: str = ""
    language: Literal["ru", "uk", "en"] = "en"
    currency: str = "USD"
    country: str = "US"
    time_zone: str = "UTC"
    rates: tuple[RatesOfDay, ...] = ()
    mode: Literal["classic", "simple"] = "classic"
    leads_off_departments: tuple[str, ...] = ()
    lead_name_scheme: NameScheme = NameScheme("")
    default_owner: str = ""
    public_url: str = ""
    store: str = ""
    trash_days: int = 30
    plugins: PluginSwitch = PluginSwitch()
    company: OwnCompany = OwnCompany()
    companies: tuple[AnotherCompany, ...] = ()

    def hook_address(self, way: str) -> str:
        """Return the address that a machine outside calls: of `public_url`, on this computer where there is none."""
        return f"{self.public_url.rstrip('/') or LOCAL_CONSOLE}/hooks/{way}"


class Pipelines(Shape):
    """`config/pipelines.yaml`."""

    heading = N_("Pipelines: begin, end, outcomes")
    titles: ClassVar[Mapping[str, str]] = {
        "pipelines": N_("Pipeline"),
    }

    pipelines: tuple[Pipeline, ...]
    leads: LeadPath


class Department(Shape):
    """A department; `head` is a login, `norm` is points a day."""

    titles: ClassVar[Mapping[str, str]] = {
        "parent": N_("Department above"),
        "working_days": N_("Working days"),
        "working_days=mon": N_("Mon"),
        "working_days=tue": N_("Tue"),
        "working_days=wed": N_("Wed"),
        "working_days=thu": N_("Thu"),
        "working_days=fri": N_("Fri"),
        "working_days=sat": N_("Sat"),
        "working_days=sun": N_("Sun"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"parent": "departments"}

    id: str
    title: Title
    head: str = ""
    parent: str = ""
    norm: Decimal = Decimal(48)
    working_days: tuple[Weekday, ...] = WEEKDAYS[:5]


class Departments(Shape):
    """`config/departments.yaml`."""

    heading = N_("Working days and holidays")
    titles: ClassVar[Mapping[str, str]] = {
        "departments": N_("Department"),
        "holidays": N_("Holidays, with commas"),
    }

    departments: tuple[Department, ...] = ()
    holidays: tuple[date, ...] = ()

    def get(self, department_id: str) -> Department | None:
        """Return a department by id, or None."""
        return next((one for one in self.departments if one.id == department_id), None)

    @property
    def only(self) -> str:
        """Return the id of the only department there is, to which belongs who has none; empty where there are more."""
        return self.departments[0].id if len(self.departments) == 1 else ""

    def headed_by(self, login: str) -> frozenset[str]:
        """Return the ids of the departments that `login` heads, with those below them."""
        return self.branch(*(one.id for one in self.departments if one.head and one.head == login))

    def branch(self, *ids: str) -> frozenset[str]:
        """Return departments with those below them."""
        below = set(ids)
        for _level in self.departments:
            below |= {one.id for one in self.departments if one.parent in below}
        return frozenset(below)

    def works(self, department_id: str, day: date) -> bool:
        """Tell whether `day` is a working day of a department; Monday to Friday for an unknown one."""
        department = self.get(department_id)
        days = department.working_days if department else WEEKDAYS[:5]
        return day not in self.holidays and WEEKDAYS[day.weekday()] in days


class Role(Shape):
    """What a role may do."""

    title: Title = Title("")
    create: bool = True
    read: Scope = "all"
    edit: Scope = "all"
    delete: bool = False
    export: bool = True
    settings: bool = False


class Access(Shape):
    """`config/access.yaml`; an empty `unknown_login` refuses who is not a user."""

    heading = N_("People who are no users")
    titles: ClassVar[Mapping[str, str]] = {
        "unknown_login": N_("Role of who is no user, on the command line"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"unknown_login": "roles"}

    roles: Mapping[str, Role]
    unknown_login: str = "manager"


class VatPeriod(Shape):
    """The VAT rates of a country from a date on, in percent."""

    titles: ClassVar[Mapping[str, str]] = {
        "from": N_("From the day"),
        "country": N_("Country"),
        "rates": N_("Rates, with commas"),
        "main": N_("Usual rate"),
    }

    from_: date
    country: str
    rates: tuple[str, ...]
    main: str


class VatTable(Shape):
    """`config/vat.yaml`."""

    heading = N_("Rates of VAT")
    titles: ClassVar[Mapping[str, str]] = {
        "rates": N_("Rates of VAT"),
    }

    rates: tuple[VatPeriod, ...] = ()

    @cached_property
    def table(self) -> RateTable:
        """Return the rates as `crm.model.vat` reads them, from the newest to the oldest."""
        from crm.model.vat import RatePeriod

        periods = [RatePeriod(one.from_, one.country, one.rates, one.main) for one in self.rates]
        return tuple(sorted(periods, key=lambda period: period.start, reverse=True))

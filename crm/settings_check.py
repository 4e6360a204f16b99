"""What the settings must be beyond their types: ids that exist and do not repeat, percents, codes, dates.

Runs when files have changed and before the program saves one; never while the cache is fresh.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from crm.errors import Damaged, InvalidValue
from crm.locale import _
from crm.model.custom_fields import FIELD_TYPES, NOUNS, CustomField
from crm.model.dictionaries import Dictionaries, Dictionary
from crm.model.pipeline import Goal, Ladder, Pipeline, Stage
from crm.model.shape import Misfit, Path, nearest, shape_of

if TYPE_CHECKING:
    from crm.settings import Settings

FORMAT = 1
ID = re.compile(r"[a-z][a-z0-9_]*")
CURRENCY = re.compile(r"[A-Z]{3}")
COUNTRY = re.compile(r"[A-Z]{2}")


def check(settings: Settings) -> None:
    """Read every section of the program's own files.

    Raises InvalidValue for the first value that cannot be, Damaged for files of a newer format.
    """
    _refuse_newer(settings)
    for name, judge in JUDGES.items():
        try:
            judge(settings)
        except Misfit as misfit:
            raise settings.misplaced(name, misfit) from misfit


def _refuse_newer(settings: Settings) -> None:
    written = settings.plain("crm").get("format", FORMAT)
    if isinstance(written, int) and written > FORMAT:
        raise Damaged(
            _("The settings have format {n}, this program knows {known}.").format(n=written, known=FORMAT),
            _("Upgrade the program: pip install --upgrade crm"),
        )


def _check_account(settings: Settings) -> None:
    account = settings.account
    _match(CURRENCY, account.currency, ("currency",), _("A currency is three capital letters, such as RUB."))
    _match(COUNTRY, account.country, ("country",), _("A country is two capital letters, such as RU."))
    if account.public_url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", account.public_url):
        raise Misfit(("public_url",), _("It is an address such as https://crm.example.ru."))
    if account.trash_days < 0:
        raise Misfit(("trash_days",), _("Days cannot be fewer than 0."))
    _check_time_zone(account.time_zone)
    for place, rates in enumerate(account.rates):
        for code, price in rates.prices.items():
            path: Path = ("rates", place, code)
            _match(CURRENCY, code, path, _("A currency is three capital letters, such as RUB."))
            if price <= 0:
                raise Misfit(path, _("A rate is above zero."))
    for place, company in enumerate(account.companies):
        _match(ID, company.id, ("companies", place, "id"), _("An id is small Latin letters, digits and _."))
        if company.id in [one.id for one in account.companies[:place]]:
            raise Misfit(("companies", place, "id"), _("The id {id} is there twice.").format(id=company.id))
    departments = [one.id for one in settings.departments.departments]
    for place, department in enumerate(account.leads_off_departments):
        _known(department, departments, ("leads_off_departments", place))


def _check_time_zone(name: str) -> None:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        zones = sorted(available_timezones())
        problem = _("There is no time zone {name}.").format(name=name)
        raise Misfit(("time_zone",), problem, nearest(name, zones) if name else "") from None


def _check_pipelines(settings: Settings) -> None:
    pipelines = settings.pipelines
    if not pipelines:
        raise Misfit(("pipelines",), _("There is no pipeline."), _("Add one with an id, a title and stages."))
    _unique([one.id for one in pipelines], ("pipelines",))
    for place, pipeline in enumerate(pipelines):
        path = ("pipelines", place)
        _check_ladder(pipeline, path)
        _check_bounds(pipeline, path)
        for stage_place, stage in enumerate(pipeline.stages):
            for goal_place, goal in enumerate(stage.goals):
                goal_path = (*path, "stages", stage_place, "goals", goal_place)
                _check_goal(goal, pipeline, settings.dictionaries, goal_path)
    _check_ladder(settings.leads, ("leads",))


def _check_ladder(ladder: Ladder, path: Path) -> None:
    if not ladder.stages:
        problem = _("«{pipeline}» has no stages.").format(pipeline=ladder.title)
        raise Misfit((*path, "stages"), problem, _("Add at least one, with an id and a title."))
    _unique([stage.id for stage in ladder.stages], (*path, "stages"))
    for place, stage in enumerate(ladder.stages):
        _check_stage(stage, (*path, "stages", place))


def _check_stage(stage: Stage, path: Path) -> None:
    if not 0 <= stage.probability <= 100:
        raise Misfit((*path, "probability"), _("A probability is from 0 to 100 percent."))
    if stage.norm_days is not None and stage.norm_days < 1:
        raise Misfit((*path, "norm_days"), _("A norm is at least one day."), _("Remove it for no norm."))
    if stage.color:
        _match(re.compile("#[0-9A-Fa-f]{6}"), stage.color, (*path, "color"), _('Write it as "#5b9bd5".'))
    _unique([goal.key for goal in stage.goals if not goal.kind], (*path, "goals"), words=True)


def _check_bounds(pipeline: Pipeline, path: Path) -> None:
    stages = [stage.id for stage in pipeline.stages]
    for name, words in (
        ("funnel_starts_at", ["lead", "deal"]),
        ("cycle_starts_at", ["lead", "activity", "deal"]),
        ("cycle_ends_at", ["payment", "shipment", "won"]),
    ):
        _known(getattr(pipeline, name), [*words, *stages], (*path, name))


def _check_goal(goal: Goal, pipeline: Pipeline, dictionaries: Dictionaries, path: Path) -> None:
    if goal.on == "ticked" and not (goal.id and goal.title.text()):
        raise Misfit(path, _("A goal that is ticked needs an id and a title."))
    if goal.to:
        _known(goal.to, [stage.id for stage in pipeline.stages], (*path, "to"))
    if goal.kind:
        _known(goal.kind, [kind.id for kind in dictionaries.activity_kinds.entries], (*path, "kind"))
    for name, value in goal.set.items():
        classifiers = dictionaries.classifiers
        _known(name, [one.id for one in classifiers.entries], (*path, "set", name))
        _known(value, [one.id for one in classifiers.of(name).values], (*path, "set", name))


def _check_dictionaries(settings: Settings) -> None:
    for name in shape_of(Dictionaries):
        dictionary: Dictionary = getattr(settings.dictionaries, name)
        _unique([entry.id for entry in dictionary.entries], (name, "entries"), words=True)
    for place, classifier in enumerate(settings.dictionaries.classifiers.entries):
        path = ("classifiers", "entries", place, "values")
        _unique([value.id for value in classifier.values], path, words=True)


def _check_fields(settings: Settings) -> None:
    for noun in NOUNS:
        _check_custom(settings.fields.of(noun), (noun,))
    for noun in settings.fields.plugins:
        _check_custom(settings.fields.of(noun), ("plugins", noun))


def _check_custom(fields: Sequence[CustomField], path: Path) -> None:
    _unique([field.name for field in fields], path, key="name")
    for place, field in enumerate(fields):
        if not field.type.startswith("ref:"):
            _known(field.type, [*FIELD_TYPES, "ref:company"], (*path, place, "type"))
        if field.type == "choice" and not field.options:
            raise Misfit((*path, place), _("A field of the type choice needs options."))


def _check_departments(settings: Settings) -> None:
    departments = settings.departments.departments
    parents = {one.id: one.parent for one in departments}
    _unique([one.id for one in departments], ("departments",))
    for place, one in enumerate(departments):
        path = ("departments", place)
        if one.norm < 0:
            raise Misfit((*path, "norm"), _("A norm is not below zero."))
        if one.parent:
            _known(one.parent, list(parents), (*path, "parent"))
        above = one.parent
        for _level in departments:
            above = parents.get(above, "")
        if above:
            raise Misfit((*path, "parent"), _("The department {id} is above itself.").format(id=one.id))


def _check_access(settings: Settings) -> None:
    access = settings.access
    if "admin" not in access.roles:
        raise Misfit(("roles",), _("The role admin is missing."), _("Add it: nobody else can delete."))
    if access.unknown_login:
        _known(access.unknown_login, list(access.roles), ("unknown_login",))


def _check_vat(settings: Settings) -> None:
    from crm.model.vat import check_rate

    for place, period in enumerate(settings.vat.rates):
        _match(COUNTRY, period.country, ("rates", place, "country"), _("A country is two capital letters, such as RU."))
        for rate in period.rates:
            try:
                check_rate(rate)
            except InvalidValue as error:
                raise Misfit(("rates", place, "rates"), error.message, error.remedy) from error
        _known(period.main, [*period.rates, "none"], ("rates", place, "main"))


def _match(pattern: re.Pattern[str], value: str, path: Path, remedy: str) -> None:
    if not pattern.fullmatch(value):
        raise Misfit(path, _("«{value}» cannot stand here.").format(value=value), remedy)


def _known(value: str, words: list[str], path: Path) -> None:
    if value not in words:
        raise Misfit(path, _("{value} is not known here.").format(value=value), nearest(value, words))


def _unique(ids: Iterable[str], path: Path, *, key: str = "id", words: bool = False) -> None:
    seen = set()
    for place, one in enumerate(ids):
        if not one or (not words and not ID.fullmatch(one)):
            remedy = _("An id is small latin letters, digits and _, and begins with a letter.")
            raise Misfit((*path, place, key), _("«{value}» cannot stand here.").format(value=one), remedy)
        if one in seen:
            problem = _("The id {id} stands twice.").format(id=one)
            raise Misfit((*path, place, key), problem, _("Give each its own."))
        seen.add(one)


JUDGES: dict[str, Callable[[Settings], None]] = {
    "crm": _check_account,
    "pipelines": _check_pipelines,
    "dictionaries": _check_dictionaries,
    "fields": _check_fields,
    "departments": _check_departments,
    "access": _check_access,
    "vat": _check_vat,
}

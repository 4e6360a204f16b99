"""Files of the settings as forms: each key that a declaration titles is a control; comments are kept."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Any, NamedTuple, Union, get_args, get_origin

from crm.console.controls import control
from crm.console.routes import action, page
from crm.console.settings_seal import file_of, seal_of, unchanged
from crm.console.settings_values import Spot, read, shown, text_of
from crm.console.visit import Done, View
from crm.diagnosis import declared
from crm.errors import CrmError, InvalidValue, Misplaced, NotFound
from crm.locale import _, language
from crm.model.pipeline import Title
from crm.model.shape import Shape, shape_of
from crm.settings import config_file
from crm.settings_editing import Blank
from crm.settings_file import change_settings
from crm.settings_reading import read_plain
from crm.settings_shapes import Access, Account, Departments, Pipelines, VatTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm.console.settings_values import Place
    from crm.console.visit import Answer, Context, Visit

    Change = tuple[list[str | int], object]

CORE: dict[str, type[Shape]] = {
    "crm": Account, "departments": Departments, "pipelines": Pipelines, "vat": VatTable, "access": Access,
}  # fmt: skip
"""Files of the program itself that have a form beside their tables."""
NEW = "+"


class Group(NamedTuple):
    """Keys that stand together: of the file, of a mapping in it, or of an item of a list; `place` is where."""

    title: str
    place: Place
    spots: tuple[Spot, ...]

    @property
    def item(self) -> bool:
        """Tell whether it is an item of a list that may be taken out, or a new one."""
        return bool(self.place) and (self.place[-1] == NEW or isinstance(self.place[-1], int))


def forms(visit: Visit) -> Iterator[tuple[str, str]]:
    """Yield (name, heading) of each file that has a form."""
    for plugin, (_target, *_rest) in visit.crm.plugins.brought("register_settings"):
        shape = declared(visit.crm, plugin.name) if plugin.works else None
        if shape is not None and getattr(shape, "titles", None):
            yield plugin.name, _(str(shape.heading or plugin.name))


def _shape(visit: Visit, name: str) -> type[Shape]:
    visit.crm.guard.check("settings", "workspace", None)
    shape = CORE.get(name) or declared(visit.crm, name)
    if shape is None or not getattr(shape, "titles", None):
        raise NotFound(_("There is no such list of settings."), _("Look in the settings."))
    return shape


# --- what a file holds ------------------------------------------------------------------------------------------------


def _groups(shape: type[Shape], held: Mapping[str, Any], title: str = "", place: Place = ()) -> Iterator[Group]:
    """Yield the groups of a mapping: its own keys, then those of each mapping and item within it."""
    hints = {name.rstrip("_"): _certain(hint) for name, hint in shape_of(shape).items()}
    titled = {key: hint for key, hint in hints.items() if key in shape.titles}
    plain = {key: hint for key, hint in titled.items() if _inner(hint) is None}
    spots = (
        Spot((*place, key), hint, _(shape.titles[key]), _default(shape, key) if held.get(key) is None else held[key],
             shape, held.get(key) is not None)
        for key, hint in plain.items()
    )  # fmt: skip
    yield Group(title, place, tuple(spots))
    for key, hint in titled.items():
        inner = _inner(hint)
        if inner is not None and get_origin(hint) is None:
            yield from _groups(inner, held.get(key) or {}, _(shape.titles[key]), (*place, key))
        elif inner is not None:
            yield from _items(inner, held.get(key) or [], _(shape.titles[key]), (*place, key))


def _items(inner: type[Shape], held: list[dict[str, Any]], title: str, place: Place) -> Iterator[Group]:
    for number, item in enumerate(held):
        yield from _groups(inner, item, f"{title}: {_named(item) or number + 1}", (*place, number))
    needed = [key for key in shape_of(inner) if not hasattr(inner, key)]
    if all(key.rstrip("_") in inner.titles for key in needed):
        yield from _groups(inner, {}, _("{title}: a new one").format(title=title), (*place, NEW))


def _certain(hint: Any) -> Any:
    """Return the type of a key that may also be left out."""
    return get_args(hint)[0] if get_origin(hint) in (Union, UnionType) else hint


def _inner(hint: Any) -> type[Shape] | None:
    """Return the shape of a mapping or of the items of a list, None for plain values."""
    wanted = get_args(hint)[0] if get_origin(hint) in (tuple, list) else hint
    return wanted if isinstance(wanted, type) and issubclass(wanted, Shape) else None


def _default(shape: type[Shape], key: str) -> Any:
    value = getattr(shape, key, getattr(shape, f"{key}_", None))
    return value if isinstance(value, str | int | float | tuple | dict | None) else str(value)


def _named(item: Mapping[str, Any]) -> str:
    title = item.get("title") or item.get("name") or item.get("id") or item.get("url") or ""
    return str(title.get(language()) or next(iter(title.values()), "")) if isinstance(title, dict) else str(title)


# --- the form ---------------------------------------------------------------------------------------------------------


@page("/settings/form/<name>")
def form(visit: Visit, name: str) -> View:
    """Show a file of the settings as a form."""
    return _view(visit, name, _shape(visit, name), {}, "")


def _held(visit: Visit, name: str) -> dict[str, Any]:
    path = config_file(visit.crm.root, name)
    return read_plain(path) if path.exists() else {}


def _view(visit: Visit, name: str, shape: type[Shape], errors: Mapping[str, str], failure: str) -> View:
    seal = seal_of(visit, name)
    groups = [one for one in _groups(shape, _held(visit, name)) if one.spots]
    made: Context = {
        "title": _(shape.heading or name), "action": visit.url.settings(f"form/{name}"), "kind": "settings", "id": "",
        "rev": "", "back": visit.url.settings(), "submit": _("Save"), "draft": "",
        "hidden": [{"name": "whole", "value": "yes"}, {"name": "seal", "value": seal}],
        "groups": [
            {"title": one.title, "hint": "", "fields": [*(shown(visit, spot, errors.get(spot.name, ""))
             for spot in one.spots), *_removal(visit, one)]}
            for one in groups
        ],
        "failures": [{"title": spot.title, "name": spot.name, "text": errors[spot.name]}
                     for one in groups for spot in one.spots if spot.name in errors]
        + ([{"title": "", "name": "", "text": failure}] if failure else []),
    }  # fmt: skip
    failed = bool(made["failures"])
    return View("form.html", made["title"], "settings", {"form": made}, status=422 if failed else 200)


def _removal(visit: Visit, group: Group) -> list[Context]:
    if not group.item or group.place[-1] == NEW or not _removable(group):
        return []
    name = _removing(group)
    return [control(name, _("Take it out of the settings"), "check", visit.form.get(name))]


def _removable(group: Group) -> bool:
    """Tell whether items come and go here; stages and departments have tables for that."""
    shape = group.spots[0].shape
    return all(key.rstrip("_") in shape.titles for key in shape_of(shape) if not hasattr(shape, key))


def _removing(group: Group) -> str:
    return ".".join(map(str, group.place)) + ".-"


# --- saving -----------------------------------------------------------------------------------------------------------


@action("/settings/form/<name>")
def save(visit: Visit, name: str) -> Answer:
    """Save what was changed; what does not fit is said beside its control, and nothing is saved."""
    shape = _shape(visit, name)
    errors: dict[str, str] = {}
    try:
        seal = unchanged(visit, name)
        changes = _changes(visit, [one for one in _groups(shape, _held(visit, name)) if one.spots], errors)
        if errors:
            return _view(visit, name, shape, errors, "")
        if changes:
            change_settings(file_of(visit, name), changes, shape, seal)
    except Misplaced as error:
        spot = ".".join(map(str, error.place))
        return _view(visit, name, shape, {spot: error.problem}, "" if spot in visit.form else str(error))
    except CrmError as error:
        return _view(visit, name, shape, {}, str(error))
    return Done(_("Settings are saved"), visit.url.settings(f"form/{name}"))


def _changes(visit: Visit, groups: list[Group], errors: dict[str, str]) -> list[Change]:
    found: list[Change] = []
    gone: list[Change] = []
    fresh: list[Group] = []
    for group in groups:
        if group.item and visit.form.get(_removing(group)):
            gone.insert(0, (list(group.place), None))
        elif NEW in group.place:
            fresh.append(group)
        else:
            found += _edited(visit, group, errors)
    return [*found, *_added(visit, fresh, errors), *gone]


def _edited(visit: Visit, group: Group, errors: dict[str, str]) -> list[Change]:
    found: list[Change] = []
    for spot in group.spots:
        if spot.name not in visit.form and not (spot.boxed and "whole" in visit.form):
            continue
        value = _read(visit, spot, errors)
        if spot.name not in errors and not _same(value, spot) and (value is not None or spot.there):
            place = list(spot.place)
            if spot.hint is Title and isinstance(spot.held, dict):
                place.append(language())
            found.append((place, Blank() if value is None else value))
    return found


def _read(visit: Visit, spot: Spot, errors: dict[str, str]) -> Any:
    """Return what was typed, None where it does not fit, which `errors` is told."""
    try:
        return read(visit, spot)
    except InvalidValue as error:
        errors[spot.name] = str(error)
        return None


def _same(value: Any, spot: Spot) -> bool:
    if spot.hint is Title:
        return bool(value == text_of(spot))
    held = list(spot.held) if isinstance(spot.held, tuple) else spot.held
    if spot.many and (spot.choices() or spot.key in spot.shape.chosen):
        return set(value) == set(held or ())
    return bool(value == held) or (value in (None, "") and held in (None, "")) or str(value) == str(held)


def _added(visit: Visit, groups: list[Group], errors: dict[str, str]) -> list[Change]:
    """Return the changes that add new items: whatever was typed beyond what they would hold by themselves."""
    made: dict[Place, dict[str, Any]] = {}
    for group in groups:
        at = group.place.index(NEW)
        values = _typed(visit, group, errors)
        whole = made.setdefault(group.place[:at], {})
        for key in group.place[at + 1 :]:
            whole = whole.setdefault(str(key), {}) if values else {}
        whole.update(values)
    for group in groups:
        if made[group.place[: group.place.index(NEW)]] and group.place[-1] == NEW:
            lacking = (spot for spot in group.spots if spot.held is None and not visit.form.get(spot.name).strip())
            errors.update({spot.name: _("This is needed.") for spot in lacking if spot.name not in errors})
    return [([*place, _LAST], values) for place, values in made.items() if values]


def _typed(visit: Visit, group: Group, errors: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for spot in group.spots:
        if spot.hint is not bool and not visit.form.get(spot.name).strip():
            continue
        value = _read(visit, spot, errors)
        if value not in (None, "", []) and not _same(value, spot):
            values[spot.key] = value
    return values


_LAST = 1_000_000
"""A position beyond every list: what stands there is added at its end."""

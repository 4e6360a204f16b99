"""Units of measure of goods: codes of ОКЕИ (ОК 015-94) for what people type into a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A unit of ОКЕИ; `international` is its three letters in UN/ECE Recommendation 20, where 1C expects them."""

    code: str
    short: str
    full: str
    international: str = ""


UNITS = (
    Unit("796", "шт", "Штука", "PCE"),
    Unit("778", "упак", "Упаковка", "NMP"),
    Unit("839", "компл", "Комплект", "SET"),
    Unit("003", "мм", "Миллиметр", "MMT"),
    Unit("004", "см", "Сантиметр", "CMT"),
    Unit("006", "м", "Метр", "MTR"),
    Unit("008", "км", "Километр", "KMT"),
    Unit("018", "пог. м", "Погонный метр"),
    Unit("055", "м²", "Квадратный метр", "MTK"),
    Unit("113", "м³", "Кубический метр", "MTQ"),
    Unit("112", "л", "Литр", "LTR"),
    Unit("163", "г", "Грамм", "GRM"),
    Unit("166", "кг", "Килограмм", "KGM"),
    Unit("168", "т", "Тонна", "TNE"),
    Unit("206", "ц", "Центнер", "DTN"),
    Unit("245", "кВт·ч", "Киловатт-час", "KWH"),
    Unit("355", "мин", "Минута", "MIN"),
    Unit("356", "ч", "Час", "HUR"),
    Unit("359", "сут", "Сутки", "DAY"),
    Unit("362", "мес", "Месяц", "MON"),
    Unit("366", "год", "Год", "ANN"),
    Unit("539", "чел.-ч", "Человеко-час"),
    Unit("540", "чел.-дн", "Человеко-день"),
    Unit("642", "ед", "Единица"),
    Unit("715", "пар", "Пара", "NPR"),
    Unit("736", "рул", "Рулон", "NPL"),
    Unit("625", "лист", "Лист", "LEF"),
    Unit("798", "тыс. шт", "Тысяча штук", "MIL"),
    Unit("868", "бут", "Бутылка"),
    Unit("876", "усл. ед", "Условная единица"),
)

_ALSO = {
    "796": ("штук", "штуки", "pcs", "pc"),
    "778": ("уп", "упаковок", "пачка"),
    "839": ("к-т", "комплектов", "set"),
    "006": ("метров", "m"),
    "018": ("пог.м", "п.м", "м.п", "метр погонный"),
    "008": ("km",),
    "004": ("cm",),
    "003": ("mm",),
    "715": ("пары", "пара"),
    "736": ("рулон", "рулонов"),
    "625": ("листов",),
    "055": ("м2", "кв.м", "кв.метр", "m2"),
    "113": ("м3", "куб.м", "куб.метр", "m3"),
    "112": ("литров", "l"),
    "163": ("гр", "g"),
    "166": ("kg",),
    "168": ("тн", "тонн"),
    "356": ("часов", "часа", "година", "годин", "h", "hour"),
    "359": ("день", "дн", "дней", "доба", "day"),
    "362": ("месяцев", "месяца", "місяць", "міс", "month"),
    "366": ("года", "рік", "year"),
    "539": ("чел/ч", "чел.час"),
    "540": ("чел/дн", "чел.день"),
    "642": ("единиц", "од"),
    "876": ("услуга", "усл", "услуг", "послуга"),
}


def _fold(text: str) -> str:
    return "".join(text.casefold().split()).rstrip(".")


_BY_NAME = {
    _fold(name): unit
    for unit in UNITS
    for name in (unit.code, unit.short, unit.full, unit.international, *_ALSO.get(unit.code, ()))
    if name
}


def find_unit(text: str) -> Unit | None:
    """Find the unit by its code, short or full name, spaces, case and a last dot aside; None when it is not ours."""
    return _BY_NAME.get(_fold(text))

"""Who and what appears in the demo: people, companies, goods and the words of their requests, in three languages.

Every name, number and address is invented; tax ids have right check digits so that papers look like papers.
"""

from __future__ import annotations

from typing import NamedTuple


class Goods(NamedTuple):
    """A product of the demo: SKU, name, group, unit, price, and whether it is a service."""

    sku: str
    name: str
    group: str
    unit: str
    price: int
    service: bool = False


class Cast(NamedTuple):
    """What one language's demo is made of."""

    own: dict[str, str]
    bank: dict[str, str]
    users: tuple[tuple[str, str, str], ...]
    cities: tuple[str, ...]
    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    companies: tuple[str, ...]
    goods: tuple[Goods, ...]
    phones: tuple[str, ...]
    mails: tuple[str, ...]
    positions: tuple[str, ...]
    call: str
    meeting: str
    letter: str
    remind: str
    results: tuple[str, ...]
    comments: tuple[str, ...]


RU = Cast(
    own={
        "name": "Стройснаб",
        "legal_name": "ООО «Стройснаб»",
        "inn": "7700000016",
        "kpp": "770001001",
        "address": "109012, г. Москва, ул. Примерная, д. 7, оф. 12",
        "phone": "+7 495 000-00-07",
        "email": "sales@example.ru",
        "director": "Орлова О. С.",
        "accountant": "Белова Н. П.",
    },
    bank={
        "name": "ПАО Сбербанк, г. Москва",
        "bik": "044525225",
        "account": "40702810300000000011",
        "corr_account": "30101810400000000225",
    },
    users=(("olga", "Ольга Орлова", "head"), ("ivan", "Иван Серов", "manager"), ("anna", "Анна Лисина", "manager")),
    cities=("Москва", "Тверь", "Калуга", "Тула", "Рязань", "Подольск"),
    firsts=("Василий", "Пётр", "Мария", "Сергей", "Елена", "Дмитрий", "Наталья", "Алексей", "Ирина", "Михаил"),
    lasts=("Кузнецов", "Петренко", "Лебедь", "Шевчук", "Соболь", "Мороз", "Гончар", "Зима", "Бойко", "Ткач"),
    companies=(
        "ООО «Ромашка»",
        "ООО «Монолит-Юг»",
        "АО «Дорстрой-7»",
        "ООО «Кровля и фасад»",
        "ИП Соболев А. В.",
        "ООО «Северный берег»",
        "ООО «Ландшафт»",
        "ООО «Техномост»",
        "АО «Заречный комбинат»",
        "ООО «Дом у озера»",
        "ООО «Карьер-Сервис»",
        "ООО «Бетон Плюс»",
        "ООО «ГородСад»",
        "ООО «Первый подряд»",
        "ООО «Окна века»",
        "ООО «Тёплый угол»",
        "ООО «Лесная усадьба»",
        "ООО «Магистраль»",
        "ООО «Альфа-Склад»",
        "ООО «Новый двор»",
    ),
    goods=(
        Goods("SCH520", "Щебень гранитный 5–20", "Нерудные", "т", 1750),
        Goods("SCH2040", "Щебень гранитный 20–40", "Нерудные", "т", 1620),
        Goods("PES1", "Песок мытый", "Нерудные", "м³", 980),
        Goods("PES2", "Песок карьерный", "Нерудные", "м³", 640),
        Goods("CEM500", "Цемент М500, мешок 50 кг", "Вяжущие", "шт", 520),
        Goods("BL200", "Блок газобетонный D500", "Стеновые", "м³", 6400),
        Goods("ARM12", "Арматура А500С 12 мм", "Металл", "т", 58900),
        Goods("GEO200", "Геотекстиль 200 г/м²", "Изоляция", "м²", 62),
        Goods("DOST", "Доставка самосвалом", "Услуги", "рейс", 9405, service=True),
        Goods("RAZG", "Разгрузка манипулятором", "Услуги", "ч", 2800, service=True),
    ),
    phones=("+7916000", "+7903000", "+7926000"),
    mails=("vasily", "petr", "maria", "sergey", "elena", "dmitry", "natalia", "alexey", "irina", "mikhail"),
    positions=("Прораб", "Снабженец", "Директор", "Главный инженер", "Частный застройщик"),
    call="Позвонить: уточнить объём и срок",
    meeting="Встреча на объекте",
    letter="Отправить расчёт и сертификаты",
    remind="Напомнить об оплате счёта",
    results=(
        "Договорились о сроке",
        "Просил перезвонить",
        "Согласует с руководителем",
        "Сравнивает цены",
        "Ждёт расчёт",
    ),
    comments=("Нужна доставка до 10 утра.", "Оплата после согласования.", "Постоянный клиент, скидка 3 %.", ""),
)

UK = Cast(
    own={
        "name": "Будпостач",
        "legal_name": "ТОВ «Будпостач»",
        "edrpou": "32855961",
        "address": "01001, м. Київ, вул. Прикладна, 7, оф. 12",
        "phone": "+380 44 000 00 07",
        "email": "sales@example.ua",
        "director": "Орлова О. С.",
        "accountant": "Білова Н. П.",
    },
    bank={"name": "АТ «Приклад Банк»", "iban": "UA213223130000026007233566001"},
    users=(
        ("olha", "Ольга Орлова", "head"),
        ("ivan", "Іван Сірко", "manager"),
        ("oksana", "Оксана Лисенко", "manager"),
    ),
    cities=("Київ", "Львів", "Одеса", "Дніпро", "Вінниця", "Полтава"),
    firsts=("Василь", "Петро", "Марія", "Сергій", "Олена", "Дмитро", "Наталія", "Олексій", "Ірина", "Михайло"),
    lasts=("Коваль", "Петренко", "Лебідь", "Шевчук", "Соболь", "Мороз", "Гончар", "Зима", "Бойко", "Ткач"),
    companies=(
        "ТОВ «Ромашка»",
        "ТОВ «Моноліт-Південь»",
        "ПрАТ «Шляхбуд-7»",
        "ТОВ «Дах і фасад»",
        "ФОП Соболь А. В.",
        "ТОВ «Північний берег»",
        "ТОВ «Ландшафт»",
        "ТОВ «Техноміст»",
        "ПрАТ «Зарічний комбінат»",
        "ТОВ «Дім біля озера»",
        "ТОВ «Кар'єр-Сервіс»",
        "ТОВ «Бетон Плюс»",
        "ТОВ «МістоСад»",
        "ТОВ «Перший підряд»",
        "ТОВ «Вікна століття»",
        "ТОВ «Теплий кут»",
        "ТОВ «Лісова садиба»",
        "ТОВ «Магістраль»",
        "ТОВ «Альфа-Склад»",
        "ТОВ «Новий двір»",
    ),
    goods=(
        Goods("SCH520", "Щебінь гранітний 5–20", "Нерудні", "т", 780),
        Goods("SCH2040", "Щебінь гранітний 20–40", "Нерудні", "т", 720),
        Goods("PIS1", "Пісок митий", "Нерудні", "м³", 430),
        Goods("PIS2", "Пісок кар'єрний", "Нерудні", "м³", 280),
        Goods("CEM500", "Цемент М500, мішок 25 кг", "В'яжучі", "шт", 210),
        Goods("BL200", "Блок газобетонний D500", "Стінові", "м³", 2900),
        Goods("ARM12", "Арматура А500С 12 мм", "Метал", "т", 31900),
        Goods("GEO200", "Геотекстиль 200 г/м²", "Ізоляція", "м²", 34),
        Goods("DOST", "Доставка самоскидом", "Послуги", "рейс", 4200, service=True),
        Goods("RAZV", "Розвантаження маніпулятором", "Послуги", "год", 1300, service=True),
    ),
    phones=("+38067000", "+38050000", "+38063000"),
    mails=("vasyl", "petro", "maria", "serhii", "olena", "dmytro", "natalia", "oleksii", "iryna", "mykhailo"),
    positions=("Виконроб", "Постачальник", "Директор", "Головний інженер", "Приватний забудовник"),
    call="Зателефонувати: уточнити обсяг і термін",
    meeting="Зустріч на об'єкті",
    letter="Надіслати розрахунок і сертифікати",
    remind="Нагадати про оплату рахунку",
    results=(
        "Домовилися про термін",
        "Просив передзвонити",
        "Погоджує з керівником",
        "Порівнює ціни",
        "Чекає розрахунок",
    ),
    comments=("Потрібна доставка до 10 ранку.", "Оплата після погодження.", "Постійний клієнт, знижка 3 %.", ""),
)

EN = Cast(
    own={
        "name": "Buildmark",
        "legal_name": "Buildmark LLC",
        "address": "12 Example Street, Springfield",
        "phone": "+1 202-555-0107",
        "email": "sales@example.com",
        "director": "Olivia Orwell",
        "accountant": "Nora Bell",
    },
    bank={"name": "Example Bank", "iban": "GB33BUKB20201555555555"},
    users=(("olivia", "Olivia Orwell", "head"), ("ian", "Ian Sears", "manager"), ("anna", "Anna Linden", "manager")),
    cities=("Springfield", "Riverton", "Fairview", "Milford", "Salem", "Clayton"),
    firsts=("William", "Peter", "Mary", "Simon", "Helen", "Daniel", "Natalie", "Alex", "Irene", "Michael"),
    lasts=("Smith", "Peters", "Swan", "Sharp", "Sable", "Frost", "Potter", "Winter", "Boyd", "Weaver"),
    companies=(
        "Daisy LLC",
        "Monolith South",
        "Roadworks 7 Inc.",
        "Roof & Facade",
        "A. Sable, sole trader",
        "North Shore LLC",
        "Landscape Co.",
        "Technobridge",
        "Riverside Works Inc.",
        "House by the Lake",
        "Quarry Service",
        "Concrete Plus",
        "City Garden",
        "First Contract",
        "Windows of the Age",
        "Warm Corner",
        "Forest Manor",
        "Highway LLC",
        "Alpha Store",
        "New Yard LLC",
    ),
    goods=(
        Goods("AGG520", "Granite aggregate 5–20", "Aggregates", "t", 24),
        Goods("AGG2040", "Granite aggregate 20–40", "Aggregates", "t", 22),
        Goods("SAND1", "Washed sand", "Aggregates", "m³", 18),
        Goods("SAND2", "Quarry sand", "Aggregates", "m³", 11),
        Goods("CEM500", "Cement, 50 lb bag", "Binders", "pcs", 14),
        Goods("BL200", "Aerated block D500", "Walls", "m³", 95),
        Goods("REB12", "Rebar 12 mm", "Metal", "t", 880),
        Goods("GEO200", "Geotextile 200 g/m²", "Insulation", "m²", 2),
        Goods("DELIV", "Delivery by tipper truck", "Services", "trip", 140, service=True),
        Goods("UNLOAD", "Unloading by crane", "Services", "h", 75, service=True),
    ),
    phones=("+120255501", "+121255501", "+131255501", "+141555501"),
    mails=("william", "peter", "mary", "simon", "helen", "daniel", "natalie", "alex", "irene", "michael"),
    positions=("Foreman", "Buyer", "Director", "Chief engineer", "Private builder"),
    call="Call: agree on volume and date",
    meeting="Meeting on site",
    letter="Send the estimate and certificates",
    remind="Remind of invoice",
    results=(
        "Agreed on the date",
        "Asked to call back",
        "Needs the manager's word",
        "Compares prices",
        "Waits for figures",
    ),
    comments=("Delivery before 10 am.", "Payment after approval.", "A regular client, 3 % off.", ""),
)

CASTS = {"ru": RU, "uk": UK, "en": EN}

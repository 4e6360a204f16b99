"""What is said in the demo, in three languages: letters, messages, a mailing, the purposes of payments."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """What one language's demo says.

    `asked`, `answered`, `hurries` are a thread with a client, `offered`, `bargains`, `agreed` another one; `stranger`
    is a letter of somebody new, `answers` one to the mailing. Pairs are a subject and a text. `chats` are talks, the
    client first.
    """

    greeting: str
    regards: str
    papers: str
    asked: tuple[str, str]
    answered: str
    hurries: str
    offered: tuple[str, str]
    bargains: str
    agreed: str
    stranger: tuple[str, str]
    stranger_name: str
    answers: str
    segment: str
    mailing: str
    subject: str
    template: str
    bounced: str
    leaves: str
    chats: tuple[tuple[str, ...], ...]
    channel: str
    statement: str
    purpose: str
    for_another: str
    advance: tuple[str, str]
    fee: tuple[str, str]
    rent: tuple[str, str]


RU = Words(
    greeting="Добрый день!",
    regards="С уважением,",
    papers="Сертификаты.txt",
    asked=(
        "Сертификаты и паспорт качества",
        "Пришлите, пожалуйста, сертификаты и паспорт качества: без них прораб не примет машину.",
    ),
    answered="Сертификаты во вложении, паспорт качества едет с каждой машиной. Когда удобно принять первую?",
    hurries="Спасибо, всё получили. Бригада выходит в четверг: успеете привезти к девяти утра?",
    offered=(
        "Расчёт с доставкой",
        "Отправляю расчёт с доставкой на объект. Цена держится до конца следующей недели.",
    ),
    bargains="Расчёт подходит. Дадите скидку при полной предоплате?",
    agreed="Да, 3 % при полной предоплате. Счёт выставлю сегодня.",
    stranger=(
        "Запрос цены: газобетон D500",
        "Нужно 40 м³ газобетона D500 с доставкой в Подольск, разгрузка манипулятором. Сколько будет стоить "
        "и когда сможете привезти?",
    ),
    stranger_name="Олег Дубов",
    answers="Интересно. Пересчитайте, пожалуйста, наш последний заказ по новым ценам.",
    segment="Клиенты с почтой",
    mailing="Новый прайс-лист",
    subject="{first_name}, новые цены и доставка от 20 т бесплатно",
    template="Здравствуйте, {first_name}!\n\nС понедельника действует новый прайс-лист: щебень и песок дешевле на 4 %, "
    "доставка от 20 тонн бесплатно.\n\nОтветьте на это письмо, и мы пересчитаем ваш заказ.\n\n{owner}\n\n"
    "Больше не присылать: {unsubscribe}",
    bounced="550 5.1.1 Такого ящика нет",
    leaves="Уже не строим",
    chats=(
        (
            "Добрый день! Счёт получили, оплатим завтра.",
            "Спасибо! Как увидим деньги, сразу ставим машину в график.",
            "А можно разгрузку манипулятором добавить?",
        ),
        (
            "Здравствуйте, водитель будет звонить заранее?",
            "Да, за час до приезда. Передала ему ваш номер.",
            "Отлично, ждём.",
            "Машина уже выехала, будет около одиннадцати.",
        ),
        ("Привезли всё, спасибо! Сколько стоит ещё два рейса песка?",),
    ),
    channel="whatsapp",
    statement="Выписка {day}.txt",
    purpose="Оплата по счёту № {number} от {day} за стройматериалы, в т.ч. НДС",
    for_another="Оплата по счёту № {number} за {company}",
    advance=("ООО «Гранит Плюс»", "Предоплата за песок по договору, без НДС"),
    fee=("ПАО Сбербанк", "Комиссия за ведение счёта"),
    rent=("ООО «База на Заводской»", "Аренда площадки и склада, в т.ч. НДС"),
)

UK = Words(
    greeting="Добрий день!",
    regards="З повагою,",
    papers="Сертифікати.txt",
    asked=(
        "Сертифікати й паспорт якості",
        "Надішліть, будь ласка, сертифікати й паспорт якості: без них виконроб не прийме машину.",
    ),
    answered="Сертифікати у вкладенні, паспорт якості їде з кожною машиною. Коли зручно прийняти першу?",
    hurries="Дякую, усе отримали. Бригада виходить у четвер: встигнете привезти до дев'ятої ранку?",
    offered=(
        "Розрахунок із доставкою",
        "Надсилаю розрахунок із доставкою на об'єкт. Ціна тримається до кінця наступного тижня.",
    ),
    bargains="Розрахунок підходить. Дасте знижку за повної передоплати?",
    agreed="Так, 3 % за повної передоплати. Рахунок виставлю сьогодні.",
    stranger=(
        "Запит ціни: газобетон D500",
        "Потрібно 40 м³ газобетону D500 з доставкою до Броварів, розвантаження маніпулятором. Скільки це коштуватиме "
        "й коли зможете привезти?",
    ),
    stranger_name="Олег Дубенко",
    answers="Цікаво. Перерахуйте, будь ласка, наше останнє замовлення за новими цінами.",
    segment="Клієнти з поштою",
    mailing="Новий прайс-лист",
    subject="{first_name}, нові ціни й доставка від 20 т безкоштовно",
    template="Вітаємо, {first_name}!\n\nЗ понеділка діє новий прайс-лист: щебінь і пісок дешевші на 4 %, "
    "доставка від 20 тонн безкоштовно.\n\nВідпишіть на цей лист, і ми перерахуємо ваше замовлення.\n\n{owner}\n\n"
    "Більше не надсилати: {unsubscribe}",
    bounced="550 5.1.1 Такої скриньки немає",
    leaves="Уже не будуємо",
    chats=(
        (
            "Добрий день! Рахунок отримали, оплатимо завтра.",
            "Дякую! Щойно побачимо гроші, одразу ставимо машину в графік.",
            "А можна додати розвантаження маніпулятором?",
        ),
        (
            "Вітаю, водій телефонуватиме заздалегідь?",
            "Так, за годину до приїзду. Ваш номер у нього є.",
            "Чудово, чекаємо.",
            "Машина вже виїхала, буде близько одинадцятої.",
        ),
        ("Привезли все, дякуємо! Скільки коштують ще два рейси піску?",),
    ),
    channel="viber",
    statement="Виписка {day}.txt",
    purpose="Оплата за рахунком № {number} від {day} за будматеріали, у т.ч. ПДВ",
    for_another="Оплата за рахунком № {number} за {company}",
    advance=("ТОВ «Граніт Плюс»", "Передоплата за пісок за договором, без ПДВ"),
    fee=("АТ «Приклад Банк»", "Комісія за ведення рахунку"),
    rent=("ТОВ «База на Заводській»", "Оренда майданчика й складу, у т.ч. ПДВ"),
)

EN = Words(
    greeting="Good afternoon,",
    regards="Best regards,",
    papers="Certificates.txt",
    asked=(
        "Certificates and quality passport",
        "Please send us the certificates and the quality passport: the foreman takes no truck without them.",
    ),
    answered="The certificates are attached, the quality passport comes with each truck. When may the first arrive?",
    hurries="Thank you, we have everything. The crew starts on Thursday: can you deliver by nine in the morning?",
    offered=(
        "Estimate with delivery",
        "Here is the estimate with delivery to the site. The price holds until the end of next week.",
    ),
    bargains="The estimate suits us. Is there a discount for full payment in advance?",
    agreed="Yes, 3 % for full payment in advance. You will have the invoice today.",
    stranger=(
        "Price request: aerated block D500",
        "We need 40 m³ of aerated block D500 delivered to Riverton, unloaded by crane. What does it cost, and when can "
        "you deliver?",
    ),
    stranger_name="Oliver Oaks",
    answers="Interesting. Please work out our last order at the new prices.",
    segment="Clients with an address",
    mailing="New price list",
    subject="{first_name}, new prices and free delivery from 20 t",
    template="Hello {first_name},\n\nA new price list is in force from Monday: aggregates are 4 % cheaper, "
    "delivery is free from 20 tonnes on.\n\nAnswer this letter, and we work out your order anew.\n\n{owner}\n\n"
    "No more letters: {unsubscribe}",
    bounced="550 5.1.1 No such mailbox",
    leaves="We do not build any more",
    chats=(
        (
            "Hello! We have the invoice and pay tomorrow.",
            "Thank you! Once we see the money, the truck is on the schedule.",
            "Could you add unloading by crane?",
        ),
        (
            "Hi, will the driver call before he comes?",
            "Yes, an hour before. He has your number.",
            "Great, we are waiting.",
            "The truck is on its way and arrives about eleven.",
        ),
        ("All delivered, thanks! What do two more trips of sand cost?",),
    ),
    channel="whatsapp",
    statement="Statement {day}.txt",
    purpose="Payment of invoice No. {number} of {day} for building materials",
    for_another="Payment of invoice No. {number} for {company}",
    advance=("Granite Plus", "Advance for sand under the contract"),
    fee=("Example Bank", "Account fee"),
    rent=("Factory Street Base", "Rent of the yard and the warehouse"),
)

WORDS = {"ru": RU, "uk": UK, "en": EN}

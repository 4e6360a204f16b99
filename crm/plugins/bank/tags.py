"""The closed list of tags of 1CClientBankExchange, the blocks a file is cut into, and how dates and amounts are spelt.

What the values mean together is read in `statement`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from crm.errors import InvalidValue
from crm.locale import _

SIGNATURE = "1cclientbankexchange"
LARGEST_AMOUNT = Decimal(10) ** 14
REMARKS_SHOWN = 100

_SIDE = ("Счет", "ИНН", "КПП", "1", "2", "3", "4", "РасчСчет", "Банк1", "Банк2", "БИК", "Корсчет")
_HEADER_WORDS = """
    ВерсияФормата Кодировка Отправитель Получатель ДатаСоздания ВремяСоздания ДатаНачала ДатаКонца РасчСчет Документ
"""
_ACCOUNT_WORDS = "ДатаНачала ДатаКонца РасчСчет НачальныйОстаток ВсегоПоступило ВсегоСписано КонечныйОстаток"
_DOCUMENT_WORDS = """
    Номер Дата Сумма КвитанцияДата КвитанцияВремя КвитанцияСодержание ДатаСписано ДатаПоступило
    Плательщик Получатель ВидПлатежа КодНазПлатежа ВидОплаты Код
    НазначениеПлатежа НазначениеПлатежа1 НазначениеПлатежа2 НазначениеПлатежа3 НазначениеПлатежа4
    НазначениеПлатежа5 НазначениеПлатежа6 Очередность СрокПлатежа СрокАкцепта ВидАккредитива
    УсловиеОплаты1 УсловиеОплаты2 УсловиеОплаты3 ПлатежПоПредст ДополнУсловия НомерСчетаПоставщика ДатаОтсылкиДок
    СтатусСоставителя ПоказательКБК ОКАТО ПоказательОснования ПоказательПериода ПоказательНомера ПоказательДаты
    ПоказательТипа
"""


def _tags(words: str, *more: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in (*words.split(), *more))


HEADER = _tags(_HEADER_WORDS)
ACCOUNT = _tags(_ACCOUNT_WORDS)
DOCUMENT = _tags(_DOCUMENT_WORDS, *(side + end for side in ("Плательщик", "Получатель") for end in _SIDE))
REPEATED = _tags("РасчСчет Документ")
CONTINUED = _tags("Плательщик Плательщик1 Получатель Получатель1 НазначениеПлатежа НазначениеПлатежа1")

_ENDS = _tags("КонецДокумента КонецРасчСчет")
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?:\s.*)?", re.DOTALL)
_AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")


class Remarks:
    """What the reader has to tell about a file, by line; the first hundred are kept, the rest counted."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, str]] = []
        self._more = 0

    def add(self, line: int, text: str) -> None:
        """Note `text` about line `line` (from 1; 0 is the file as a whole)."""
        if len(self._kept) < REMARKS_SHOWN:
            self._kept.append((line, text))
        else:
            self._more += 1

    def sentences(self) -> tuple[str, ...]:
        """Return the remarks in the order of the lines, those on the whole file last."""
        ordered = sorted(self._kept, key=lambda remark: (remark[0] == 0, remark[0]))
        texts = [_("Line {line}: {text}").format(line=line, text=text) if line else text for line, text in ordered]
        if self._more:
            texts.append(_("Remarks not shown: {count}.").format(count=self._more))
        return tuple(texts)


@dataclass(slots=True)
class Block:
    """The tags of a header, an account section or a document, as they stand in the file.

    `line` is where it begins, `title` what follows `СекцияДокумент=`; `closed` is false when the file breaks off in it.
    """

    tags: frozenset[str]
    line: int
    title: str = ""
    closed: bool = False
    parts: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""

    def take(self, tag: str, line: str, value: str) -> bool:
        """Take one line; false if it is neither a tag of this block nor the rest of a long value.

        After a long value a tag met for the second time is that value's text: purposes hold lines like `Сумма=5`.
        """
        if tag in self.tags and not (self.last in CONTINUED and tag in self.parts and tag not in REPEATED):
            self._put(tag, value)
        elif self.last in CONTINUED:
            self.parts[self.last].append(line)
        else:
            return False
        return True

    def _put(self, tag: str, value: str) -> None:
        if tag in REPEATED or not any(self.parts.get(tag, ())):
            self.parts.setdefault(tag, []).append(value)
        self.last = tag

    def values(self, tag: str) -> list[str]:
        """Return the values of a tag that may be repeated."""
        return [value for value in self.parts.get(tag.casefold(), ()) if value]

    def value(self, tag: str) -> str:
        """Return the value of a tag in one line; empty when the tag is absent."""
        return " ".join(" ".join(self.values(tag)).split())

    def detail(self, tag: str) -> str:
        """Return a number of an account, a bank or a taxpayer: no spaces inside, all zeros are empty."""
        text = "".join(self.value(tag).split())
        return text if text.strip("0") else ""


@dataclass(slots=True)
class Blocks:
    """A file cut into its blocks, in the order of the file."""

    header: Block = field(default_factory=lambda: Block(HEADER, 1))
    accounts: list[Block] = field(default_factory=list)
    documents: list[Block] = field(default_factory=list)


def cut_blocks(text: str, remarks: Remarks) -> Blocks:
    """Cut the text of a statement into blocks, noting the lines that belong nowhere.

    Raises InvalidValue when the first line that is not blank is not the signature of the format.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = ((number, line.strip()) for number, line in enumerate(lines, 1) if line and not line.isspace())
    _number, first = next(filled, (0, ""))
    if first.lstrip("\ufeff").casefold() != SIGNATURE:
        raise InvalidValue(
            _("This is not a bank statement in the 1C format (1CClientBankExchange)."),
            _("Ask the bank for an export for 1C, a text file usually called kl_to_1c.txt."),
        )
    return _walk(filled, remarks)


def _walk(filled: Iterator[tuple[int, str]], remarks: Remarks) -> Blocks:
    blocks = Blocks()
    current: Block | None = blocks.header
    for number, line in filled:
        word = line.casefold()
        if word == "конецфайла":
            _close(current)
            if rest := next(filled, None):
                remarks.add(rest[0], _("What stands after the end-of-file mark was not read."))
            return blocks
        if word in _ENDS:
            _close(current)
            current = None
        elif opened := _open(line, number, blocks):
            _close(current)
            current = opened
        else:
            _take_line(current, number, line, remarks)
    remarks.add(0, _("The end-of-file mark is missing: the file may be incomplete."))
    return blocks


def _open(line: str, number: int, blocks: Blocks) -> Block | None:
    left, _equals, title = line.partition("=")
    word = left.rstrip().casefold()
    if word == "секциядокумент":
        blocks.documents.append(Block(DOCUMENT, number, title.strip()))
        return blocks.documents[-1]
    if word == "секциярасчсчет":
        blocks.accounts.append(Block(ACCOUNT, number))
        return blocks.accounts[-1]
    return None


def _close(block: Block | None) -> None:
    if block is not None:
        block.closed = True


def _take_line(block: Block | None, number: int, line: str, remarks: Remarks) -> None:
    left, equals, value = line.partition("=")
    tag = left.rstrip().casefold() if equals else ""
    if block is None or not block.take(tag, line, value.strip()):
        remarks.add(number, _("“{text}” is not a tag of the format and was left out.").format(text=line[:40]))


def read_amount(text: str) -> Decimal | None:
    """Read an amount like `1234.56`, a comma or spaces tolerated; None when it is not money or above 10^14."""
    squeezed = "".join(text.split())
    if not _AMOUNT.fullmatch(squeezed):
        return None
    amount = Decimal(squeezed.replace(",", "."))
    kopecks = amount.quantize(Decimal("0.01"))
    return kopecks if kopecks == amount and abs(amount) <= LARGEST_AMOUNT else None


def read_date(text: str) -> dt.date | None:
    """Read a date like `31.12.2026`, a time after it ignored; None when there is none in 1990-2099."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return dt.date(year, month, day) if 1990 <= year <= 2099 else None
    except ValueError:
        return None

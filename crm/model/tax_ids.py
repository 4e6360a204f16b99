"""Checks of tax numbers and bank accounts of Russia and Ukraine. They warn; whoever asked decides.

Check digits come from python-stdnum where it has them right; the key of a Russian account is our own, and so
is ОГРН, because the library refuses an ОГРНИП whose remainder has two digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crm.locale import N_, _

_ACCOUNT = r"[0-9]{5}[0-9ABCEHKMPTX][0-9]{14}"
_KPP = r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}"
_ACCOUNT_LETTERS = {letter: str(digit) for digit, letter in enumerate("ABCEHKMPTX")}
_CENTRAL_BANK = ("000", "001", "002")
_BIK_STARTS = ("04", "00", "01", "02")


def check(name: str, value: str, bik: str | None = None) -> str | None:
    """Return a sentence of warning when `value` cannot be the number `name`, None when it can.

    Names: inn, kpp, ogrn (ОГРН or ОГРНИП), bik, account, corr_account, edrpou, rntrc, ipn, iban; any other
    is not checked. The key of an account needs the `bik` of its bank; without it only the shape counts.
    """
    compact = re.sub(r"\s", "", value)
    if name in ("account", "corr_account"):
        return _check_account(compact, bik, correspondent=name == "corr_account")
    rule = _RULES.get(name)
    return rule(compact) if rule else None


def _check_inn(value: str) -> str | None:
    from stdnum.ru import inn

    if not re.fullmatch(r"[0-9]{10}|[0-9]{12}", value):
        return _("INN has 10 digits for a legal entity and 12 for a person, not “{value}”.").format(value=value)
    if not int(value) or not inn.is_valid(value):
        return _wrong_digit(N_("INN"), value)
    return None


def _check_kpp(value: str) -> str | None:
    if re.fullmatch(_KPP, value):
        return None
    return _("KPP has 9 characters, not “{value}”.").format(value=value)


def _check_ogrn(value: str) -> str | None:
    """Divide all digits but the last by 11 (ОГРН, 13 digits) or 13 (ОГРНИП, 15): the last is the remainder's."""
    if not re.fullmatch(r"[0-9]{13}|[0-9]{15}", value):
        return _("OGRN has 13 digits and OGRNIP 15, not “{value}”.").format(value=value)
    divisor = 11 if len(value) == 13 else 13
    if not int(value) or int(value[:-1]) % divisor % 10 != int(value[-1]):
        return _wrong_digit(N_("OGRN"), value)
    return None


def _check_bik(value: str) -> str | None:
    if re.fullmatch(r"[0-9]{9}", value) and value.startswith(_BIK_STARTS):
        return None
    return _("BIK of a bank has 9 digits and starts with 04, not “{value}”.").format(value=value)


def _check_account(value: str, bik: str | None, *, correspondent: bool) -> str | None:
    """Check the key of a Russian account (Положение ЦБ РФ of 08.09.1997 №515)."""
    if not re.fullmatch(_ACCOUNT, value):
        return _("A bank account has 20 digits, not “{value}”.").format(value=value)
    if correspondent and not value.startswith("301"):
        return _("A correspondent account starts with 301, not “{value}”.").format(value=value)
    if not bik or value.startswith("0") or bik.startswith("01"):
        return None
    if wrong_bik := _check_bik(bik):
        return wrong_bik
    if _account_key(_key_prefix(bik, correspondent=correspondent) + value):
        return _("Account {value} does not belong to the bank with BIK {bik}.").format(value=value, bik=bik)
    return None


def _key_prefix(bik: str, *, correspondent: bool) -> str:
    central = correspondent or bik.endswith(_CENTRAL_BANK)
    return f"0{bik[4:6]}" if central else bik[-3:]


def _account_key(characters: str) -> int:
    digits = (int(_ACCOUNT_LETTERS.get(character, character)) for character in characters)
    return sum(digit * (7, 1, 3)[place % 3] % 10 for place, digit in enumerate(digits)) % 10


def _check_edrpou(value: str) -> str | None:
    from stdnum.ua import edrpou

    if not re.fullmatch(r"[0-9]{8}", value):
        return _("EDRPOU has 8 digits, not “{value}”.").format(value=value)
    return None if int(value) and edrpou.is_valid(value) else _wrong_digit(N_("EDRPOU"), value)


def _check_rntrc(value: str) -> str | None:
    from stdnum.ua import rntrc

    if not re.fullmatch(r"[0-9]{10}", value):
        return _("RNTRC has 10 digits, not “{value}”.").format(value=value)
    return None if int(value) and rntrc.is_valid(value) else _wrong_digit(N_("RNTRC"), value)


def _check_ipn(value: str) -> str | None:
    """Check the number of a Ukrainian payer of VAT: 12 digits, or a person's РНОКПП."""
    if len(value) == 10:
        return _check_rntrc(value)
    if re.fullmatch(r"[0-9]{12}", value):
        return None
    return _("IPN has 12 digits for a legal entity and 10 for a person, not “{value}”.").format(value=value)


def _check_iban(value: str) -> str | None:
    """Check an account's length and remainder modulo 97 (ISO 13616)."""
    from stdnum import iban

    if iban.is_valid(value.upper()):
        return None
    return _("IBAN {value} does not add up: a digit is wrong or missing.").format(value=value)


def _wrong_digit(name: str, value: str) -> str:
    return _("{name} {value} does not add up: a digit is mistyped.").format(name=_(name), value=value)


_RULES: dict[str, Callable[[str], str | None]] = {
    "inn": _check_inn,
    "kpp": _check_kpp,
    "ogrn": _check_ogrn,
    "bik": _check_bik,
    "edrpou": _check_edrpou,
    "rntrc": _check_rntrc,
    "ipn": _check_ipn,
    "iban": _check_iban,
}

"""Both sides of a document as they are kept on it: the requisites of its invoice and what only documents need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.plugins.documents.declension import (
    DATIVE,
    GENITIVE,
    decline,
    decline_post,
    genitive_post_uk,
    genitive_uk,
)
from crm.plugins.documents.settings import DocumentSettings

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.desk import Desk

_HEADS = {"ru": "директор", "uk": "директор"}
_SOLE = {"ru": "индивидуальный предприниматель", "uk": "фізична особа-підприємець"}


def seller_of(crm: Desk, known: dict[str, str], lang: str) -> dict[str, str]:
    """Return our own side; what the invoice kept wins over `config/documents.yaml`."""
    settings = crm.settings.section("documents", DocumentSettings)
    inn = known.get("inn") or known.get("edrpou") or ""
    extras = {**settings.seller.plain(), **settings.sellers.get(inn, settings.seller).plain()}
    given = {name: text for name, text in extras.items() if text}
    return _completed({"city": _town(known.get("address", "")), **given, **known}, lang)


def _town(address: str) -> str:
    """Return the town that an address names, «г. Москва», empty where it names none so."""
    found = re.search(r"(?:^|[,\s])((?:г|м|пгт|смт)\.\s*[^,\d]+?)\s*(?:,|$)", address)
    return found[1] if found else ""


def buyer_of(crm: Desk, doc: Doc, known: dict[str, str], lang: str) -> dict[str, str]:
    """Return the client's side: ids and bank of the company, its director from its people (role «director»)."""
    company = crm.record(doc["company"]).doc if doc.get("company") else {}
    ids = {name: str(text) for name, text in (company.get("tax_ids") or {}).items()}
    head = _head(crm, company)
    return _completed({**ids, **head, **known}, lang)


def _head(crm: Desk, company: Doc) -> dict[str, str]:
    if not company:
        return {}
    for person in crm.collection("contact").having("companies", f"company/{company['id']}"):
        if "director" in (person.doc.get("roles") or []):
            return {"director": _person(person.doc), "director_title": str(person.doc.get("position") or "")}
    return {}


def _person(doc: Doc) -> str:
    """Return a person as papers name one: Фамилия Имя Отчество."""
    full = " ".join(filter(None, (doc.get(part) for part in ("last_name", "first_name", "middle_name"))))
    return str(full or doc.get("name") or "")


def person_of(crm: Desk, ref: str | None) -> tuple[str, str]:
    """Return the name and the post of a contact, empty where there is none."""
    if not ref:
        return "", ""
    doc = crm.record(ref).doc
    return _person(doc), str(doc.get("position") or "")


def _completed(side: dict[str, str], lang: str) -> dict[str, str]:
    """Return a side with the post of who signs and the words «в лице …» as a first guess."""
    post = side.get("director_title") or (_SOLE if is_sole_trader(side) else _HEADS).get(lang, "")
    side = {**side, "director_title": post[:1].upper() + post[1:]}
    if side.get("director") and not side.get("director_genitive"):
        side["director_genitive"] = _in_genitive(post.lower(), side["director"], lang)
    return {name: text for name, text in side.items() if text}


def _in_genitive(post: str, name: str, lang: str) -> str:
    if lang == "uk":
        return f"{genitive_post_uk(post)} {genitive_uk(name)}".strip()
    return f"{decline_post(post, GENITIVE)} {decline(name, GENITIVE)}".strip()


def is_sole_trader(side: dict[str, str]) -> bool:
    """Tell whether a side is a person in business: an ИНН of 12 digits, an ОГРНИП, a РНОКПП."""
    return len(side.get("inn", "")) == 12 or len(side.get("ogrn", "")) == 15 or bool(side.get("rntrc"))


def to_whom(name: str, post: str) -> str:
    """Return who gets a power of attorney, in the dative: «водителю Петрову Василию»."""
    return f"{decline_post(post.lower(), DATIVE)} {decline(name, DATIVE)}".strip() if name else ""

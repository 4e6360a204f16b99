"""A company: a legal entity or a sole trader, with its requisites."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_lists import Emails, Phones, Refs, Texts
from crm.model.field_parts import Classifiers, Requisites
from crm.model.fields import Choice, LongText, Text, named
from crm.model.record import Record


class Company(Record):
    """A legal entity: название, реквизиты, адрес, contacts (those that name it among their companies)."""

    noun, plural = "company", "companies"
    title_one, title_many = N_("Company"), N_("Companies")
    example = '"ООО Ромашка" --inn 7800000027 --kpp 780001001'
    linked = {"contacts": named(Refs(N_("Contacts"), "contact"), "contacts")}
    pointing = {"deals": (named(Refs(N_("Deals"), "deal"), "deals"), "company")}

    name = Text(N_("Name"), required=True, search=True, listed=True)
    legal_name = Text(N_("Legal name"), search=True)
    tax_ids = Requisites(
        N_("Tax ids"),
        {
            "inn": N_("ИНН"),
            "kpp": N_("КПП"),
            "ogrn": N_("ОГРН"),
            "okpo": N_("ОКПО"),
            "edrpou": N_("ЄДРПОУ"),
            "ipn": N_("ІПН"),
            "vat_id": N_("VAT id"),
        },
        key=True,
        search=True,
        listed=True,
    )
    bank = Requisites(
        N_("Bank"),
        {
            "name": N_("Bank"),
            "bik": N_("БИК"),
            "account": N_("Account"),
            "corr_account": N_("Correspondent account"),
            "iban": "IBAN",
        },
    )
    responsible = Texts(N_("Also responsible"), key=True)
    addresses = Texts(N_("Addresses"), search=True)
    phones = Phones(N_("Phones"), listed=True)
    emails = Emails(N_("E-mails"))
    industry = Choice(N_("Industry"), "industries", column=True, listed=True)
    classifiers = Classifiers(N_("Classifiers"))
    comment = LongText(N_("Comment"), search=True)

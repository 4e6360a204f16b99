"""What people call the requisites of a side of a paper, as invoices and documents keep them."""

from __future__ import annotations

from crm.locale import N_

SIDE = {
    "name": N_("Name"),
    "legal_name": N_("Full name of the company"),
    "inn": N_("INN"),
    "kpp": N_("KPP"),
    "ogrn": N_("OGRN"),
    "okpo": N_("ОКПО"),
    "edrpou": N_("EDRPOU"),
    "ipn": N_("ІПН"),
    "vat_id": N_("VAT id"),
    "address": N_("Address"),
    "city": N_("City"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "director": N_("Director"),
    "director_title": N_("Post of the director"),
    "director_genitive": N_("Represented by"),
    "accountant": N_("Accountant"),
    "bank_name": N_("Bank"),
    "bank_bik": N_("BIK"),
    "bank_account": N_("Account"),
    "bank_corr_account": N_("Correspondent account"),
    "bank_iban": N_("IBAN"),
}

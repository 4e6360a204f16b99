from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.delivery import Delivery
from crm.locale import use_language
from crm.settings_file import change_setting, write_config
from crm.workspace import Workspace, open_workspace

OWN_COMPANY: dict[str, object] = {
    "name": "ООО «Пример Групп»",
    "legal_name": "Общество с ограниченной ответственностью «Пример Групп»",
    "inn": "7700000016",
    "kpp": "770001001",
    "address": "115114, г. Москва, Дербеневская наб., д. 7",
    "phone": "+74951234567",
    "email": "sales@example.ru",
    "director": "Иванов И. И.",
    "accountant": "Петрова А. С.",
}
OWN_BANK: dict[str, object] = {
    "name": "ПАО СБЕРБАНК",
    "bik": "044525225",
    "account": "40702810300000000011",
    "corr_account": "30101810400000000225",
}


@pytest.fixture
def shop_folder(tmp_path: Path) -> Path:
    """Return the folder of an empty Russian workspace in roubles that knows the requisites of our own company."""
    root = tmp_path / "shop"
    write_config(root, "ru", "RUB", "Пример")
    for folder in ("journal", "tables", "cache"):
        (root / "data" / folder).mkdir(parents=True)
    for name, value in OWN_COMPANY.items():
        change_setting(root / "config" / "crm.yaml", ("company", name), value)
    for name, value in OWN_BANK.items():
        change_setting(root / "config" / "crm.yaml", ("company", "bank", name), value)
    return root


@pytest.fixture
def shop(shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Return that workspace, open, with the plugins of the program alone; olga acts, messages are English."""
    monkeypatch.setenv("CRM_PLUGINS", "")
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        Delivery(crm).start()
        yield crm
    use_language("en")

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from crm.delivery import Delivery
from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.locale import use_language
from crm.settings_file import change_setting
from crm.workspace import Workspace

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


@pytest.fixture(scope="session")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that every `shop_folder` is a copy of: settings are written slowly, with their comments."""
    root = initialise(tmp_path_factory.mktemp("made") / "shop", "ru", "RUB", "Пример", "olga")
    for name, value in OWN_COMPANY.items():
        change_setting(root / "config" / "crm.yaml", ("company", name), value)
    for name, value in OWN_BANK.items():
        change_setting(root / "config" / "crm.yaml", ("company", "bank", name), value)
    return root


@pytest.fixture
def shop_folder(made_shop: Path, tmp_path: Path) -> Path:
    """Return the folder of an empty Russian workspace in roubles that knows the requisites of our own company."""
    return Path(copytree(made_shop, tmp_path / "shop"))


@pytest.fixture
def shop(shop_folder: Path) -> Iterator[Workspace]:
    """Return that workspace, open; olga, its admin, acts, and messages are English."""
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        Delivery(crm).start()
        yield crm
    use_language("en")

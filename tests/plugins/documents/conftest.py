from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.delivery import Delivery
from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.locale import use_language
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.documents.sale import set_seller

UKRAINIAN = {
    "name": "ТОВ «Приклад»",
    "edrpou": "14360570",
    "address": "01001, м. Київ, вул. Хрещатик, буд. 22",
    "phone": "+380441234567",
    "director": "Шевченко Тарас Григорович",
}


@pytest.fixture
def seller(shop_folder: Path) -> Iterator[Workspace]:
    """Return the shop whose own company is known in full."""
    set_seller(shop_folder)
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        Delivery(crm).start()
        yield crm
    use_language("en")


@pytest.fixture
def ukraine(tmp_path: Path) -> Iterator[Workspace]:
    """Return a Ukrainian workspace in hryvnias."""
    root = initialise(tmp_path / "ua", "uk", "UAH", "Приклад", "olga")
    for name, value in UKRAINIAN.items():
        change_setting(root / "config" / "crm.yaml", ("company", name), value)
    change_setting(root / "config" / "crm.yaml", ("company", "bank", "name"), "АТ КБ «ПРИВАТБАНК»")
    change_setting(root / "config" / "crm.yaml", ("company", "bank", "iban"), "UA213223130000026007233566001")
    change_setting(root / "config" / "documents.yaml", ("seller", "city"), "м. Київ")
    change_setting(root / "config" / "documents.yaml", ("seller", "ipn"), "143605726547")
    with open_workspace(root, actor="olga", language="en") as crm:
        Delivery(crm).start()
        yield crm
    use_language("en")

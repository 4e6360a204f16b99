from __future__ import annotations

import pytest

from crm import open_workspace
from crm.errors import InvalidValue
from crm.sales.stages import add_stage, rename_stage, reorder_stage, strays
from crm.settings_file import change_setting
from crm.workspace import Workspace


def stages(crm: Workspace) -> list[str]:
    with open_workspace(crm.root, actor="olga") as again:
        return [stage.id for stage in again.settings.pipeline().stages]


def test_renaming_changes_one_language_and_no_deal(sales: Workspace) -> None:
    sales.deals.add(title="A", stage="proposal")
    rename_stage(sales, "", "proposal", "Offer made")
    with open_workspace(sales.root, actor="olga", language="en") as crm:
        stage = crm.settings.pipeline().stage("proposal")
        assert stage.title.words["en"] == "Offer made"
        assert stage.title.words["ru"] == "Выставлено КП"
        assert crm.deals.get(1).stage == "proposal"


def test_reordering(sales: Workspace) -> None:
    assert reorder_stage(sales, "", "signing", "proposal") == stages(sales)
    assert stages(sales) == ["new", "qualified", "signing", "proposal", "invoice"]
    reorder_stage(sales, "", "new", "")
    assert stages(sales)[-1] == "new"


def test_adding(sales: Workspace) -> None:
    add_stage(sales, "", "meeting", "Встреча", "proposal")
    assert stages(sales) == ["new", "qualified", "meeting", "proposal", "invoice", "signing"]
    with pytest.raises(InvalidValue):
        add_stage(sales, "", "new", "Ещё", "")


def test_dry_runs_change_no_file(sales: Workspace) -> None:
    before = (sales.root / "config" / "pipelines.yaml").read_bytes()
    rename_stage(sales, "", "proposal", "X", dry_run=True)
    reorder_stage(sales, "", "signing", "proposal", dry_run=True)
    order = add_stage(sales, "", "meeting", "Встреча", "proposal", dry_run=True)
    assert "meeting" in order
    assert (sales.root / "config" / "pipelines.yaml").read_bytes() == before


def test_deals_whose_stage_is_gone_are_found(sales: Workspace) -> None:
    sales.deals.add(title="A", stage="signing")
    sales.deals.add(title="B", stage="new")
    assert list(strays(sales)) == []
    change_setting(sales.root / "config" / "pipelines.yaml", ["pipelines", "sales", "stages", "signing"], None)
    with open_workspace(sales.root, actor="olga") as crm:
        assert [deal.ref for deal in strays(crm)] == ["deal/1"]

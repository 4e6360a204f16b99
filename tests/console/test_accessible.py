"""Every page against the rules of WCAG 2.2 AA that axe can judge: wide and narrow, light and dark, with menus open."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.console.test_browser import Open

pytestmark = pytest.mark.browser
PAGES = (
    "/my", "/calendar", "/calendar?user=all",
    "/board/deal/sales", "/board/lead", "/deals", "/deals?outcome=won&columns=amount", "/companies", "/contacts",
    "/invoices", "/deal/1", "/company/1", "/contact/1", "/lead/1", "/deal/add", "/deal/1/edit", "/deal/1/move",
    "/lead/1/convert", "/accept", "/find?text=a", "/reports", "/reports/leads", "/reports/cycle", "/p/motivator",
    "/p/profile", "/settings", "/settings/account", "/settings/items/pipeline.sales", "/settings/items/departments",
    "/p/bank", "/settings/file/crm", "/settings/rates", "/settings/roles", "/settings/signins",
    "/settings/items/fields.deal", "/import", "/quote/1", "/quote/1/do/decline", "/documents", "/duplicates",
    "/reports/funnel?since=2026-01-01&until=2026-12-31&compare=1", "/settings/plugins", "/views", "/nothing/here",
    "/activity/1", "/p/routines", "/p/load", "/p/load?view=day", "/p/load?view=month", "/p/messages", "/p/mailings",
    "/p/letters", "/p/motivator?explain=olga", "/reports/sla", "/reports/planning", "/reports/rush",
    "/reports/mailings", "/p/documents", "/p/onec", "/p/price", "/journal?ref=deal/1", "/comparison?since=2026-01-01",
    "/trash",
    "/settings/goals/sales", "/settings/form/mailbox", "/settings/form/departments", "/settings/form/motivator",
    "/settings/care", "/settings/events", "/p/rules", "/p/lint", "/p/site", "/p/telephony", "/contact/1/forget",
    "/contact/1/merge", "/user/1/password", "/do/segment_freeze?record=segment/1",
)  # fmt: skip
LOOKS = {"wide and light": (1280, "light"), "narrow and dark": (390, "dark")}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPENED = {
    "/board/deal/sales": [".quick summary", ".views summary"],
    "/deals": [".builder summary", ".chooser summary", ".views summary"],
    "/deal/1": [".edit summary"],
}


@pytest.fixture(scope="session")
def axe() -> str:
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, axe: str) -> list[str]:
    page.evaluate(f"() => {{ {axe} ; window.axe = axe; }}")
    asked = "async (tags) => (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations"
    found: list[dict[str, Any]] = page.evaluate(asked, TAGS)
    return [f"{one['id']}: {node['html'][:200]} {node['target']}" for one in found for node in one["nodes"][:3]]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_no_fault(open_page: Open, axe: str, look: str) -> None:
    width, scheme = LOOKS[look]
    page = open_page(PAGES[0], color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 6000})  # what sticks to the edges covers nothing
    base = page.url.removesuffix(PAGES[0])
    found = {}
    for path in PAGES:
        page.goto(base + path)
        if faults_here := faults(page, axe):
            found[path] = faults_here
    assert not found, "\n".join(f"{path}: {one}" for path, some in found.items() for one in some)


@pytest.mark.parametrize("path", OPENED)
def test_axe_finds_no_fault_in_what_opens(open_page: Open, axe: str, path: str) -> None:
    page = open_page(path)
    for opener in OPENED[path]:
        page.locator(opener).first.click()
        assert not faults(page, axe), opener
        page.keyboard.press("Escape")


def test_axe_finds_no_fault_on_the_way_in(open_page: Open, axe: str) -> None:
    page = open_page("/my")
    page.context.clear_cookies()
    page.goto(page.url.removesuffix("/my") + "/signin")
    assert not faults(page, axe)

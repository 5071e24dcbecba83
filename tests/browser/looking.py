"""What is wrong with a page as it lies before somebody: too wide, an id twice, not accessible."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: What the pages looked like is kept here.
KEPT: Final = Path(__file__).parents[2] / "var" / "screenshots"
WIDE, PHONE = 1280, 360

#: WCAG 2.2 AA, with the sizes of what is pressed; the styles are read from the page, not asked for again.
RULES: Final[dict[str, Any]] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
#: What another width can change.
RULES_OF_SIZE: Final = RULES | {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"]}

TWINS: Final = """(ids => ids.filter((id, n) => ids.indexOf(id) !== n).join(" "))(
    [...document.querySelectorAll("[id]")].map(element => element.id))"""
SERIOUS: Final = """async rules => (await axe.run(rules)).violations
    .filter(found => ["serious", "critical"].includes(found.impact))
    .map(({id, nodes}) => ({id, nodes: nodes.map(({html, failureSummary}) => ({html, failureSummary}))}))"""
STICKING_OUT: Final = """document.documentElement.scrollWidth <= innerWidth ? "" :
    [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" ") || "something\""""


def fits(page: Page) -> None:
    """Nothing hangs over the edge, once the page has its styles: without them it is laid out otherwise."""
    page.wait_for_load_state()
    out = page.evaluate(STICKING_OUT)
    assert not out, f"{page.url} is wider than its window: {out}"


def inaccessible(page: Page, rules: dict[str, Any]) -> Iterator[str]:
    """What axe-core finds serious. The page is given axe but once, however often it is asked."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for found in page.evaluate(SERIOUS, rules):
        for node in found["nodes"]:
            yield f"{found['id']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()}"


def picture(page: Page, path: Path) -> None:
    """Keep what the page looks like."""
    page.screenshot(path=path, full_page=True, type="jpeg", quality=60)

"""The page of ``nixernetes ui`` in a real browser: what a repository holds is text to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.browser.looking import ALL, COLOURS, PHONE, Run, opened, resized

HOSTILE = "/delivery?cluster=prod&kind=Kustomization&namespace=flux-system&name=hostile"


def test_names_and_values_are_text(browser: Any, ui: Run) -> None:
    with opened(browser, ui.invitation(), HOSTILE) as page:
        page.wait_for_selector(".row.object:has-text('<img src=x onerror=window.hurt=1>')")
        page.locator(".row.object .cells", has_text="<img src=x").click()
        page.wait_for_selector(".side-panel h2:has-text('<img src=x onerror=window.hurt=1>')")
        page.get_by_role("tab", name="Desired").click()
        page.wait_for_selector(".yaml:has-text('<script>window.hurt=1</script>')")
        assert page.locator("main img, main script").count() == 0


def test_an_edit_is_shown_without_being_asked_for(browser: Any, ui: Run, fleet: Path) -> None:
    file = fleet / "web" / "web.yaml"
    before = file.read_text()
    with opened(browser, ui.invitation(), "/findings") as page:
        file.write_text(before.replace("replicas: 2", "replicas: many"))
        page.wait_for_selector(".finding:has-text('spec.replicas')")
        file.write_text(before)
        page.wait_for_selector(".finding:has-text('spec.replicas')", state="detached")


def test_a_review_follows_the_edit_and_is_kept_as_one_file(browser: Any, ui: Run, fleet: Path) -> None:
    file = fleet / "web" / "web.yaml"
    before = file.read_text()
    with opened(browser, ui.invitation(), "/review") as page:
        page.wait_for_selector("text=No object of any cluster changes")
        file.write_text(before.replace("replicas: 2", "replicas: 3"))
        page.wait_for_selector(".item:has-text('Deployment/web/web') .plus:has-text('3')")
        with page.expect_download() as download:
            page.get_by_role("link", name="Save as one file").click()
        assert "spec.replicas" in Path(download.value.path()).read_text()
        page.locator(".item button.head", has_text="Deployment/web/web").click()
        page.wait_for_selector(".changed", state="detached")
        page.get_by_label("From").select_option(index=1)
        page.wait_for_url("**/review?base=*")
        file.write_text(before)
        page.wait_for_selector("text=No object of any cluster changes")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_anybody(browser: Any, ui: Run, fleet: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    file = fleet / "web" / "web.yaml"
    before = file.read_text()
    file.write_text(before.replace("replicas: 2", "replicas: many").replace("web:1", "web:2"))
    with opened(browser, ui.invitation(), "/findings", color_scheme=scheme) as page:
        origin = page.url.partition("/findings")[0]
        page.wait_for_selector(".finding:has-text('spec.replicas')")
        for view in ("/", "/findings", "/review", HOSTILE):
            page.goto(origin + view)
            page.wait_for_selector(".card, .finding, .row.object")
            found = axe.run(page, options=ALL if scheme == "light" else COLOURS)
            assert found.violations_count == 0, f"{view}: {found.generate_report()}"
            resized(page, PHONE)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view
            page.set_viewport_size({"width": 1280, "height": 800})
    file.write_text(before)


def test_what_would_happen_is_rehearsed(browser: Any, ui: Run, fleet: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    file = fleet / "web" / "web.yaml"
    before = file.read_text()
    file.write_text(before.replace("web:1", "web:2"))
    with opened(browser, ui.invitation(), "/review?tab=rehearsal") as page:
        page.wait_for_selector(".rollout li:has-text('Deployment/web/web')")
        page.wait_for_selector(".note:has-text('It settles after')")
        assert axe.run(page).violations_count == 0
        resized(page, PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    file.write_text(before)

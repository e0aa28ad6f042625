"""The page of ``nixernetes ui`` in a real browser: what a repository holds is text to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.looking import Run, opened

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

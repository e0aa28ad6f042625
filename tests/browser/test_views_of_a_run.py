"""The views of the page of ``nixernetes up`` in a real browser, of both engines."""

from __future__ import annotations

from typing import Any

from tests.browser.looking import Run, number_is, opened, settled

WEB = "/delivery?cluster=prod&kind=Kustomization&namespace=flux-system&name=storefront"
SHOP = "/delivery?cluster=prod&kind=Application&namespace=argocd&name=shop"


def test_logs_about_a_delivery_are_followed_and_searched(browser: Any, up: Run) -> None:
    with opened(browser, up.viewer) as page:
        settled(page)
        origin = page.url.rstrip("/")
        page.goto(f"{origin}{WEB}&tab=logs")
        page.wait_for_selector(".log li:has-text('Deployment/web/web created')")
        page.get_by_label("Search lines").fill("reconciliation finished")
        page.wait_for_selector(".log mark")
        assert "grep=reconciliation" in page.url
        before = page.locator(".log li").count()
        with opened(browser, up.invitation(), WEB) as other:
            other.keyboard.press("s")
            other.keyboard.press("Enter")
            other.wait_for_selector(".notice.ready")
        number_is(page, ".log li", before + 1)
        page.goto(f"{origin}{SHOP}&tab=logs")
        page.wait_for_selector(".log li:has-text('argocd-application-controller')")
        page.get_by_role("button", name="Raw").click()
        page.wait_for_selector('.log.raw li:has-text(\'"application":"shop"\')')


def test_a_simulated_pod_says_that_nothing_is_written(browser: Any, up: Run) -> None:
    with opened(browser, up.viewer, f"{WEB}&object=prod%2Fapps%2FDeployment%2Fweb%2Fweb") as page:
        page.locator(".side-panel").get_by_role("tab", name="Logs").click()
        page.wait_for_selector(".side-panel .empty:has-text('simulated')")
        page.get_by_label("Pod").wait_for()
        page.get_by_role("button", name="The whole width").click()
        page.wait_for_selector(".sides.whole .side-panel")

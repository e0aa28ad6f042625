"""The page of ``nixernetes up`` in a real browser: found, opened, acted on; nothing that a cluster holds hurts it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.browser.looking import ALL, COLOURS, PHONE, Run, number_is, opened, settled

WEB = "/delivery?cluster=prod&kind=Kustomization&namespace=flux-system&name=storefront"
HOSTILE = "/delivery?cluster=prod&kind=Kustomization&namespace=flux-system&name=hostile"
OBJECT = f"{WEB}&object=prod%2Fapps%2FDeployment%2Fweb%2Fweb"
SECRET = f"{WEB}&object=prod%2F%2FSecret%2Fweb%2Fkeys"
VIEWS = (
    "/",
    WEB,
    HOSTILE,
    OBJECT,
    f"{OBJECT}&show=diff",
    f"{OBJECT}&show=origin",
    f"{WEB}&tab=history",
    f"{WEB}&tab=logs",
    f"{OBJECT}&show=logs",
    "/history",
    "/activity",
    "/notifications",
    "/reasons",
)


def test_keys_find_open_and_act(browser: Any, up: Run) -> None:
    with opened(browser, up.invitation()) as page:
        settled(page)
        page.keyboard.press("/")
        page.keyboard.type("storefront")
        number_is(page, ".row.delivery", 1)
        assert "q=storefront" in page.url
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('storefront')")
        page.wait_for_selector(".row.object:has-text('Pod')")
        for _ in range(4):
            page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector(".side-panel")
        page.keyboard.press("Escape")
        page.wait_for_selector(".side-panel", state="detached")
        page.keyboard.press("s")
        page.wait_for_selector("dialog:has-text('Flux reconciles Kustomization/flux-system/storefront now')")
        page.keyboard.press("Enter")
        page.wait_for_selector(".notice.ready:has-text('Applied revision')")
        page.keyboard.press("?")
        page.wait_for_selector("dialog:has-text('next and previous row')")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        page.go_back()
        page.wait_for_selector(".side-panel")
        page.go_back()
        page.go_back()
        number_is(page, ".row.delivery", 1)


def test_a_change_reaches_others_who_look(browser: Any, up: Run) -> None:
    with opened(browser, up.invitation(), WEB) as one, opened(browser, up.viewer, WEB) as two:
        assert two.locator(".actions").count() == 0
        two.wait_for_selector("text=looks only")
        one.get_by_role("button", name="Suspend").click()
        one.locator("dialog").get_by_role("button", name="Suspend").click()
        one.get_by_role("button", name="Resume").wait_for()
        two.wait_for_selector("h1 .mark.suspended")
        one.get_by_role("button", name="Resume").click()
        one.locator("dialog").get_by_role("button", name="Resume").click()
        two.wait_for_selector("h1 .mark.ready")


def test_an_object_shows_what_is_there_and_no_secret(browser: Any, up: Run) -> None:
    with opened(browser, up.invitation(), f"{OBJECT}&show=live") as page:
        page.wait_for_selector(".yaml:has-text('onerror=window.hurt=1')")
        page.goto(page.url.replace("show=live", "show=origin"))
        page.wait_for_selector("text=web/web.yaml:11")
        page.goto(page.url.partition("/delivery")[0] + SECRET + "&show=live")
        page.wait_for_selector(".yaml:has-text('***')")
        assert "hunter2" not in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_anybody(browser: Any, up: Run, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, up.invitation(), color_scheme=scheme) as page:
        settled(page)
        origin = page.url.rstrip("/")
        for view in VIEWS:
            page.goto(origin + view)
            page.wait_for_selector("main h1")
            page.wait_for_selector(".skeleton", state="detached")
            found = axe.run(page, options=ALL if scheme == "light" else COLOURS)
            assert found.violations_count == 0, f"{view}: {found.generate_report()}"


def test_a_moment_of_the_run_can_be_looked_at_again(browser: Any, up: Run) -> None:
    with opened(browser, up.invitation()) as page:
        settled(page)
        home = page.url
        page.goto(home + WEB[1:])
        page.get_by_role("button", name="Suspend").click()
        page.locator("dialog").get_by_role("button", name="Suspend").click()
        page.get_by_role("button", name="Resume").wait_for()
        page.keyboard.press("g")
        page.keyboard.press("h")
        page.wait_for_selector("h1:has-text('History')")
        page.wait_for_selector(".lead:has-text('moments')")
        page.goto(home + WEB[1:])
        page.get_by_role("button", name="Resume").click()
        page.locator("dialog").get_by_role("button", name="Resume").click()
        page.get_by_role("button", name="Suspend").wait_for()
        page.goto(home + "history")
        page.wait_for_selector(".row.then.ready:has-text('storefront')")
        page.keyboard.press("h")
        page.wait_for_url("**/history?at=*")
        page.goto(page.url.partition("?")[0] + "?at=0")
        page.wait_for_selector(".what li:has-text('new')")
        page.get_by_role("button", name="To the present").click()
        page.wait_for_selector("text=now")


def test_a_phone_shows_every_view_without_scrolling_sideways(browser: Any, up: Run) -> None:
    with opened(browser, up.invitation(), viewport=PHONE) as page:
        origin = page.url.rstrip("/")
        for view in VIEWS:
            page.goto(origin + view)
            page.wait_for_selector("main h1")
            page.wait_for_selector(".skeleton", state="detached")
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view

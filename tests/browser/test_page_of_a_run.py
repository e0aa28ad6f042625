"""The page of ``nixernetes up`` in a real browser: found, opened, acted on; nothing that a cluster holds hurts it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.browser.looking import (
    ALL,
    COLOURS,
    PHONE,
    SCREEN,
    Run,
    in_the_way,
    moved,
    number_is,
    opened,
    resized,
    settled,
)

WEB = "/delivery?cluster=prod&kind=Kustomization&namespace=flux-system&name=storefront"
HOSTILE = "/delivery?cluster=prod&kind=Kustomization&namespace=flux-system&name=hostile"
SHOP = "/delivery?cluster=prod&kind=Application&namespace=argocd&name=shop"
OBJECT = f"{WEB}&object=prod%2Fapps%2FDeployment%2Fweb%2Fweb"
SECRET = f"{WEB}&object=prod%2F%2FSecret%2Fweb%2Fkeys"
VIEWS = (
    "/?filters=all",
    "/?as=tiles",
    "/?as=summary",
    WEB,
    HOSTILE,
    OBJECT,
    f"{OBJECT}&show=diff&cmp=side&all=yes",
    f"{OBJECT}&show=origin",
    f"{WEB}&tab=history",
    f"{WEB}&tab=logs",
    f"{WEB}&as=kinds",
    f"{WEB}&as=order",
    f"{WEB}&as=network",
    f"{SHOP}&as=order",
    f"{OBJECT}&show=logs",
    "/clusters?open=prod&log=kustomize-controller",
    "/projects?open=prod%2Fshop",
    "/sources?open=prod%2FGitRepository%2Fflux-system%2Ffleet",
    "/policies?open=prod%2FValidatingAdmissionPolicy%2F%2Fno-odd-names",
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


def test_nothing_is_in_the_way_of_anybody(browser: Any, up: Run) -> None:
    """Every view in both themes and on a phone: axe finds nothing, and nothing scrolls sideways."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, up.invitation()) as page:
        settled(page)
        assert axe.run(page, options=ALL).violations_count == 0
        for view in VIEWS:
            moved(page, view)
            assert in_the_way(page, ALL) == [], view
            page.emulate_media(color_scheme="dark")
            assert in_the_way(page, COLOURS) == [], f"{view} in the dark"
            resized(page, PHONE)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view
            page.set_viewport_size(SCREEN)
            page.emulate_media(color_scheme="light")


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

"""Acting in a real browser, on a run of which the time is steered: what a deletion takes, what waits, what fails."""

from __future__ import annotations

from typing import Any

import pytest
from tests.browser.looking import PHONE, SCREEN, Run, moved, opened, resized

APPS = "/delivery?cluster=management&kind=Application&namespace=argocd&name="
WORKLOAD = f"{APPS}shop&object=management%2Fapps%2FDeployment%2Fshop%2Fshop"


def _went(page: Any, path: str) -> None:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
    page.wait_for_selector(".row.object")


def _looked_at(page: Any, what: str) -> None:
    """Hold the dialog that is open against the rules of accessibility, and against a phone."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = axe.run(page, context="dialog")
        assert found.violations_count == 0, f"{what}: {found.generate_report()}"
    resized(page, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], what
    box = page.locator("dialog").bounding_box()
    assert box["x"] >= 0, what
    assert box["x"] + box["width"] <= PHONE["width"], what
    page.set_viewport_size({"width": 1280, "height": 800})


def test_time_is_steered_and_an_image_fails(browser: Any, steered: Run) -> None:
    with opened(browser, steered.invitation()) as page:
        page.wait_for_selector(".time-strip:has-text('paused')")
        page.get_by_role("button", name="Settle").click()
        page.wait_for_selector(".row.delivery.ready:has-text('shop')")
        before = page.locator(".time-strip strong").inner_text()
        page.keyboard.press(".")
        page.wait_for_function("before => document.querySelector('.time-strip strong').innerText > before", arg=before)
        page.wait_for_selector(".time-strip:has-text('paused')")
        _went(page, WORKLOAD)
        page.get_by_role("button", name="Fail image").click()
        page.wait_for_selector("dialog input.wide")
        _looked_at(page, "an image that fails")
        page.get_by_role("button", name="Let it fail").click()
        page.wait_for_selector(".faults li:has-text('shop:1')")
        page.get_by_role("button", name="Fail image").click()
        page.fill("dialog input.wide", "<img src=x onerror=window.hurt=1>")
        page.get_by_role("button", name="Let it fail").click()
        hostile = page.locator(".faults li", has_text="<img src=x onerror=window.hurt=1>")
        hostile.get_by_role("button", name="Heal").click()
        hostile.wait_for(state="detached")
        page.locator(".side-panel").get_by_role("button", name="Restart").click()
        page.locator("dialog").get_by_role("button", name="Restart").click()
        page.wait_for_selector(".row.object:has-text('ImagePullBackOff')")
        page.get_by_role("button", name="Heal").click()
        page.wait_for_selector(".faults", state="detached")
        page.get_by_role("button", name="+10m").click()
        page.wait_for_selector(".row.object:has-text('ImagePullBackOff')", state="detached")


def test_what_goes_is_told_and_what_waits_is_confirmed(browser: Any, steered: Run) -> None:
    with opened(browser, steered.invitation(), forgives="404") as page:  # what is deleted is not there any more
        page.get_by_role("button", name="Settle").click()
        page.wait_for_selector(".row.delivery.ready:has-text('asked')")
        _went(page, f"{APPS}shop")
        page.get_by_role("button", name="Sync", exact=True).click()
        page.locator("dialog summary").click()
        page.locator(".picks input").first.check()
        _looked_at(page, "a sync of chosen objects")
        page.locator("dialog").get_by_role("button", name="Sync", exact=True).click()
        page.locator(".notice .more").click()
        page.wait_for_selector(".results li:has-text('ConfigMap/shop/first')")
        _looked_at(page, "what came of it")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Delete", exact=True).click()
        page.wait_for_selector(".parts.stays:has-text('Delete=false')")
        _looked_at(page, "a deletion")
        page.get_by_label("Non-cascading").check()
        page.wait_for_selector(".parts.stays:has-text('4 objects'), .parts.stays:has-text('3 objects')")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        _went(page, f"{APPS}asked")
        page.get_by_role("button", name="Delete", exact=True).click()
        page.wait_for_selector(".parts.goes")
        page.locator("dialog").get_by_role("button", name="Delete", exact=True).click()
        page.wait_for_selector(".note.warn:has-text('waits for a confirmation')")
        page.get_by_role("button", name="Confirm deletions").click()
        page.locator("dialog").get_by_role("button", name="Confirm", exact=True).click()
        page.get_by_role("button", name="+1m").click()
        page.wait_for_selector(".notice.ready:has-text('is gone')")


def test_somebody_comes_in_by_name_and_changes_what_the_roles_say(browser: Any, steered: Run) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(steered.address.partition("?")[0] + APPS[1:] + "free")
    page.wait_for_selector("#token")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert axe.run(page).violations_count == 0, scheme
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.fill("#token", "somebody-elses")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]:has-text('opens nothing')")
    page.fill("#token", "adas-token")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('free')")
    page.set_viewport_size(SCREEN)
    page.wait_for_selector(".heading:has-text('ada may not change this')")
    assert page.get_by_role("button", name="Refresh").count() == 0, "what is refused is not offered"
    moved(page, APPS + "shop")
    page.get_by_role("button", name="Refresh").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_selector("#token")
    page.go_back()
    page.wait_for_selector("#token")
    context.close()

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
            other.wait_for_selector("dialog .primary:focus")
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


def test_a_network_is_walked_by_keys_and_opens_what_it_shows(browser: Any, up: Run) -> None:
    with opened(browser, up.viewer) as page:
        settled(page)
        page.set_viewport_size({"width": 1280, "height": 480})
        page.goto(page.url.rstrip("/") + WEB)
        page.wait_for_selector(".row.object")
        page.evaluate("scrollTo(0, 120)")
        page.get_by_role("button", name="Network").click()
        assert "as=network" in page.url
        page.wait_for_selector(".node.missing:has-text('missing'):has-text('does not exist')")
        page.wait_for_selector(".node.failed:has-text('orphan'):has-text('selects nothing: app=nobody')")
        assert page.evaluate("scrollY") == 120, "the page stays where it is"
        page.locator("button.node:has-text('Ingress')").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert "Deployment" in page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        page.wait_for_selector(".side-panel h2:has-text('web')")


def test_the_order_of_both_engines_is_shown(browser: Any, up: Run) -> None:
    with opened(browser, up.viewer) as page:
        settled(page)
        origin = page.url.rstrip("/")
        page.goto(f"{origin}{WEB}&as=order")
        page.wait_for_selector(".node.chosen:has-text('storefront')")
        page.locator("a.node:has-text('hostile')").click()
        page.wait_for_selector("h1:has-text('hostile')")
        page.wait_for_selector(".node.chosen:has-text('hostile')")
        page.goto(f"{origin}{SHOP}&as=order")
        page.wait_for_selector(".stage:has-text('PreSync') .mark.ready")
        number_is(page, ".stage:has-text('what is applied') .wave", 2)


def test_objects_are_listed_sorted_filtered_and_grouped(browser: Any, up: Run) -> None:
    with opened(browser, up.viewer) as page:
        settled(page)
        page.goto(page.url.rstrip("/") + f"{WEB}&as=list")
        page.get_by_label("Kind").select_option("Service")
        number_is(page, ".row.object", 2)
        page.get_by_label("Order").select_option("name")
        assert page.locator(".row.object .name").all_text_contents() == ["orphan", "web"]
        assert "o-kind=Service" in page.url
        page.get_by_role("button", name="By kind").click()
        number_is(page, ".kind-row", 1)
        page.locator(".kind-row button").click()
        number_is(page, ".row.object", 0)


def test_pages_about_the_whole_unfold_search_and_lead_on(browser: Any, up: Run) -> None:
    with opened(browser, up.viewer) as page:
        settled(page)
        page.get_by_role("link", name="Clusters", exact=True).click()
        page.locator(".entry-head").click()
        page.wait_for_selector(".entry-body:has-text('kustomize-controller')")
        page.locator(".controller:has-text('kustomize-controller')").get_by_role("button", name="Logs").click()
        page.wait_for_selector(".log li:has-text('Reconciliation finished')")
        page.keyboard.press("g")
        page.keyboard.press("p")
        page.locator(".entry-head:has-text('The shop')").click()
        page.wait_for_selector(".word.ready:has-text('open: syncs may run')")
        page.locator("a.chip:has-text('shop')").click()
        page.wait_for_selector("h1:has-text('shop')")
        page.go_back()
        page.wait_for_selector(".entry.open")
        page.keyboard.press("g")
        page.keyboard.press("s")
        page.get_by_label("Engine").select_option("argocd")
        number_is(page, ".entry", 1)
        page.get_by_label("Search sources").fill("nowhere")
        page.get_by_role("button", name="Clear search and filters").click()
        page.wait_for_selector(".entry:has-text('GitRepository'):has-text('fleet')")
        page.keyboard.press("g")
        page.keyboard.press("o")
        page.wait_for_selector(".entry:has-text('no-odd-names'):has-text('Deny')")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector(".entry-body:has-text('odd is no name')")


def test_drift_is_compared_inline_and_side_by_side(browser: Any, up: Run) -> None:
    with opened(browser, up.invitation(), f"{WEB}&object=prod%2Fapps%2FDeployment%2Fweb%2Fweb") as page:
        page.wait_for_selector(".decided:has-text('Decided by kstatus')")
        link = page.get_by_role("link", name="See it on GitHub")
        assert link.get_attribute("href").startswith("https://github.com/myorg/fleet/blob/")
        page.get_by_role("button", name="Scale").click()
        page.get_by_label("Replicas").fill("3")
        page.locator("dialog").get_by_role("button", name="Scale").click()
        page.get_by_role("tab", name="Diff").click()
        page.get_by_role("button", name="Inline").click()
        page.wait_for_selector(".differs tr:has(.no:text-is('')) .minus:has-text('replicas: 3')")
        page.wait_for_selector(".differs .plus:has-text('replicas: 2')")
        page.get_by_role("button", name="Side by side").click()
        page.wait_for_selector(
            ".sides.whole .differs tr:has(.minus:has-text('replicas: 3')):has(.plus:has-text('replicas: 2'))"
        )
        assert page.locator(".differs .gap").count() > 0
        page.get_by_role("button", name="Whole object").click()
        number_is(page, ".differs .gap", 0)
        page.keyboard.press("s")
        page.wait_for_selector("dialog .primary:focus")
        page.keyboard.press("Enter")
        page.wait_for_selector(".empty:has-text('would change nothing')")


def test_the_fleet_is_filtered_by_more_shown_as_tiles_and_summed_up(browser: Any, up: Run) -> None:
    with opened(browser, up.viewer) as page:
        settled(page)
        page.get_by_role("button", name="more filters").click()
        page.get_by_label("Label").select_option("team=shop")
        number_is(page, ".row.delivery", 1)
        page.get_by_label("Label").select_option("")
        page.get_by_label("Health").select_option("Healthy")
        page.wait_for_selector(".row.delivery.failed", state="detached")
        assert "health=Healthy" in page.url
        page.get_by_role("button", name="Favourite: storefront").click()
        page.get_by_role("button", name="Favourites").click()
        number_is(page, ".row.delivery", 1)
        page.reload()
        page.wait_for_selector(".row.delivery .star.on")
        page.goto(page.url.partition("?")[0] + "?as=tiles")
        page.wait_for_selector(".tile.failed:has-text('hostile')")
        page.keyboard.press("j")
        page.wait_for_selector(".tile.cursor:has-text('hostile')")
        page.get_by_role("button", name="Summary").click()
        page.get_by_role("button", name="Namespace").click()
        page.locator(".sums-of button:has-text('argocd')").click()
        number_is(page, ".row.delivery", 1)
        assert "namespace=argocd" in page.url

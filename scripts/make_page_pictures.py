"""Writes docs/images/page-*.webp: what the page shows of a small platform of both engines, in a real Chromium.

Run it again when the page looks different: ``python scripts/make_page_pictures.py``. Time is virtual,
and commits are the same each time. ``--into FOLDER`` writes every view there instead, in light, in dark, on a phone
and on a large screen, to be looked at.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

TARGET = Path(__file__).parent.parent / "docs" / "images"
MOST_BYTES = 150_000
ADDRESS = re.compile(r"the page is at (http://\S+)")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NIXERNETES = str(Path(sys.executable).with_name("nixernetes"))
MOMENT = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-01T00:00:00Z")  # equal commits each time
SIZES = {"": (1280, 800), "phone": (360, 740), "4k": (3840, 2160)}

REPOSITORY = "https://github.com/myorg/platform"
FLUX = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: platform, namespace: flux-system}}
spec: {{interval: 1m, url: "{REPOSITORY}", ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 10m, path: ./clusters/production, prune: true, sourceRef: {{kind: GitRepository, name: platform}}}}
"""
KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system, labels: {{team: {team}}}}}
spec:
  interval: 10m
  path: ./apps/{name}
  prune: true
  wait: true
  timeout: 2m
  sourceRef: {{kind: GitRepository, name: platform}}
  dependsOn: [{after}]
---
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: monitoring, namespace: flux-system, labels: {team: platform}}
spec:
  interval: 10m
  targetNamespace: monitoring
  install: {createNamespace: true}
  chart: {spec: {chart: ./charts/monitoring, sourceRef: {kind: GitRepository, name: platform}}}
"""
ARGOCD = f"""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: shop, namespace: argocd}}
spec:
  description: What the teams of the shop deliver
  sourceRepos: ["{REPOSITORY}"]
  destinations: [{{server: "https://kubernetes.default.svc", namespace: "shop-*"}}]
  clusterResourceWhitelist: [{{group: "", kind: Namespace}}]
  orphanedResources: {{warn: true}}
  syncWindows: [{{kind: allow, schedule: "* * * * *", duration: 1h, applications: ["*"]}}]
---
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd, labels: {{team: {team}}}}}
spec:
  project: shop
  source: {{repoURL: "https://github.com/myorg/platform", path: apps/{name}, targetRevision: HEAD}}
  destination: {{server: "https://kubernetes.default.svc", namespace: shop-{name}}}
  syncPolicy: {{automated: {{selfHeal: true, prune: true}}, syncOptions: [CreateNamespace=true]}}
---
"""
SERVED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}{place}, labels: {{app: {name}}}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
      - name: {name}
        image: registry.example.com/{name}:{version}
        ports: [{{name: http, containerPort: 8080}}]
        envFrom: [{{configMapRef: {{name: {name}}}}}]
---
apiVersion: v1
kind: Service
metadata: {{name: {name}{place}}}
spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: 80, targetPort: http}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}{place}}}
data: {{greeting: hello}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: {name}{place}}}
spec:
  rules:
  - host: {name}.example.com
    http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: {name}, port: {{name: http}}}}}}}}]}}
---
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n---\n"
DATABASE = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: orders, namespace: database}
spec:
  serviceName: orders
  replicas: 3
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec: {containers: [{name: postgres, image: "registry.example.com/postgres:17.2"}]}
---
apiVersion: v1
kind: Secret
metadata: {name: orders, namespace: database}
stringData: {password: correct-horse-battery-staple}
"""
MIGRATION = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: "registry.example.com/migrate:8"}]}}}
---
"""
CHART = "apiVersion: v2\nname: monitoring\nversion: 2.4.1\n"
APPS_OF_FLUX = {
    "infrastructure": ("platform", ""),
    "database": ("data", "{name: infrastructure}"),
    "storefront": ("shop", "{name: database}"),
    "checkout": ("payments", "{name: database}"),
    "receipts": ("payments", "{name: checkout}"),
}
APPS_OF_ARGOCD = {"catalog": "shop", "search": "shop", "recommendations": "shop", "invoices": "payments"}


def files(version: str = "4.2.0") -> dict[str, str]:
    """Return the platform."""
    kept = {
        "clusters/production/flux-system/sync.yaml": FLUX,
        "clusters/production/apps.yaml": "".join(
            KUSTOMIZATION.format(name=name, team=team, after=after) for name, (team, after) in APPS_OF_FLUX.items()
        ),
        "clusters/production/monitoring.yaml": RELEASE,
        "clusters/staging/argocd/apps.yaml": ARGOCD
        + "".join(APPLICATION.format(name=name, team=team) for name, team in APPS_OF_ARGOCD.items()),
        "apps/infrastructure/namespaces.yaml": "".join(NAMESPACE.format(name=name) for name in ("database", "shop")),
        "apps/database/orders.yaml": DATABASE,
        "charts/monitoring/Chart.yaml": CHART,
        "charts/monitoring/templates/all.yaml": SERVED.format(name="prometheus", place="", replicas=2, version="3.1.0"),
    }
    for name in ("storefront", "checkout", "receipts"):
        own = version if name == "storefront" else "4.2.0"
        text = SERVED.format(name=name, place=", namespace: shop", replicas=3, version=own)
        kept[f"apps/{name}/{name}.yaml"] = text
    for name in APPS_OF_ARGOCD:
        kept[f"apps/{name}/{name}.yaml"] = MIGRATION * (name == "catalog") + SERVED.format(
            name=name, place="", replicas=2, version="4.2.0"
        )
    return kept


def committed(folder: Path, message: str, version: str = "4.2.0") -> None:
    """Write the platform, and commit it."""
    for name, text in files(version).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    who = ["-c", "user.name=Ada Lovelace", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", message]):
        subprocess.run(["git", *who, *command], cwd=folder, check=True, env=os.environ | MOMENT)  # noqa: S607


@contextlib.contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """Serve the page of a repository; yield its address."""
    said = folder.parent / f"{arguments[0]}.txt"
    with said.open("w") as out:
        process = subprocess.Popen([NIXERNETES, *arguments, str(folder)], stdout=out, stderr=subprocess.STDOUT)
    try:
        while not (found := ADDRESS.search(said.read_text())):
            if process.poll() is not None:
                raise SystemExit(said.read_text())
            time.sleep(0.1)
        yield found[1]
    finally:
        process.terminate()
        process.wait()


def told(folder: Path, *arguments: str) -> None:
    """Tell what runs to do something."""
    subprocess.run([NIXERNETES, *arguments], cwd=folder, check=True, env=os.environ | {"NO_COLOR": "1"})


def kept(page: Page, path: Path) -> None:
    """Keep what is seen as WebP, the best that is small enough."""
    shot = page.screenshot(animations="disabled", caret="hide")
    url = "data:image/png;base64," + base64.b64encode(shot).decode()
    code = """async ([url, quality]) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const [wide, high] = [image.naturalWidth, image.naturalHeight];
        const drawing = Object.assign(document.createElement('canvas'), { width: wide, height: high });
        drawing.getContext('2d').drawImage(image, 0, 0);
        return drawing.toDataURL('image/webp', quality);
    }"""
    plain = page.context.browser.new_page()  # the page itself allows no image but its own
    for quality in (0.8, 0.7, 0.6):
        data = base64.b64decode(plain.evaluate(code, [url, quality]).partition(",")[2])
        if len(data) <= MOST_BYTES:
            break
    plain.close()
    path.write_bytes(data)
    print(f"{path} {len(data) // 1024} KiB", flush=True)


def gone(page: Page, view: str) -> None:
    """Go to a view, and wait until it is drawn."""
    page.evaluate("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", view)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    page.wait_for_selector("main h1")
    page.wait_for_selector(".skeleton", state="detached")
    page.wait_for_timeout(400)


def delivery(cluster: str, kind: str, name: str, more: str = "") -> str:
    """Return where a delivery is looked at."""
    namespace = "argocd" if kind == "Application" else "flux-system"
    return f"/delivery?cluster={cluster}&kind={kind}&namespace={namespace}&name={name}{more}"


CHECKOUT = delivery("production", "Kustomization", "checkout")
STOREFRONT = delivery("production", "Kustomization", "storefront")
CATALOG = delivery("staging", "Application", "catalog")
DEPLOYMENT = f"{STOREFRONT}&object=production%2Fapps%2FDeployment%2Fshop%2Fstorefront"
OF_A_RUN = {
    "page-fleet": "/",
    "page-delivery": CHECKOUT,
    "page-network": f"{STOREFRONT}&as=network",
}
OF_A_REPOSITORY = {"page-review": "/review"}
MORE_OF_A_RUN = {
    "reasons": "/reasons",
    "order": f"{STOREFRONT}&as=order",
    "origin": f"{DEPLOYMENT}&show=origin",
    "filters": "/?filters=all",
    "tiles": "/?as=tiles",
    "summary": "/?as=summary",
    "nothing": "/?q=zzz",
    "tree": STOREFRONT,
    "argocd": CATALOG,
    "release": delivery("production", "HelmRelease", "monitoring"),
    "list": f"{CATALOG}&as=list",
    "kinds": f"{CATALOG}&as=kinds",
    "waves": f"{CATALOG}&as=order",
    "events": f"{STOREFRONT}&tab=events",
    "history-of": f"{STOREFRONT}&tab=history",
    "conditions": f"{STOREFRONT}&tab=conditions",
    "logs": f"{STOREFRONT}&tab=logs",
    "object": DEPLOYMENT,
    "desired": f"{DEPLOYMENT}&show=desired",
    "live": f"{DEPLOYMENT}&show=live",
    "diff": f"{DEPLOYMENT}&show=diff&cmp=side&all=yes",
    "clusters": "/clusters?open=production",
    "projects": "/projects?open=staging%2Fshop",
    "sources": "/sources",
    "policies": "/policies",
    "history": "/history",
    "activity": "/activity",
    "notifications": "/notifications",
    "missing": "/delivery?cluster=production&kind=Kustomization&namespace=flux-system&name=nobody",
}
MORE_OF_A_REPOSITORY = {
    "ui-fleet": "/",
    "ui-delivery": STOREFRONT,
    "ui-object": DEPLOYMENT,
    "ui-order": f"{STOREFRONT}&as=order",
    "ui-findings": "/findings",
    "ui-rehearsal": "/review?tab=rehearsal",
    "ui-projects": "/projects",
    "ui-policies": "/policies",
}


def pictures(browser: Browser, address: str, views: dict[str, str], folder: Path) -> None:
    """Keep the pictures of the documentation: light, as large as a page of text is wide."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.goto(address)
    page.wait_for_selector(".row.delivery")
    for name, view in views.items():
        gone(page, view)
        kept(page, folder / f"{name}.webp")
    page.close()


def looked_at(browser: Browser, address: str, views: dict[str, str], folder: Path) -> None:
    """Keep every view in both themes, on a phone, and on a large screen."""
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector(".row.delivery")
    for name, view in views.items():
        for size, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                if size and theme == "dark":
                    continue
                page.emulate_media(color_scheme=theme)
                page.set_viewport_size({"width": width, "height": height})
                gone(page, view)
                page.screenshot(path=folder / f"{name}-{size or 'screen'}-{theme}.png")


def shown(browser: Browser, folder: Path, into: Path | None) -> None:
    """Run the platform, let something fail, and keep what the page shows."""
    keep: Any = looked_at if into else pictures
    with served(folder, "up", "--offline", "--clock", "virtual") as address:
        told(folder, "fail", "image", "registry.example.com/checkout:*")
        told(folder, "fail", "image", "registry.example.com/search:*", "--how", "CrashLoopBackOff")
        told(folder, "clock", "settle")
        keep(browser, address, OF_A_RUN | (MORE_OF_A_RUN if into else {}), into or TARGET)
    subprocess.run(["git", "switch", "-qc", "more"], cwd=folder, check=True)  # noqa: S607
    committed(folder, "Sell more", "4.3.0")
    with served(folder, "ui", "--offline") as address:
        keep(browser, address, OF_A_REPOSITORY | (MORE_OF_A_REPOSITORY if into else {}), into or TARGET)


def main() -> None:
    """Make them."""
    into = Path(sys.argv[2]) if sys.argv[1:2] == ["--into"] else None
    if into:
        into.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as found:
        folder = Path(name) / "platform"
        folder.mkdir()
        committed(folder, "Declare the platform")
        browser = found.chromium.launch(executable_path=program, args=["--no-sandbox"])
        shown(browser, folder, into)
        browser.close()


if __name__ == "__main__":
    main()

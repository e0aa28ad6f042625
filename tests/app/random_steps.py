"""Repositories at random, and a step from each to another: deliveries that come, go, are renamed, prune or do not."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.changes import revisions as made

_NAMES = ("one", "two", "three")
_PRUNES = ("prune: true", "prune: true", "prune: false")
_POLICIES = ("", "", ", deletionPolicy: Orphan", ", deletionPolicy: Delete", ", deletionPolicy: WaitForTermination")
_CONTROLS = (
    *("", "", "", ""),
    ", labels: {kustomize.toolkit.fluxcd.io/prune: disabled}",
    ", annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}",
    ", annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}",
)
_OPTIONS = (
    *("", "", "", ""),
    ", annotations: {argocd.argoproj.io/sync-options: Prune=false}",
    ", annotations: {argocd.argoproj.io/sync-options: Delete=false}",
    ', annotations: {argocd.argoproj.io/sync-options: "Force=true,Replace=true"}',
    ", annotations: {helm.sh/resource-policy: keep}",
)
_SYNCS = ("automated: {prune: true}", "automated: {prune: true}", "automated: {}", "automated: {enabled: false}", "")
_KEEPS = ("", "", ', annotations: {{"helm.sh/resource-policy": keep}}')
_SET_POLICIES = ("{}", "{}", "{preserveResourcesOnDeletion: true}", "{applicationsSync: create-only}")
_CLUSTER = """\
---
apiVersion: v1
kind: Secret
metadata: {name: prod, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster}}
stringData: {name: prod, server: "https://prod.acme.org", config: "{}"}
"""
_NAMESPACE = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"


@dataclass(slots=True)
class _Maker:
    """Makes one state of a repository after another, each by changing some choices of the one before."""

    dice: random.Random
    chosen: dict[str, object] = field(default_factory=dict)
    change: float = 0.25

    def choose(self, name: str, options: tuple[str, ...]) -> str:
        """Return what was chosen before, or now and then something else."""
        if name not in self.chosen or self.dice.random() < self.change:
            self.chosen[name] = self.dice.choice(options)
        return str(self.chosen[name])

    def some(self, name: str, options: tuple[str, ...]) -> list[str]:
        """Return some of the options, each by a choice of its own."""
        return [each for each in options if self.choose(f"{name}/{each}", ("yes", "yes", "no")) == "yes"]

    def suspended(self, here: str) -> str:
        """Suspend what is there now and then; what is suspended from the start would never have been applied."""
        return self.choose(f"{here}/suspend", ("", "", "", ", suspend: true")) if self.change else ""

    def objects(self, where: str, controls: tuple[str, ...]) -> str:
        """Return the objects of a folder."""
        found = []
        for name in self.some(where, _NAMES):
            here = f"{where}/{name}"
            data = self.choose(f"{here}/data", ("a: b", "a: c"))
            metadata = self.choose(f"{here}/metadata", controls)
            off = not self.change and "reconcile" in metadata  # it would never have been applied
            own = f"{where.rpartition('/')[2]}-{name}"
            found.append(made.config(own, data=data, metadata="" if off else metadata))
        if self.choose(f"{where}/deployment", ("", "yes")):
            name = where.rpartition("/")[2]
            labels = self.choose(f"{where}/labels", (f"app: {name}", f"app: {name}, tier: web"))
            found.append(made.deployment(name, labels=labels))
        return "".join(found)

    def chart(self) -> dict[str, str]:
        """Return a chart whose version may stay while its templates change."""
        version = self.choose("chart/version", ("1.0.0", "1.1.0"))
        files = {
            "charts/web/Chart.yaml": f"{{apiVersion: v2, name: web, version: {version}}}\n",
            "charts/web/values.yaml": "a: b\n",
            "charts/web/templates/always.yaml": (
                'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-always"}\n'
            ),
        }
        for name in self.some("chart", _NAMES):
            keep = self.choose(f"chart/{name}/keep", _KEEPS).replace("{{", "{").replace("}}", "}")
            files[f"charts/web/templates/{name}.yaml"] = (
                f'apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: "{{{{ .Release.Name }}}}-{name}"{keep}}}\n'
                'data: {a: "{{ .Values.a }}"}\n'
            )
        return files

    def flux(self) -> dict[str, str]:
        """Return a repository that Flux follows."""
        cluster = made.config("always", namespace="default") + _NAMESPACE.replace("shop", "web")
        files = {"clusters/prod/flux-system/gotk-sync.yaml": made.GOTK, "base/all.yaml": _NAMESPACE}
        cluster += made.kustomization("base", path="./base")
        for name in self.some("kustomization", _NAMES):
            here = f"kustomization/{name}"
            more = self.choose(f"{here}/prune", _PRUNES) + self.choose(f"{here}/policy", _POLICIES)
            more += self.choose(f"{here}/force", ("", "", ", force: true"))
            more += self.suspended(here)
            called = self.choose(f"{here}/called", (name, name, f"{name}-new"))
            cluster += made.kustomization(called, path=f"./apps/{name}", more=f"{more}, dependsOn: [{{name: base}}]")
        for name in _NAMES:
            files[f"apps/{name}/all.yaml"] = self.objects(f"apps/{name}", _CONTROLS)
            files[f"apps/{name}/README.md"] = "text\n"
        for name in self.some("release", ("web", "api")):
            here = f"release/{name}"
            more = self.choose(f"{here}/values", ("", ", values: {a: c}"))
            more += self.suspended(here)
            more += self.choose(f"{here}/name", ("", "", ", releaseName: other-" + name))
            cluster += made.release(name, more=more)
        return files | self.chart() | {"clusters/prod/all.yaml": cluster}

    def argocd(self) -> dict[str, str]:
        """Return a repository that Argo CD follows, with a second cluster."""
        always = made.application("always", path="always")
        applications = always + _there(made.application("there", path="always"), "name: prod") + _CLUSTER
        files = {"always/all.yaml": _NAMESPACE}
        for name in self.some("application", _NAMES):
            here = f"application/{name}"
            called = self.choose(f"{here}/called", (name, name, f"{name}-new"))
            more = self.choose(f"{here}/finalizer", ("", made.FINALIZER))
            sync = self.choose(f"{here}/sync", _SYNCS if self.change else _SYNCS[:3])  # or it is never synced
            target = self.choose(f"{here}/to", ('server: "https://kubernetes.default.svc"', "name: prod"))
            created = f"{sync}{', ' if sync else ''}syncOptions: [CreateNamespace=true]"
            applications += _there(made.application(called, path=f"apps/{name}", sync=created, more=more), target)
        elements = ", ".join(f"{{app: {name}}}" for name in self.some("element", ("red", "blue")))
        if self.choose("set", ("", "yes")):
            made_by = made.application("set-{{app}}", path="'sets/{{app}}'").partition("spec:\n")[2]
            policy = self.choose("set/policy", _SET_POLICIES)
            template = "".join(f"    {line}\n" for line in f"spec:\n{made_by}".splitlines())
            applications += (
                "---\napiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n"
                f"metadata: {{name: set, namespace: argocd}}\nspec:\n  syncPolicy: {policy}\n"
                f"  generators: [{{list: {{elements: [{elements}]}}}}]\n"
                f'  template:\n    metadata: {{name: "set-{{{{app}}}}"}}\n{template}'
            )
        for name in ("red", "blue"):
            files[f"sets/{name}/all.yaml"] = made.config(f"set-{name}", data=self.choose(name, ("a: b", "a: c")))
        for name in _NAMES:
            files[f"apps/{name}/all.yaml"] = self.objects(f"apps/{name}", _OPTIONS)
            files[f"apps/{name}/README.md"] = "text\n"
        return files | {"argocd/apps.yaml": applications}


def _there(application: str, destination: str) -> str:
    """Return an Application with another destination."""
    return application.replace('server: "https://kubernetes.default.svc"', destination)


def step(seed: int) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the URL of a repository, and its files before and after a step.

    Args:
        seed: equal seeds give equal steps; even ones are of Flux, odd ones of Argo CD.

    """
    maker = _Maker(random.Random(seed))  # noqa: S311  # no secret is made of it
    make = maker.argocd if seed % 2 else maker.flux
    maker.change = 0.0
    base = make()
    maker.change = maker.dice.choice((0.05, 0.1, 0.3))
    return made.ARGO_URL if seed % 2 else made.FLUX_URL, base, make()

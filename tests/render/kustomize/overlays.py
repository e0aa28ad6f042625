"""Random small overlays: files that use many fields of a kustomization at once. Equal seeds, equal files."""

from __future__ import annotations

import random
from typing import Any

from nixernetes.objects import yamls

__all__ = ["make"]

_RBAC = "rbac.authorization.k8s.io"
_API_VERSIONS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "CronJob": "batch/v1",
    "Role": f"{_RBAC}/v1",
    "RoleBinding": f"{_RBAC}/v1",
    "ClusterRoleBinding": f"{_RBAC}/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Ingress": "networking.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "Job": "batch/v1",
    "MutatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
    "Widget": "example.com/v1",
}
_KINDS = [*_API_VERSIONS, "Service", "ConfigMap", "Secret", "ServiceAccount", "Namespace", "Deployment", "ConfigMap"]
_KINDS += ["PersistentVolumeClaim", "Role"]
_NAMES = ["web", "api", "db", "x1"]
_NAMESPACES = ["", "", "prod", "default"]


class _Maker:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - test data
        self._namespaces: dict[tuple[str, str], str] = {}
        self.files: dict[str, str] = {}

    def _chance(self, percent: int) -> bool:
        return self._random.random() * 100 < percent

    def _one(self, rows: list[Any]) -> Any:
        return self._random.choice(rows)

    def _meta(self, name: str) -> dict[str, Any]:
        meta: dict[str, Any] = {"name": name}
        namespace = self._one(_NAMESPACES)
        if namespace:
            meta["namespace"] = namespace
        if self._chance(40):
            meta["labels"] = self._one([{"app": name}, {"app": name, "tier": "front"}, {}, None])
        if self._chance(30):
            meta["annotations"] = self._one([{"a": "1", "b": "yes"}, {}, {"note": "x\ny\n"}])
        return meta

    def _container(self, name: str) -> dict[str, Any]:
        container: dict[str, Any] = {
            "name": name,
            "image": self._one(["nginx:1.7", "repo.io/a/b@sha256:abc", "busybox"]),
        }
        if self._chance(50):
            sources: list[dict[str, Any]] = [
                {"name": "A", "value": "$(HOST)"},
                {"name": "B", "valueFrom": {"configMapKeyRef": {"name": self._one(_NAMES), "key": "k"}}},
                {"name": "C", "valueFrom": {"secretKeyRef": {"name": self._one(_NAMES), "key": "k"}}},
            ]
            container["env"] = self._random.sample(sources, self._random.randint(0, 3))
        if self._chance(40):
            container["ports"] = [{"containerPort": 80, "protocol": "TCP"}, {"containerPort": 81}][
                : self._random.randint(0, 2)
            ]
        if self._chance(30):
            container["args"] = ["--x", "$(HOST)", "1"]
        if self._chance(20):
            container["envFrom"] = [{"configMapRef": {"name": self._one(_NAMES)}}]
        return container

    def _pod(self) -> dict[str, Any]:
        spec: dict[str, Any] = {
            "containers": [self._container(name) for name in ["main", "side"][: self._random.randint(1, 2)]]
        }
        if self._chance(30):
            spec["volumes"] = [
                {"name": "v", "configMap": {"name": self._one(_NAMES)}},
                {"name": "w", "emptyDir": {}},
            ][: self._random.randint(1, 2)]
        if self._chance(30):
            spec["serviceAccountName"] = self._one(_NAMES)
        if self._chance(20):
            spec["initContainers"] = [self._container("init")]
        return {"metadata": {"labels": {"app": self._one(_NAMES)}}, "spec": spec}

    def resource(self, kind: str, name: str) -> dict[str, Any]:
        body: dict[str, Any] = getattr(self, f"_{kind.lower()}", self._widget)(kind, name)
        api_version = _API_VERSIONS.get(kind, "v1")
        meta = {"name": name} if kind == "Namespace" else self._meta(name)
        return {"apiVersion": api_version, "kind": kind, "metadata": meta, **body}

    def _deployment(self, kind: str, name: str) -> dict[str, Any]:
        spec: dict[str, Any] = {"selector": {"matchLabels": {"app": name}}, "template": self._pod()}
        if self._chance(60):
            spec["replicas"] = 2
        if kind == "StatefulSet":
            spec["serviceName"] = self._one(_NAMES)
            spec["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": {"accessModes": ["RWO"]}}]
        return {"spec": spec}

    _statefulset = _daemonset = _deployment

    def _cronjob(self, _kind: str, _name: str) -> dict[str, Any]:
        return {"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": self._pod()}}}}

    def _service(self, _kind: str, name: str) -> dict[str, Any]:
        ports = [{"port": 80, "protocol": "TCP"}, {"port": 443, "targetPort": 8443}]
        return {"spec": {"selector": {"app": name}, "ports": ports[: self._random.randint(1, 2)]}}

    def _configmap(self, _kind: str, _name: str) -> dict[str, Any]:
        return {"data": {"k": "v", "host": "h.example"}}

    def _secret(self, _kind: str, _name: str) -> dict[str, Any]:
        return {"stringData": {"k": "v"}}

    def _serviceaccount(self, _kind: str, _name: str) -> dict[str, Any]:
        return {}

    _namespace = _serviceaccount

    def _rolebinding(self, _kind: str, _name: str) -> dict[str, Any]:
        names = ("default", self._one(_NAMES))
        role = {"apiGroup": _RBAC, "kind": self._one(["Role", "ClusterRole"]), "name": self._one(_NAMES)}
        subjects = [{"kind": "ServiceAccount", "name": each, "namespace": "prod"} for each in names]
        return {"roleRef": role, "subjects": subjects}

    _clusterrolebinding = _rolebinding

    def _horizontalpodautoscaler(self, _kind: str, _name: str) -> dict[str, Any]:
        return {"spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": self._one(_NAMES)}}}

    def _ingress(self, _kind: str, _name: str) -> dict[str, Any]:
        backend = {"service": {"name": self._one(_NAMES), "port": {"number": 80}}}
        paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
        return {"spec": {"rules": [{"host": "$(HOST)", "http": {"paths": paths}}]}}

    def _networkpolicy(self, _kind: str, name: str) -> dict[str, Any]:
        peers = [{"podSelector": {"matchLabels": {"app": self._one(_NAMES)}}}, {"namespaceSelector": {}}]
        return {"spec": {"podSelector": {"matchLabels": {"app": name}}, "ingress": [{"from": peers}]}}

    def _poddisruptionbudget(self, _kind: str, name: str) -> dict[str, Any]:
        return {"spec": {"selector": {"matchLabels": {"app": name}}}}

    def _job(self, _kind: str, _name: str) -> dict[str, Any]:
        return {"spec": {"template": self._pod()}}

    def _role(self, _kind: str, _name: str) -> dict[str, Any]:
        return {
            "rules": [{"apiGroups": [""], "resources": ["configmaps"], "resourceNames": _NAMES[:2], "verbs": ["get"]}]
        }

    def _persistentvolumeclaim(self, _kind: str, _name: str) -> dict[str, Any]:
        return {"spec": {"storageClassName": self._one(_NAMES), "volumeName": self._one(_NAMES)}}

    def _mutatingwebhookconfiguration(self, _kind: str, _name: str) -> dict[str, Any]:
        service = {"name": self._one(_NAMES), "namespace": self._one(["prod", "default"])}
        return {"webhooks": [{"name": "w", "clientConfig": {"service": service}}]}

    def _widget(self, _kind: str, _name: str) -> dict[str, Any]:
        return {"spec": {"list": [{"name": "a", "v": 1}, {"name": "b"}], "image": "nginx", "empty": None}}

    def _patch(self, kind: str, name: str) -> dict[str, Any]:
        body = self.resource(kind, name)
        meta: dict[str, Any] = {"name": name}
        if self._namespaces.get((kind, name)):
            meta["namespace"] = self._namespaces[kind, name]
        patch = {"apiVersion": body["apiVersion"], "kind": body["kind"], "metadata": meta}
        if self._chance(30):
            patch["metadata"]["labels"] = self._one([{"patched": "1"}, {"app": None}, None])
        if self._chance(20):
            patch["metadata"]["annotations"] = self._one([{"a": None}, {"c": "2"}, {"$patch": "replace", "d": "3"}])
        if self._chance(10):
            return {**patch, "$patch": "delete"}
        if "spec" in body:
            patch["spec"] = body["spec"]
            template = body["spec"].get("template") or {}
            containers = (template.get("spec") or {}).get("containers") or []
            for container in containers:
                if self._chance(15):
                    container["$patch"] = self._one(["delete", "replace", "merge"])
                elif self._chance(20):
                    container["image"] = None
                if self._chance(10):
                    container["args"] = None
            if self._chance(20):
                patch["spec"]["replicas"] = self._one([None, 5])
        elif "data" in body:
            patch["data"] = self._one([{"k": None}, {"k": "w", "n": "1"}, None])
        return patch

    def _patch_entry(self, seen: list[tuple[str, str]]) -> dict[str, Any]:
        kind, name = self._one(seen) if seen and self._chance(98) else ("Deployment", "none")
        if self._chance(35):
            operations = self._one(
                [
                    [{"op": "add", "path": "/metadata/labels", "value": {"j": "1"}}],
                    [{"op": "replace", "path": "/metadata/name", "value": f"{name}-j"}],
                    [{"op": "add", "path": "/metadata/annotations", "value": {"x": "true"}}],
                    [{"op": "test", "path": "/metadata/name", "value": name}],
                    [{"op": "remove", "path": "/metadata/labels"}],
                    [{"op": "replace", "path": "/metadata/new", "value": None}],
                    [{"op": "copy", "from": "/metadata/name", "path": "/metadata/uid"}],
                    [{"op": "copy", "from": "/metadata/none", "path": "/metadata/uid"}],
                    [
                        {"op": "add", "path": "/extra", "value": [1]},
                        {"op": "add", "path": "/extra/-", "value": {"a/b": 2}},
                        {"op": "move", "from": "/extra/1/a~1b", "path": "/extra/0"},
                    ],
                ]
            )
            return {"patch": yamls.dump(operations), "target": self._selector(kind, name)}
        entry: dict[str, Any] = {"patch": yamls.dump(self._patch(kind, name))}
        if self._chance(40):
            entry["target"] = self._selector(kind, name)
        if self._chance(20):
            entry["options"] = self._one([{"allowNameChange": True}, {"allowKindChange": True}])
        return entry

    def _selector(self, kind: str, name: str) -> dict[str, Any]:
        return self._one(
            [
                {"kind": kind},
                {"name": name},
                {"kind": kind, "name": f"{name[:1]}.*"},
                {"labelSelector": "app"},
                {"labelSelector": "app in (web,api),tier!=back"},
                {"annotationSelector": "a=1"},
                {"kind": "Deployment|StatefulSet"},
                {"namespace": "prod", "name": ".*"},
            ]
        )

    def _generators(self, spec: dict[str, Any], level: int) -> None:
        for field in ("configMapGenerator", "secretGenerator"):
            if not self._chance(35):
                continue
            entry: dict[str, Any] = {
                "name": self._one(["gen", "gen2", "gen3", self._one(_NAMES)]),
                "literals": [f"l{level}=v", "k='quoted'"],
            }
            if level and self._chance(50):
                entry["behavior"] = self._one(["merge", "replace", "create", "create", "create"])
            if self._chance(30):
                entry["options"] = self._one(
                    [
                        {"disableNameSuffixHash": True},
                        {"labels": {"g": "1"}, "annotations": {"h": "2"}},
                        {"immutable": True},
                    ]
                )
            if self._chance(20):
                entry["namespace"] = "prod"
            spec[field] = [entry]
        if self._chance(15):
            spec["generatorOptions"] = self._one([{"disableNameSuffixHash": True}, {"labels": {"all": "1"}}])

    def kustomization(self, folder: str, resources: list[str], seen: list[tuple[str, str]], level: int) -> None:
        spec: dict[str, Any] = {"resources": resources}
        options: dict[str, list[Any]] = {
            "namespace": ["prod", "staging"],
            "namePrefix": ["p-", f"l{level}-"],
            "nameSuffix": ["-s"],
            "commonLabels": [{"common": "c"}],
            "commonAnnotations": [{"common": "a"}],
            "labels": [
                [{"pairs": {"l": "1"}}],
                [{"pairs": {"l": "1"}, "includeSelectors": True}],
                [{"pairs": {"l": "1"}, "includeTemplates": True}],
                [{"pairs": {"app": "over"}}],
                [{"pairs": {"app": "all"}, "includeSelectors": True}, {"pairs": {"l": f"{level}"}}],
                [{"pairs": {"l": "1"}, "fields": [{"path": "spec/extra/labels", "create": True, "kind": "Widget"}]}],
            ],
            "images": [
                [{"name": "nginx", "newTag": "2"}],
                [{"name": "repo.io/a/b", "newName": "other", "digest": "sha256:def"}],
                [{"name": "nginx", "newName": "my/nginx", "newTag": "3", "digest": "sha256:1"}],
                [{"name": "busybox", "tagSuffix": "-x"}],
            ],
            "replicas": [[{"name": name, "count": 7}] for kind, name in seen if kind in ("Deployment", "StatefulSet")],
        }
        for field, values in options.items():
            if values and self._chance(25):
                spec[field] = self._one(values)
        if self._chance(60):
            spec["patches"] = [self._patch_entry(seen) for _ in range(self._random.randint(1, 3))]
        if self._chance(25) and seen:
            spec["patchesStrategicMerge"] = [yamls.dump(self._patch(*self._one(seen)))]
        self._generators(spec, level)
        self._plugins(spec, folder)
        if self._chance(20) and seen:
            self._replacement(spec, seen)
        if self._chance(15) and seen:
            kind, name = self._one(seen)
            spec["vars"] = [
                {
                    "name": "HOST",
                    "objref": {"apiVersion": self.resource(kind, name)["apiVersion"], "kind": kind, "name": name},
                }
            ]
        if self._chance(15):
            spec["buildMetadata"] = self._random.sample(["originAnnotations", "transformerAnnotations"], 1)
        if self._chance(40):
            spec["sortOptions"] = {"order": self._one(["fifo", "legacy"])}
        if folder == "part":
            spec |= {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
        elif level == 2 and self._chance(40):
            spec["components"] = ["../part"]
        self.files[f"{folder}/kustomization.yaml"] = yamls.dump(spec)

    def _plugins(self, spec: dict[str, Any], folder: str) -> None:
        """Add transformers of their own, and fields that the built-in ones learn of."""
        if self._chance(15):
            path = [{"path": self._one(["metadata/labels", "metadata/annotations", "spec/extra"]), "create": True}]
            body: dict[str, Any] = self._one(
                [
                    {"kind": "PrefixTransformer", "prefix": "t-", "fieldSpecs": [{"path": "metadata/name"}]},
                    {"kind": "SuffixTransformer", "suffix": "-t", "fieldSpecs": [{"path": "metadata/name"}]},
                    {"kind": "LabelTransformer", "labels": {"app": "t"}, "fieldSpecs": path},
                    {"kind": "AnnotationsTransformer", "annotations": {"a": "t"}, "fieldSpecs": path},
                    {"kind": "ImageTagTransformer", "imageTag": {"name": "nginx", "newTag": "t"}},
                    {"kind": "NamespaceTransformer", "unsetOnly": True, "setRoleBindingSubjects": "allServiceAccounts"},
                ]
            )
            plugin = {"apiVersion": "builtin", "metadata": {"name": "t", "namespace": "plug"}, **body}
            spec["transformers"] = [yamls.dump(plugin)]
        if self._chance(15):
            spec["configurations"] = ["fields.yaml"]
            field = {"path": self._one(["spec/image", "spec/extra"]), "kind": "Widget", "create": True}
            known = self._one(["images", "commonLabels", "commonAnnotations", "namespace", "namePrefix"])
            self.files[f"{folder}/fields.yaml"] = yamls.dump({known: [field]})

    def _replacement(self, spec: dict[str, Any], seen: list[tuple[str, str]]) -> None:
        kind, name = self._one(seen)
        target_kind, _ = self._one(seen)
        pod = "spec.template.spec.containers.[name=main].image"
        path = self._one(
            [pod] if target_kind in ("Deployment", "DaemonSet") else ["metadata.labels.app", "metadata.name"]
        )
        target: dict[str, Any] = {"select": {"kind": target_kind}, "fieldPaths": [path]}
        if self._chance(80):
            target["options"] = self._one(
                [{"create": True}, {"create": True}, {"delimiter": ":", "index": 1}, {"create": True, "delimiter": "-"}]
            )
        spec["replacements"] = [{"source": {"kind": kind, "name": name}, "targets": [target]}]

    def build(self) -> None:
        seen: list[tuple[str, str]] = []
        documents = []
        for _ in range(self._random.randint(1, 6)):
            kind, name = self._one(_KINDS), self._one(_NAMES)
            if (kind, name) not in seen:
                seen.append((kind, name))
                documents.append(self.resource(kind, name))
                self._namespaces[kind, name] = documents[-1]["metadata"].get("namespace", "")
        self.files["base/all.yaml"] = yamls.dump_all(documents)
        self.kustomization("base", ["all.yaml"], seen, 0)
        below = "../base"
        if self._chance(30):
            self.kustomization("middle", [below], seen, 1)
            below = "../middle"
        self.kustomization("part", [], seen, 1)
        more = [(self._one(_KINDS), "extra")]
        self.files["over/more.yaml"] = yamls.dump(self.resource(*more[0]))
        self.kustomization("over", [below, "more.yaml"], seen + more, 2)


def make(seed: int) -> dict[str, str]:
    """Return files by path; ``over`` is the folder to build."""
    maker = _Maker(seed)
    maker.build()
    return maker.files

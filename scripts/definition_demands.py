"""What the definitions of Flux 2.9 and Argo CD 3.5 demand, where a model says it in Python: patterns, defaults, rules.

By kind and path below the root, ``[]`` for the items of a list; what is here is laid over the schema of the model.
Rules are CEL, in words of our own, with the messages that the API server gives.
"""

from __future__ import annotations

from typing import Final

from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas.structural import ALSO_TAKEN

__all__ = ["laid_over"]

_DURATION: Final = {"pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$"}
_SHORT: Final = {"pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$"}
_HTTP: Final = {"pattern": "^(http|https)://.*$"}
_NAMESPACE: Final = {"minLength": 1, "maxLength": 63}
# Flux Operator adds its kinds to the definitions that it installs: they are taken, and not told as supported.
_OPERATED: Final = {ALSO_TAKEN: ["FluxInstance", "ResourceSet", "ResourceSetInputProvider"]}
_SOME: Final = {"minLength": 1}
_SYNC_PATH: Final = {"pattern": "^.{2,}|[^./]$", "minLength": 1}
_COSIGN: Final = {"required": ["provider"]}
_RULES: Final = "x-kubernetes-validations"
_ONE_KUBECONFIG: Final = "exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified"
_FORGES: Final = ("github", "gitlab", "gitea", "bitbucketserver", "bitbucket", "azuredevops")
_FORGES_SHOWN: Final = ", ".join(f"'{forge}'" for forge in _FORGES)


def _default(value: Json) -> Manifest:
    return {"default": value}


def _rules(*rules: tuple[str, str]) -> Manifest:
    return {_RULES: [{"rule": rule, "message": message} for rule, message in rules]}


_KUBE_CONFIG: Final = _rules(
    ("has(self.configMapRef) || has(self.secretRef)", _ONE_KUBECONFIG),
    ("!has(self.configMapRef) || !has(self.secretRef)", _ONE_KUBECONFIG),
)
_IMAGES: Final = _default("generic")
_CHART: Final = {"reconcileStrategy": _default("ChartVersion"), "version": _default("*")}

_LAID_OVER: Final[dict[str, dict[str, Manifest]]] = {
    "HelmRelease": {
        "spec": _rules(("has(self.chart) != has(self.chartRef)", "either chart or chartRef must be set")),
        "spec.chart.spec.interval": _DURATION,
        **{f"spec.chart.spec.{name}": extra for name, extra in _CHART.items()},
        "spec.chart.spec.verify": _COSIGN,
        "spec.chart.spec.verify.provider": _default("cosign"),
        "spec.install.strategy": _rules(
            (
                "self.name != 'RemediateOnFailure' || !has(self.retryInterval)",
                ".retryInterval cannot be set when .name is 'RemediateOnFailure'",
            )
        ),
        "spec.upgrade.strategy": _rules(
            (
                "self.name == 'RetryOnFailure' || !has(self.retryInterval)",
                ".retryInterval can only be set when .name is 'RetryOnFailure'",
            )
        ),
        "spec.install.strategy.retryInterval": _DURATION,
        "spec.upgrade.strategy.retryInterval": _DURATION,
        "spec.kubeConfig": _KUBE_CONFIG,
        "spec.interval": _DURATION,
        "spec.timeout": _DURATION,
        **{f"spec.{name}.timeout": _DURATION for name in ("install", "upgrade", "rollback", "test", "uninstall")},
        "spec.storageNamespace": _NAMESPACE,
        "spec.targetNamespace": _NAMESPACE,
        "spec.uninstall.deletionPropagation": _default("background"),
        "spec.values": {"type": ""},
        **{f"spec.chart.spec.{name}": _SOME for name in ("chart", "sourceRef.name", "sourceRef.namespace")},
        **{f"spec.chartRef.{name}": _SOME for name in ("name", "namespace")},
        **{f"spec.{name}": _SOME for name in ("releaseName", "serviceAccountName", "test.filters[].name")},
        "spec.valuesFrom[].name": _SOME,
        "spec.valuesFrom[].targetPath": {"pattern": r"^([a-zA-Z0-9_\-.\\\/]|\[[0-9]{1,5}\])+$"},
        "spec.valuesFrom[].valuesKey": {"pattern": r"^[\-._a-zA-Z0-9]+$"},
    },
    "ImagePolicy": {
        "spec": _rules(
            (
                "!has(self.interval) || (has(self.digestReflectionPolicy) && self.digestReflectionPolicy == 'Always')",
                "spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'",
            ),
            (
                "has(self.interval) || !has(self.digestReflectionPolicy) || self.digestReflectionPolicy != 'Always'",
                "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'",
            ),
        ),
        "spec.digestReflectionPolicy": _default("Never"),
        "spec.interval": _DURATION,
        "spec.policy.alphabetical.order": _default("asc"),
        "spec.policy.numerical.order": _default("asc"),
    },
    "ImageRepository": {
        "spec.exclusionList": {"maxLength": None, "maxItems": 25, "default": ["^.*\\.sig$"]},
        "spec.interval": _DURATION,
        "spec.provider": _IMAGES,
        "spec.timeout": _SHORT,
    },
    "ImageUpdateAutomation": {
        "spec.interval": _DURATION,
        "spec.sourceRef": {"required": ["kind", "name"]},
        "spec.sourceRef.kind": {"enum": ["GitRepository"], "default": "GitRepository"},
        "spec.update": _default({"strategy": "Setters"}),
        "spec.update.strategy": {"enum": ["Setters"], "default": "Setters"},
        "spec.policySelector": {"x-kubernetes-map-type": "atomic"},
        "spec.policySelector.matchExpressions": {"x-kubernetes-list-type": "atomic"},
        "spec.policySelector.matchExpressions[].values": {"x-kubernetes-list-type": "atomic"},
    },
    "Kustomization": {
        "spec.decryption.provider": {"enum": ["sops"]},
        "spec.force": _default(value=False),
        "spec.interval": _DURATION,
        "spec.kubeConfig": _KUBE_CONFIG,
        "spec.postBuild.substituteFrom[].optional": _default(value=False),
        **{f"spec.{name}": _SOME for name in ("namePrefix", "nameSuffix", "postBuild.substituteFrom[].name")},
        "spec.retryInterval": _DURATION,
        "spec.targetNamespace": _NAMESPACE,
        "spec.timeout": _DURATION,
    },
    "Alert": {
        "spec.eventSeverity": _default("info"),
        **{f"spec.eventSources[].{name}": _SOME for name in ("name", "namespace")},
        "spec.eventSources[].kind": _OPERATED,
    },
    "Provider": {
        "spec": _rules(
            (
                f"!has(self.commitStatusExpr) || self.type in {list(_FORGES)}",
                f"spec.commitStatusExpr is only supported for the {_FORGES_SHOWN} provider types",
            )
        ),
        "spec.interval": _DURATION,
        "spec.proxy": _HTTP,
        "spec.timeout": _SHORT,
    },
    "Receiver": {
        "spec": _rules(
            (
                "self.type != 'generic-oidc' || (has(self.oidcProviders) && size(self.oidcProviders) > 0)",
                "generic-oidc receivers must define at least one oidcProvider",
            ),
            (
                "self.type == 'generic-oidc' || !has(self.oidcProviders) || size(self.oidcProviders) == 0",
                "oidcProviders can only be set when type is generic-oidc",
            ),
            (
                "self.type != 'generic-oidc' || !has(self.secretRef)",
                "secretRef cannot be set when type is generic-oidc",
            ),
            (
                "self.type == 'generic-oidc' || has(self.secretRef)",
                "secretRef is required when type is not generic-oidc",
            ),
        ),
        "spec.interval": {**_DURATION, "default": "10m"},
        "spec.oidcProviders": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["issuerURL"]},
        **{f"spec.resources[].{name}": _SOME for name in ("name", "namespace")},
        "spec.resources[].kind": _OPERATED,
        "spec.oidcProviders[].issuerURL": {"pattern": "^https?://"},
        "spec.oidcProviders[].validations": {"minLength": None, "minItems": 1},
    },
    "Bucket": {
        "spec": _rules(
            (
                "self.provider in ['aws', 'generic'] || !has(self.sts)",
                "STS configuration is only supported for the 'aws' and 'generic' Bucket providers",
            ),
            (
                "self.provider != 'aws' || !has(self.sts) || self.sts.provider == 'aws'",
                "'aws' is the only supported STS provider for the 'aws' Bucket provider",
            ),
            (
                "self.provider != 'generic' || !has(self.sts) || self.sts.provider == 'ldap'",
                "'ldap' is the only supported STS provider for the 'generic' Bucket provider",
            ),
            (
                "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.secretRef)",
                "spec.sts.secretRef is not required for the 'aws' STS provider",
            ),
            (
                "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.certSecretRef)",
                "spec.sts.certSecretRef is not required for the 'aws' STS provider",
            ),
            (
                "self.provider != 'generic' || !has(self.serviceAccountName)",
                "ServiceAccountName is not supported for the 'generic' Bucket provider",
            ),
            (
                "!has(self.secretRef) || !has(self.serviceAccountName)",
                "cannot set both .spec.secretRef and .spec.serviceAccountName",
            ),
        ),
        "spec.interval": _DURATION,
        "spec.provider": {"enum": ["generic", "aws", "gcp", "azure"], "default": "generic"},
        "spec.sts.endpoint": _HTTP,
        "spec.timeout": {**_SHORT, "default": "60s"},
    },
    "GitRepository": {
        "spec": _rules(
            (
                "!has(self.serviceAccountName) || (has(self.provider) && self.provider in ['azure', 'aws'])",
                "serviceAccountName can only be set when provider is 'azure' or 'aws'",
            )
        ),
        "spec.interval": _DURATION,
        "spec.timeout": {**_SHORT, "default": "60s"},
        "spec.url": {"pattern": "^(http|https|ssh)://.*$"},
        "spec.verify.mode": _default("HEAD"),
    },
    "HelmChart": {
        "spec": _rules(
            (
                "!has(self.verify) || self.sourceRef.kind == 'HelmRepository'",
                "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'",
            )
        ),
        "spec.interval": _DURATION,
        **{f"spec.{name}": extra for name, extra in _CHART.items()},
        "spec.verify": _COSIGN,
        "spec.verify.provider": _default("cosign"),
    },
    "HelmRepository": {
        "spec.interval": _DURATION,
        "spec.provider": _default("generic"),
        "spec.timeout": _SHORT,
        "spec.url": {"pattern": "^(http|https|oci)://.*$"},
    },
    "OCIRepository": {
        "spec.interval": _DURATION,
        "spec.provider": _default("generic"),
        "spec.timeout": {**_SHORT, "default": "60s"},
        "spec.url": {"pattern": "^oci://.*$"},
        "spec.verify": _COSIGN,
        "spec.verify.provider": _default("cosign"),
    },
    "Application": {
        "": {"required": ["metadata", "spec"]},
        "spec.sourceHydrator.syncSource.path": _SYNC_PATH,
    },
    "AppProject": {
        "": {"required": ["metadata", "spec"]},
        "spec.syncWindows[].description": {"maxLength": None},
        "spec.syncWindows[].kind": {"enum": None},
    },
    "ApplicationSet": {
        "": {"required": ["metadata", "spec"]},
        "spec.template.spec.sourceHydrator.syncSource.path": _SYNC_PATH,
    },
}


def laid_over(kind: str, schema: Manifest) -> Manifest:
    """Return the schema of a kind with what its definition demands; the given one is changed."""
    for path, extra in _LAID_OVER.get(kind, {}).items():
        place = _place(schema, path)
        for name, value in extra.items() if place is not None else ():
            place[name] = value
            if value in (None, ""):
                del place[name]
    return schema


def _place(schema: Json, path: str) -> Json:
    """Return the schema at a path, or None: a model that ends as anything has nothing below it."""
    here = schema
    for step in path.replace("[]", ".[]").split(".") if path else ():
        found = here.get("items") if step == "[]" else here.get("properties", {}).get(step)
        if not isinstance(found, dict):
            return None
        here = found
    return here

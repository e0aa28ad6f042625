"""Write the definitions of Flux, Argo CD and Kyverno from the models: what a cluster serves is what people write.

A field is there with its JSON type, its bounds and whether it must be given. What a validator says in Python and a
definition in its own way is laid over (``definition_demands``); the rest is said by the controllers. Run this after
changing a model; a test holds the file and the models equal. They are data, because making them takes a second that
every check would pay.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Final

from definition_demands import laid_over

from nixernetes import kyverno
from nixernetes.gitops.decoding import KINDS, model_of
from nixernetes.gitops.resource import Resource
from nixernetes.objects.api_groups import APIEXTENSIONS_V1, KYVERNO, KYVERNO_POLICIES
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.scopes import is_cluster_scoped_policy

SOURCES = Path(__file__).resolve().parents[1] / "src/nixernetes"
FILE = SOURCES / "gitops/data/definitions.json"
POLICIES = SOURCES / "kyverno/data/definitions.json"
_OUTSIDE_OF_SPEC: Final = frozenset(
    ("name", "namespace", "labels", "annotations", "finalizers", "otherMetadata", "status")
)
_BESIDE_SPEC: Final = ("operation",)
_BOUNDS: Final = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
_KEPT: Final = ("type", "enum", "pattern", "format", *_BOUNDS)
_ANYTHING: Final[dict[str, Json]] = {"x-kubernetes-preserve-unknown-fields": True}
_STATUS_WITH_THE_REST: Final = ("Application", "AppProject")  # Argo CD writes it with everything else
_AGE: Final = ("Age", ".metadata.creationTimestamp", "date", 0)
_READY: Final = tuple(
    (title, f'.status.conditions[?(@.type=="Ready")].{field}', "string", 0)
    for title, field in (("Ready", "status"), ("Status", "message"))
)
_SHOWN: Final[dict[str, tuple[tuple[str, str, str, int], ...]]] = {  # what kubectl get shows of a kind
    "Alert": (_AGE,),
    "Application": (
        ("Sync Status", ".status.sync.status", "string", 0),
        ("Health Status", ".status.health.status", "string", 0),
        ("Revision", ".status.sync.revision", "string", 10),
        ("Project", ".spec.project", "string", 10),
    ),
    "Bucket": (("Endpoint", ".spec.endpoint", "string", 0), _AGE, *_READY),
    "ExternalArtifact": (_AGE, *_READY),
    "GitRepository": (("URL", ".spec.url", "string", 0), _AGE, *_READY),
    "HelmChart": (
        ("Chart", ".spec.chart", "string", 0),
        ("Version", ".spec.version", "string", 0),
        ("Source Kind", ".spec.sourceRef.kind", "string", 0),
        ("Source Name", ".spec.sourceRef.name", "string", 0),
        _AGE,
        *_READY,
    ),
    "HelmRelease": (_AGE, *_READY),
    "HelmRepository": (("URL", ".spec.url", "string", 0), _AGE, *_READY),
    "ImagePolicy": (
        ("Image", ".status.latestRef.name", "string", 0),
        ("Tag", ".status.latestRef.tag", "string", 0),
        *_READY,
        _AGE,
    ),
    "ImageRepository": (
        ("Image", ".spec.image", "string", 0),
        ("Tags", ".status.lastScanResult.tagCount", "string", 0),
        *_READY,
        _AGE,
    ),
    "ImageUpdateAutomation": (("Last run", ".status.lastAutomationRunTime", "string", 0), *_READY, _AGE),
    "Kustomization": (_AGE, *_READY),
    "OCIRepository": (("URL", ".spec.url", "string", 0), *_READY, _AGE),
    "Provider": (_AGE,),
    "Receiver": (_AGE, *_READY),
}
_SHORT: Final = {
    "AppProject": ("appproj", "appprojs"),
    "Application": ("app", "apps"),
    "ApplicationSet": ("appset", "appsets"),
    "GitRepository": ("gitrepo",),
    "HelmChart": ("hc",),
    "HelmRelease": ("hr",),
    "HelmRepository": ("helmrepo",),
    "ImagePolicy": ("imgpol", "imagepol"),
    "ImageRepository": ("imgrepo", "imagerepo"),
    "ImageUpdateAutomation": ("iua", "imgupd", "imgauto"),
    "Kustomization": ("ks",),
    "OCIRepository": ("ocirepo",),
}
_OLDER: Final = {
    (KYVERNO, False): ("v2beta1",),
    (KYVERNO_POLICIES, False): ("v1beta1", "v1alpha1"),
    (KYVERNO_POLICIES, True): ("v1beta1",),
}
_DEEPEST: Final = 12  # levels; a model that holds itself ends as anything


def made() -> str:
    """Return what the file of Flux and Argo CD holds: a definition for each kind, by ``Kind.group``."""
    return _text({str(kind): definition_of(kind) for kind in sorted(KINDS)})


def made_policies() -> str:
    """Return what the file of Kyverno holds: the same; what is served in older versions is there as well."""
    models = [each for each in map(partial(getattr, kyverno), kyverno.__all__) if isinstance(each, type)]
    kinds = {each.group_kind(): each for each in models if issubclass(each, Resource)}
    return _text({str(kind): _with_older(_definition(kind, kinds[kind])) for kind in sorted(kinds)})


def _text(rows: Manifest) -> str:
    return json.dumps(rows, separators=(",", ":"), sort_keys=True) + "\n"


def _with_older(definition: Manifest) -> Manifest:
    """Add the names of the older versions: their fields are the same, or fewer."""
    spec = definition["spec"]
    spec["olderVersions"] = _OLDER[spec["group"], spec["names"]["kind"].startswith("Namespaced")]
    return definition


def definition_of(kind: GroupKind) -> Manifest:
    """Return the CustomResourceDefinition of a kind of Flux or Argo CD."""
    model = model_of(kind)
    if model is None:
        raise KeyError(str(kind))
    return _definition(kind, model)


def _definition(kind: GroupKind, model: type[Resource]) -> Manifest:
    names = {
        "kind": model.KIND,
        "listKind": f"{model.KIND}List",
        "plural": model.PLURAL,
        "singular": model.KIND.lower(),
        **({"shortNames": list(_SHORT[model.KIND])} if model.KIND in _SHORT else {}),
    }
    scope = "Cluster" if is_cluster_scoped_policy(kind) else "Namespaced"
    version = {
        "name": split_api_version(model.API_VERSION)[1],
        "served": True,
        "storage": True,
        **({} if model.KIND in _STATUS_WITH_THE_REST else {"subresources": {"status": {}}}),
        **({"additionalPrinterColumns": _columns(model.KIND)} if model.KIND in _SHOWN else {}),
        "schema": {"openAPIV3Schema": laid_over(model.KIND, _root(model))},
    }
    return {
        "apiVersion": APIEXTENSIONS_V1,
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{model.PLURAL}.{kind.group}"},
        "spec": {"group": kind.group, "names": names, "scope": scope, "versions": [version]},
    }


def _columns(kind: str) -> list[Json]:
    return [
        {"name": name, "jsonPath": path, "type": letter, **({"priority": priority} if priority else {})}
        for name, path, letter, priority in _SHOWN[kind]
    ]


def _root(model: type[Resource]) -> Manifest:
    whole = model.model_json_schema(by_alias=True)
    known = mapping_at(whole, "$defs")
    fields = {name: field for name, field in mapping_at(whole, "properties").items() if name not in _OUTSIDE_OF_SPEC}
    beside = {name: _schema(fields.pop(name), known, 0) for name in _BESIDE_SPEC if name in fields}
    spec = _object({"properties": fields, "required": items_at(whole, "required")}, known, 0)
    texts = {name: {"type": "string"} for name in ("apiVersion", "kind")}
    objects = {"metadata": {"type": "object"}, "spec": spec, **beside, "status": {"type": "object", **_ANYTHING}}
    return {"type": "object", "properties": {**texts, **objects}}


def _schema(field: Json, known: Json, depth: int) -> Manifest:
    """Return the structural schema of a JSON schema: references written out, null left out."""
    if depth > _DEEPEST:
        return dict(_ANYTHING)
    if text_at(field, "$ref"):
        return _schema(mapping_at(known, text_at(field, "$ref").rpartition("/")[2]), known, depth + 1)
    several = objects_at(field, "anyOf") or objects_at(field, "allOf")
    choices = [each for each in several if text_at(each, "type") != "null"]
    if len(choices) == 1:
        return _schema(choices[0], known, depth)
    if choices:
        types = {text_at(each, "type") for each in choices}
        return {"x-kubernetes-int-or-string": True} if types == {"integer", "string"} else dict(_ANYTHING)
    match text_at(field, "type"):
        case "object":
            return _object(field, known, depth)
        case "array":
            return {**_plain(field), "items": _schema(at(field, "items") or {}, known, depth + 1)}
        case "":
            return _plain(field) if "enum" in field else dict(_ANYTHING)
    return _plain(field)


def _object(field: Json, known: Json, depth: int) -> Manifest:
    properties = mapping_at(field, "properties")
    if not properties:
        values = mapping_at(field, "additionalProperties")
        return {
            "type": "object",
            **({"additionalProperties": _schema(values, known, depth + 1)} if values else _ANYTHING),
        }
    needed = [name for name, each in properties.items() if _is_needed(name, each, items_at(field, "required"))]
    found = {name: _schema(each, known, depth + 1) for name, each in properties.items()}
    return {"type": "object", "properties": found, **({"required": sorted(needed)} if needed else {})}


def _is_needed(name: str, field: Json, required: list[Json]) -> bool:
    """Tell whether Kubernetes requires a field: one with a default of Python's own says so itself."""
    return bool(at(field, "required")) if at(field, "guide") else name in required


def _plain(field: Json) -> Manifest:
    # Python keeps equal Literals once, in the order of whichever was read first: this program has to run by itself.
    # That a text is not empty is asked by the model alone.
    return {name: field[name] for name in _KEPT if name in field and (name, field[name]) != ("minLength", 1)}


if __name__ == "__main__":
    for file, text in ((FILE, made()), (POLICIES, made_policies())):
        if "--check" in sys.argv and file.read_text() != text:
            raise SystemExit(f"{file} is not what the models say: run scripts/make_definitions.py")
        file.write_text(text)

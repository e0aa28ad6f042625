"""What to do about a delivery that is not ready, by what its engine says of it.

The messages are the engines' own, so each is known by words that stand in it; the first row that fits says the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.engine.reports.values import DeliveryRow, Report
from nixernetes.gitops.decoding import model_of
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE

__all__ = ["causes", "remedy"]

_MEND_FIELD = "correct that field where the object is written, and commit"
_LOCAL = "if that cannot be reached from here, --source URL=PATH names a copy"
_DECLARE_DATA = "declare the ConfigMap or Secret with that key in the namespace, or make the reference optional"
_NAMESPACE = re.compile(r'namespaces? "([^"]+)" not found')
_KIND = re.compile(r'no matches for kind "([^"]+)"')
_VERSION = re.compile(r'no matches for kind "([^"]+)" in version "([^"]+)"')
_DEPENDENCY = re.compile(r"dependency '([^']+)' (is not ready|not found)")
# What stands in a message, and what helps; the first that fits counts.
_OF_PODS: Final = (
    ("MountVolume.SetUp failed", _DECLARE_DATA),
    ("CreateContainerConfigError", _DECLARE_DATA),
    ("error looking up service account", "declare the ServiceAccount in that namespace, or name another one"),
    ('persistentvolumeclaim "', "declare the PersistentVolumeClaim in that namespace"),
)
_REMEDIES: Final = (
    *_OF_PODS,
    ("no local copy of", _LOCAL),
    ("dependsOn is a circle", "remove one dependsOn of the circle"),
    ("path not found", "spec.path must name a folder of its source: correct it, or add the folder"),
    ("app path does not exist", "spec.source.path must name a folder of its repository: correct it, or add the folder"),
    ("couldn't find remote ref", "spec.ref must name a branch, tag or commit that its repository has"),
    ("unable to resolve", "targetRevision must name a branch, tag or commit that its repository has"),
    ("decryption failed", "give the key (SOPS_AGE_KEY_FILE), or the values in plain: --values FILE"),
    ("variable not set", "give the variable in postBuild.substitute or a substituteFrom, or a default: ${NAME:=value}"),
    ("strict mode", "give the variable in postBuild.substitute or a substituteFrom, or a default: ${NAME:=value}"),
    ("post build failed", "correct the ${…} expression, or exempt the object: kustomize.toolkit.fluxcd.io/substitute"),
    ("could not resolve", "declare the ConfigMap or Secret with that key, or make the reference optional"),
    ("SharedResource", "one owner is right: take the object out of the other delivery"),
    ("InvalidSpecError", "correct the spec of the Application: its project, its destination and its source must exist"),
    ("not permitted in project", "let the AppProject permit it, or name another project"),
    ("ApplicationValidationError", "give each generated Application a name of its own"),
    ("UpdateApplicationError", "correct the template of the ApplicationSet"),
    ("ApplicationParamsGenerationError", "correct the generator of the ApplicationSet"),
    ("typed patch object", _MEND_FIELD),
    ("is invalid", _MEND_FIELD),
    ("dry-run failed", _MEND_FIELD),
    ("build failed", "correct the kustomization that it names: `nixernetes render FOLDER` builds just that"),
    ("failed to checkout", _LOCAL),
    ("unable to clone", _LOCAL),
    ("failed to fetch", _LOCAL),
    ("failed to pull", _LOCAL),
    ("chart pull error", _LOCAL),
    ("not reachable", _LOCAL),
    ("cannot be reached", _LOCAL),
    ("is not asked", _LOCAL),
    ("offline", _LOCAL),
)


def remedy(item: DeliveryRow, report: Report) -> str:
    """Return what helps a delivery that is not ready."""
    text = " ".join((item.message, *item.warnings))
    served = _served(text)
    if served:
        return served
    for pattern, advice in (
        (_NAMESPACE, "declare the Namespace {}, or let {} create it"),
        (_KIND, "the definition of {} must be there first: add it, and wait for it with {}"),
    ):
        found = pattern.search(text)
        if found:
            return advice.format(found[1], _means(item, pattern))
    found = _DEPENDENCY.search(text)
    if found and "circle" not in text:
        return _about_dependency(found, item, report)
    for words, advice in _REMEDIES:
        if words in text:
            return advice
    held = " ".join(entry.message for entry in item.objects if not entry.available)
    return next((advice for words, advice in _OF_PODS if words in held), _about_state(item))


def causes(item: DeliveryRow) -> Iterator[str]:
    """Yield why a delivery is not ready: what its engine says, and which of its objects are not available."""
    if item.message:
        yield item.message
    yield from item.warnings
    for entry in item.objects:
        if not entry.available:
            place = f" ({entry.origin})" if entry.origin else ""
            told = f": {entry.message}" if entry.message else ""
            yield f"{entry.key}{place} {entry.status}{told}"


def _served(text: str) -> str:
    """Return which version to write of a kind of Flux or Argo CD that is served in another one; ``""`` of others."""
    found = _VERSION.search(text)
    model = model_of(GroupKind(split_api_version(found[2])[0], found[1])) if found else None
    return f"{model.KIND} is served as {model.API_VERSION}: write that version, and commit" if model else ""


def _means(item: DeliveryRow, pattern: re.Pattern[str]) -> str:
    """Return what of an engine creates namespaces, or orders deliveries."""
    if item.key.group_kind == APPLICATION:
        return "syncOptions CreateNamespace=true" if pattern is _NAMESPACE else "a sync wave"
    if pattern is _NAMESPACE:
        return (
            "install.createNamespace" if item.key.group_kind == HELM_RELEASE else "a delivery that this one depends on"
        )
    return "dependsOn"


def _about_dependency(found: re.Match[str], item: DeliveryRow, report: Report) -> str:
    namespace, _, name = found[1].rpartition("/")
    if found[2] == "not found":
        return f"declare {found[1]}, or take it out of dependsOn"
    named = (namespace or item.key.namespace, name)
    row = next(
        (each for each in report.deliveries if each.cluster == item.cluster and (each.key[2], each.key[3]) == named),
        None,
    )
    return f"it waits for {row.key if row is not None else found[1]}: mend that first"


def _about_state(item: DeliveryRow) -> str:
    if item.key.group_kind == APPLICATION and item.status.startswith("OutOfSync") and not item.message:
        return f"nothing syncs it by itself: `nixernetes sync {item.key.name}`, or give it syncPolicy.automated"
    if "source" in item.message.lower() and "not ready" in item.message:
        return "mend its source first"
    broken = next((entry for entry in item.objects if not entry.available), None)
    if broken is not None:
        return f"see why {broken.key} is not available: `nixernetes describe {_spelled(*broken.key[1:])}`"
    return f"`nixernetes describe {_spelled(*item.key[1:])}` shows its conditions and events"


def _spelled(kind: str, namespace: str, name: str) -> str:
    return f"{kind.lower()}/{name}" + (f" -n {namespace}" if namespace else "")

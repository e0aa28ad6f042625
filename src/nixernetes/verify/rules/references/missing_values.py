"""``missing-values``: what ``substituteFrom`` and ``valuesFrom`` read exists in the namespace of the delivery.

Both read ConfigMaps and Secrets of the delivery's own namespace as the cluster holds them, not as files name them: a
generated name with a hash is another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.applied_by_hand import is_applied_by_hand
from nixernetes.verify.references.graph import data_keys, is_filled
from nixernetes.verify.references.made import made_in
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE", "is_made_later"]

_HASHED: Final = re.compile(r"(.+)-[a-z0-9]{10}\Z")
_VALUES_KEY: Final = "values.yaml"  # of helm-controller, where valuesKey is not set


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        spec = delivery.manifest.get("spec")
        if delivery.key.group_kind == KUSTOMIZATION:
            path: FieldPath = ("spec", "postBuild", "substituteFrom")
            entries = objects_at(spec, "postBuild", "substituteFrom")
        elif delivery.key.group_kind == HELM_RELEASE:
            path, entries = ("spec", "valuesFrom"), objects_at(spec, "valuesFrom")
        else:
            continue
        for index, entry in enumerate(entries):
            if not flag_at(entry, "optional"):
                yield from _asked(view, cluster, delivery, entry, (*path, index))


def _asked(
    view: PlatformView, cluster: ClusterObjects, delivery: Delivery, entry: Json, path: FieldPath
) -> Iterator[Found]:
    made = made_in(view, cluster)
    target = ObjectKey("", text_at(entry, "kind"), delivery.key.namespace, text_at(entry, "name"))
    found = cluster.get(target)
    if found is None and not made.has(target) and not made.may_have(target) and not _is_hidden(cluster, delivery):
        if is_applied_by_hand(view, target):
            return
        yield Found(
            cluster=cluster,
            subject=delivery,
            message=f"{target} does not exist{_hint(cluster, target)}",
            path=(*path, "name"),
        )
        return
    given = cluster.given.get(target) or (found.manifest if found is not None else None)
    keys = data_keys(given) if given is not None else made.keys(target)
    key = text_at(entry, "valuesKey") or _VALUES_KEY
    is_known = keys is not None and (given is None or not is_filled(given))
    if delivery.key.group_kind == HELM_RELEASE and keys is not None and is_known and key not in keys:
        known = ", ".join(sorted(keys)[:5]) or "none"
        where = (*path, "valuesKey") if "valuesKey" in entry else (*path, "name")
        message = f"{target} has no key {key}: it has {known}"
        yield Found(cluster=cluster, subject=delivery, message=message, path=where)


def _is_hidden(cluster: ClusterObjects, delivery: Delivery) -> bool:
    """Tell whether what cannot be rendered may bring the values of a delivery; charts do not."""
    return cluster.may_have(delivery.key.namespace, besides=delivery.key, group=KUSTOMIZATION.group)


def is_made_later(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> bool:
    """Tell whether a delivery reads something that is made on the cluster, so that its values are not known here.

    What a delivery may bring that cannot be rendered here is not known either.
    """
    made = made_in(view, cluster)
    entries = [
        *objects_at(delivery.manifest, "spec", "postBuild", "substituteFrom"),
        *objects_at(delivery.manifest, "spec", "valuesFrom"),
    ]
    targets = [ObjectKey("", text_at(e, "kind"), delivery.key.namespace, text_at(e, "name")) for e in entries]
    missing = [target for target in targets if not cluster.has(target) and cluster.given.get(target) is None]
    if missing and _is_hidden(cluster, delivery):
        return True
    return any(made.has(target) or made.may_have(target) or is_applied_by_hand(view, target) for target in missing)


def _hint(cluster: ClusterObjects, target: ObjectKey) -> str:
    same = [key for key in cluster.by_key if key[:2] == target[:2]]
    hashed = next(
        (
            key
            for key in same
            if key.namespace == target.namespace and (found := _HASHED.match(key.name)) and found[1] == target.name
        ),
        None,
    )
    if hashed is not None:
        return f": it is called {hashed.name}, since a generator adds a hash; set disableNameSuffixHash for it"
    elsewhere = next((key for key in same if key.name == target.name), None)
    if elsewhere is not None:
        return f": there is {elsewhere}, and only the namespace of the delivery is read"
    return meant(target.name, [key.name for key in same if key.namespace == target.namespace])


RULE: Final = Rule(
    name="missing-values",
    topic="value-source-missing",
    severity=Severity.ERROR,
    sentence="ConfigMaps and Secrets of substituteFrom and valuesFrom exist in the namespace of the delivery.",
    check=_check,
)

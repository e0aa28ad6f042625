"""The parameters of a policy (apiserver v0.34.4, ``CollectParams`` of ``policy/generic/policy_dispatcher.go``)."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.selectors import matches

__all__ = ["ParameterStore", "parameters"]

_Objects: TypeAlias = list[Manifest]


class ParameterStore(Protocol):
    """What parameters are read from."""

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        """Tell whether a kind is namespaced; None when it is not served."""
        ...

    def list(self, kind: GroupKind) -> _Objects:
        """Return the objects of a kind."""
        ...


def parameters(store: ParameterStore, policy: Manifest, binding: Manifest, namespace: str) -> list[Manifest | None]:
    """Return the parameters with which a policy is asked, each for itself; None for a policy without any.

    Args:
        store: where they are.
        policy: the policy.
        binding: the binding, which names them.
        namespace: where the object is; ``""`` for what is in none.

    Raises:
        InputError: they cannot be found, or there are none and the binding says that this is not allowed.

    """
    wanted = mapping_at(policy, "spec", "paramKind")
    reference = mapping_at(binding, "spec", "paramRef")
    if not wanted or not reference:
        return [None]
    api_version, name = text_at(wanted, "apiVersion"), text_at(wanted, "kind")
    kind = GroupKind(split_api_version(api_version)[0], name)
    is_namespaced, place = store.is_namespaced(kind), text_at(reference, "namespace")
    if is_namespaced is None:
        shown = f"&ParamKind{{APIVersion:{api_version},Kind:{name},}}"
        raise InputError(f"paramKind kind `{shown}` not known")
    if is_namespaced and not (place or namespace):
        raise InputError("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources")
    if place and not is_namespaced:
        raise InputError("paramRef.namespace must not be provided for a cluster-scoped `paramKind`")
    found: list[Manifest | None] = [
        each for each in store.list(kind) if _is_meant(each, reference, (place or namespace) if is_namespaced else "")
    ]
    if not found and text_at(reference, "parameterNotFoundAction") == "Deny":
        raise InputError("no params found for policy binding with `Deny` parameterNotFoundAction")
    return found


def _is_meant(manifest: Manifest, reference: Manifest, namespace: str) -> bool:
    if text_at(manifest, "metadata", "namespace") != namespace:
        return False
    name = text_at(reference, "name")
    if name:
        return text_at(manifest, "metadata", "name") == name
    return matches(mapping_at(reference, "selector"), labels_of(manifest))

"""How the controllers of Flux in a cluster keep tenants apart: by their flags, or by the FluxInstance that sets these.

``--default-service-account`` and ``--no-cross-namespace-refs`` of kustomize-controller 1.9 and helm-controller 1.6; the
profile ``multitenant`` of Flux Operator 0.59 gives both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.cluster.api import Reader
from nixernetes.objects.fields import flag_at, items_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import DEPLOYMENT, FLUX_INSTANCE
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import FLUX_NAMESPACE

__all__ = ["DEFAULT_ACCOUNT", "NO_FOREIGN", "Lockdown", "flag", "is_of_controller", "lockdown_by", "lockdown_of"]

DEFAULT_ACCOUNT: Final = "--default-service-account"
NO_FOREIGN: Final = "--no-cross-namespace-refs"
_INSTALLED: Final = ("kustomize-controller", "helm-controller", "flux-operator")
_TENANTED: Final = ("kustomize-controller", "helm-controller")
_TRUE: Final = ("true", "1", "t", "T", "TRUE", "True")  # as strconv.ParseBool reads it
_POD: Final = ("spec", "template", "spec", "containers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockdown:
    """What a controller was told.

    Attributes:
        account: the account of deliveries that name none; ``""`` for the controller's own.
        refuses_foreign: whether a delivery may refer to its own namespace alone.

    """

    account: str = ""
    refuses_foreign: bool = False


def lockdown_of(api: Reader, component: str) -> Lockdown:
    """Return what a controller was told.

    Args:
        api: the cluster that it runs in.
        component: the name of its Deployment.

    """
    instances = api.list(FLUX_INSTANCE) if api.is_namespaced(FLUX_INSTANCE) is not None else ()
    return lockdown_by(component, api.get(ObjectKey(*DEPLOYMENT, FLUX_NAMESPACE, component)), instances)


def lockdown_by(component: str, deployment: Manifest | None, instances: Iterable[Manifest]) -> Lockdown:
    """Return what a controller was told.

    Args:
        component: the name of its Deployment.
        deployment: the Deployment; None where nobody knows it.
        instances: the FluxInstances of its cluster.

    """
    if component in _TENANTED:
        for instance in instances:
            if flag_at(instance, "spec", "cluster", "multitenant"):
                account = text_at(instance, "spec", "cluster", "tenantDefaultServiceAccount") or "default"
                return Lockdown(account=account, refuses_foreign=True)
    if deployment is None:
        return Lockdown()
    args = [str(each) for one in objects_at(deployment, *_POD) for each in items_at(one, "args")]
    return Lockdown(account=flag(args, DEFAULT_ACCOUNT), refuses_foreign=flag(args, NO_FOREIGN) in _TRUE)


def is_of_controller(key: ObjectKey, bindings: Iterable[Manifest]) -> bool:
    """Tell whether an account is that of a controller, of whose rights nothing is said.

    Whoever installed Flux gave it all rights: ``flux install`` with the binding ``cluster-reconciler``, the
    chart of Flux Operator with its own. Where bindings name it these count.

    Args:
        key: the account.
        bindings: the RoleBindings and ClusterRoleBindings of the cluster.

    """
    if key.namespace != FLUX_NAMESPACE or key.name not in _INSTALLED:
        return False
    subjects = (subject for each in bindings for subject in objects_at(each, "subjects"))
    return not any((text_at(each, "namespace"), text_at(each, "name")) == key[2:] for each in subjects)


def flag(args: list[str], name: str) -> str:
    """Return the value of a flag: of one that stands twice the last; ``true`` of one without a value; else ``""``."""
    return next(_values(reversed([*zip(args, [*args[1:], ""], strict=False)]), name), "")


def _values(pairs: Iterator[tuple[str, str]], name: str) -> Iterator[str]:
    for arg, following in pairs:
        if arg.startswith(f"{name}="):
            yield arg.partition("=")[2]
        elif arg == name:  # a boolean flag takes no value from the next argument
            yield "true" if name == NO_FOREIGN else following

"""Policies about where images come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from nixernetes.kyverno.library.demands import PodDemand, pod_policy, quoted
from nixernetes.kyverno.library.notes import Enforcement, PolicyNote
from nixernetes.kyverno.vocabulary.cel.validating_policy import ValidatingPolicy
from nixernetes.kyverno.vocabulary.rules.cluster_policy import ClusterPolicy
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = ["disallow_latest_tag", "require_pull_policy", "restrict_registries"]

_FULL_IMAGE = (  # the reference as a container runtime completes it
    "(c.image.matches('^([^/]*[.:][^/]*|localhost)/') ? c.image"
    " : c.image.contains('/') ? 'docker.io/' + c.image : 'docker.io/library/' + c.image)"
)


def restrict_registries(
    registries: Sequence[str], *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand that every image comes from one of some registries.

    Args:
        registries: hosts, or hosts with a path: ``ghcr.io/acme`` allows ``ghcr.io/acme/web``, not ``ghcr.io/acme-x``.
            An image without a host is of ``docker.io``, and without a path of ``docker.io/library``.
        enforcement: whether a failure is reported or refused.
        api: which API the policy is written in.

    Raises:
        ValueError: no registry is named.

    """
    if isinstance(registries, str) or not registries or not all(registries):
        raise ValueError("registries must be a list of registries, such as ['ghcr.io/acme']")
    allowed = sorted({f"{each.rstrip('/')}/" for each in registries})
    listed = ", ".join(quoted(each) for each in allowed)
    note = PolicyNote(
        name="restrict-image-registries",
        title="Restrict image registries",
        category="Supply chain",
        severity="high",
        description="Images come only from registries that are trusted.",
        controls=["nsa-cisa-kubernetes-hardening-1.2:supply/images", "soc2-tsc-2017:CC6.8"],
    )
    demand = PodDemand(
        expression=f"variables.containers.all(c, [{listed}].exists(r, {_FULL_IMAGE}.startsWith(r)))",
        message=f"Images must come from {', '.join(each.rstrip('/') for each in allowed)}.",
    )
    return pod_policy(note, [demand], api, enforcement)


def disallow_latest_tag(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand that every image has a digest, or a tag other than ``latest``."""
    note = PolicyNote(
        name="disallow-latest-tag",
        title="Disallow the tag latest",
        category="Best practices",
        severity="medium",
        description="What a tag like latest names changes, so a pod that starts again may run something else.",
        controls=["pci-dss-4.0:6.3.3", "soc2-tsc-2017:CC7.1"],
    )
    demand = PodDemand(
        expression="variables.containers.all(c,"
        " c.image.contains('@') || (c.image.matches(':[^/]+$') && !c.image.endsWith(':latest')))",
        message="Images must have a digest, or a tag other than latest.",
    )
    return pod_policy(note, [demand], api, enforcement)


def require_pull_policy(
    policy: Literal["Always", "IfNotPresent", "Never"] = "Always",
    *,
    enforcement: Enforcement = "audit",
    api: str = KYVERNO_POLICIES_V1,
) -> ValidatingPolicy | ClusterPolicy:
    """Demand one ``imagePullPolicy`` of every container. ``Always`` asks the registry for permission at each start.

    Raises:
        ValueError: the policy is not one of Kubernetes.

    """
    if policy not in ("Always", "IfNotPresent", "Never"):
        raise ValueError(f"policy must be Always, IfNotPresent or Never, not {policy!r}")
    note = PolicyNote(
        name="require-image-pull-policy",
        title="Require an image pull policy",
        category="Supply chain",
        severity="low",
        description="Each container says when its image is pulled.",
    )
    demand = PodDemand(
        expression=f"variables.containers.all(c, has(c.imagePullPolicy) && c.imagePullPolicy == {quoted(policy)})",
        message=f"Containers must have imagePullPolicy {policy}.",
    )
    return pod_policy(note, [demand], api, enforcement)

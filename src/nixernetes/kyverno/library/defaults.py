"""Policies that fill in or make what is missing: default labels, and a NetworkPolicy that denies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nixernetes.kyverno.library.demands import quoted
from nixernetes.kyverno.library.notes import PolicyNote, in_rules
from nixernetes.kyverno.vocabulary.cel.generating_policy import GeneratingPolicy
from nixernetes.kyverno.vocabulary.cel.mutating_policy import MutatingPolicy
from nixernetes.kyverno.vocabulary.rules.cluster_policy import ClusterPolicy
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1, NETWORKING_V1

__all__ = ["add_default_labels", "default_deny_network"]

_LABELLED: Final = {  # resources by group, and their kinds
    "apps": {"daemonsets": "DaemonSet", "deployments": "Deployment", "statefulsets": "StatefulSet"},
    "batch": {"cronjobs": "CronJob", "jobs": "Job"},
    "": {"configmaps": "ConfigMap", "services": "Service"},
}
_SYSTEM: Final = ("kube-node-lease", "kube-public", "kube-system", "kyverno")


def add_default_labels(labels: Mapping[str, str], *, api: str = KYVERNO_POLICIES_V1) -> MutatingPolicy | ClusterPolicy:
    """Add labels to workloads, Services and ConfigMaps that do not have them; what is there stays.

    Raises:
        ValueError: no label is given.

    """
    if not labels:
        raise ValueError("labels must give at least one label and its value")
    note = PolicyNote(
        name="add-default-labels",
        title="Add default labels",
        category="Best practices",
        severity="low",
        description="Objects that do not say otherwise get these labels.",
    )
    head = {"name": note.name, "annotations": note.annotations()}
    ordered = sorted(labels.items())
    if in_rules(api):
        kinds = [f"{group}/v1/{kind}" if group else kind for group, of in _LABELLED.items() for kind in of.values()]
        patch = {"metadata": {"labels": {f"+({key})": value for key, value in ordered}}}
        match = {"any": [{"resources": {"kinds": kinds, "operations": ["CREATE", "UPDATE"]}}]}
        rule = {"name": note.name, "match": match, "mutate": {"patchStrategicMerge": patch}}
        return ClusterPolicy.model_validate({**head, "rules": [rule]})
    resources = [
        {
            "apiGroups": [group],
            "apiVersions": ["v1"],
            "operations": ["CREATE", "UPDATE"],
            "resources": list(of),
        }
        for group, of in _LABELLED.items()
    ]
    filled = ", ".join(
        f"{quoted(key)}: object.metadata.?labels[?{quoted(key)}].orValue({quoted(value)})" for key, value in ordered
    )
    expression = f"Object{{metadata: Object.metadata{{labels: {{{filled}}}}}}}"
    mutation = {"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": expression}}
    return MutatingPolicy.model_validate(
        {**head, "matchConstraints": {"resourceRules": resources}, "mutations": [mutation]}
    )


def default_deny_network(
    *, except_namespaces: Sequence[str] = (), api: str = KYVERNO_POLICIES_V1
) -> GeneratingPolicy | ClusterPolicy:
    """Give each namespace a NetworkPolicy ``default-deny`` that lets nothing in and nothing out.

    Namespaces of Kubernetes and Kyverno are left out, since a cluster cannot live without their traffic.

    Args:
        except_namespaces: further namespaces that get none.
        api: which API the policy is written in.

    """
    note = PolicyNote(
        name="default-deny-network",
        title="Default deny for networks",
        category="Network",
        severity="high",
        description="Pods reach and are reached by what a NetworkPolicy allows, and by nothing else.",
        controls=["nsa-cisa-kubernetes-hardening-1.2:net/default-deny", "pci-dss-4.0:1.3.1", "soc2-tsc-2017:CC6.6"],
    )
    head = {"name": note.name, "annotations": note.annotations()}
    spared = sorted({*_SYSTEM, *except_namespaces})
    if in_rules(api):
        generate = {
            "apiVersion": NETWORKING_V1,
            "kind": "NetworkPolicy",
            "name": "default-deny",
            "namespace": "{{request.object.metadata.name}}",
            "synchronize": True,
            "data": {"spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}},
        }
        rule = {
            "name": note.name,
            "match": {"any": [{"resources": {"kinds": ["Namespace"]}}]},
            "exclude": {"any": [{"resources": {"kinds": ["Namespace"], "names": spared}}]},
            "generate": generate,
        }
        return ClusterPolicy.model_validate({**head, "rules": [rule]})
    spaces = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["namespaces"]}
    listed = ", ".join(map(quoted, spared))
    made = (
        f"{{'apiVersion': '{NETWORKING_V1}', 'kind': 'NetworkPolicy', 'metadata': {{'name': 'default-deny'}},"
        " 'spec': {'podSelector': {}, 'policyTypes': ['Ingress', 'Egress']}}"
    )
    return GeneratingPolicy.model_validate(
        {
            **head,
            "matchConstraints": {"resourceRules": [spaces]},
            "matchConditions": [
                {"name": "not-a-system-namespace", "expression": f"!(object.metadata.name in [{listed}])"}
            ],
            "evaluation": {"synchronize": {"enabled": True}},
            "generate": [{"expression": f"generator.Apply(object.metadata.name, [{made}])"}],
        }
    )

"""What Kyverno refuses of rules that generate (``api/kyverno/v1/rule_types.go``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["refused_generations"]


def refused_generations(policy: Manifest) -> Iterator[PolicyProblem]:
    """Yield what is refused of the rules that generate; custom kinds may have either scope, and are passed over."""
    spec = mapping_at(policy, "spec")
    if "generateExistingOnPolicyUpdate" in spec:
        message = "remove the deprecated field and use generate.generateExisting of the rules instead"
        yield PolicyProblem(path=("spec", "generateExistingOnPolicyUpdate"), message=message)
    space = text_at(policy, "metadata", "namespace") or "default"
    for index, rule in enumerate(objects_at(spec, "rules")):
        generate = mapping_at(rule, "generate")
        where: FieldPath = ("spec", "rules", index, "generate")
        places = [(where, generate)]
        places += [((*where, "foreach", at), each) for at, each in enumerate(objects_at(generate, "foreach"))]
        for path, made in places:
            if text_at(policy, "kind") == "Policy":
                yield from _of_namespace(made, path, space)
            yield from _scopes(made, path)


def _scopes(made: Mapping[str, Json], path: FieldPath) -> Iterator[PolicyProblem]:
    held = dict(made)
    if "cloneList" in held:
        kinds = [each for each in items_at(held, "cloneList", "kinds") if isinstance(each, str)]
        scopes = {_is_clustered(*each.rpartition("/")[::2]) for each in kinds}
        given = text_at(held, "cloneList", "namespace")
        if False in scopes and not given:
            message = "namespace is required for namespaced target resources"
            yield PolicyProblem(path=(*path, "cloneList", "namespace"), message=message)
        if {True, False} <= scopes:
            message = "kinds with and without namespaces cannot be cloned together: write a rule for each"
            yield PolicyProblem(path=(*path, "cloneList", "kinds"), message=message)
        return
    kind = text_at(held, "kind")
    clustered = _is_clustered(text_at(held, "apiVersion"), kind) if kind and "{{" not in kind else None
    if clustered is False and not text_at(held, "namespace"):
        message = "target namespace must be set for a namespaced resource"
        yield PolicyProblem(path=(*path, "namespace"), message=message)
    if clustered is True and text_at(held, "namespace"):
        message = "target namespace must not be set for a cluster-wide resource"
        yield PolicyProblem(path=(*path, "namespace"), message=message)


def _of_namespace(made: Mapping[str, Json], path: FieldPath, space: str) -> Iterator[PolicyProblem]:
    held = dict(made)
    for steps in (("namespace",), ("clone", "namespace"), ("cloneList", "namespace")):
        found = text_at(held, *steps)
        is_needed = steps == ("namespace",) or steps[0] in held
        if is_needed and found != space and (found or steps[0] in ("clone", "cloneList")):
            message = (
                f"a Policy stays in its own namespace, {space}; this names {found or 'none'}: write a ClusterPolicy"
            )
            yield PolicyProblem(path=(*path, *steps), message=message)


def _is_clustered(api_version: str, kind: str) -> bool | None:
    """Tell whether a kind has no namespace; None of a kind that Kubernetes does not ship."""
    group = split_api_version(api_version)[0]
    if "." in group and not group.endswith(".k8s.io"):
        return None
    return is_cluster_scoped(GroupKind(group, kind))

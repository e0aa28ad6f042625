"""``CreateNamespace=true`` under a project that does not permit Namespaces: the sync fails before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.gitops.argocd.projects.permissions import is_group_kind_name_permitted
from nixernetes.gitops.traps.declared import Declared, Trap, specs_of
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import NAMESPACE

__all__ = ["traps"]


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield Applications that may not create the namespace that they ask for."""
    projects = {key_of(each.manifest).name: each.manifest for each in declared.of("AppProject")}
    for placed in declared.of("Application", "ApplicationSet"):
        spec = specs_of(placed.manifest)
        options = at(spec, "syncPolicy", "syncOptions") or []
        project = projects.get(text_at(spec, "project"))
        if not isinstance(options, list) or "CreateNamespace=true" not in options or project is None:
            continue
        namespace = text_at(spec, "destination", "namespace")
        if not is_group_kind_name_permitted(mapping_at(project, "spec"), NAMESPACE, namespace, namespaced=False):
            name = key_of(project).name
            yield placed.trap(
                f"syncOptions: CreateNamespace=true, and project {name} does not permit Namespaces: give the project "
                'cluster_resource_whitelist=[{"group": "", "kind": "Namespace"}]'
            )

"""Application: manifests of a repository or chart, kept in a namespace of a cluster (section 1)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import ValidationInfo, model_validator

from nixernetes.gitops.argocd.applications.application_fields import ApplicationFields
from nixernetes.gitops.argocd.applications.operation import Operation
from nixernetes.gitops.argocd.applications.sync_policy import SyncPolicy
from nixernetes.gitops.argocd.applications.validation import source_problem
from nixernetes.gitops.argocd.argo_resource import ArgoResource
from nixernetes.gitops.argocd.projects.permissions import IN_CLUSTER
from nixernetes.gitops.presets import Preset
from nixernetes.gitops.reference import Reference
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import is_lenient
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["Application"]

_PRUNE_LAST = "PruneLast=true"


class Application(ArgoResource, ApplicationFields):
    """Manifests that Argo CD keeps in a cluster.

    A destination without server and name is the cluster that Argo CD runs in. Without any destination it is also the
    Application's own namespace, where an app of apps puts its Applications. ``operation`` asks for a sync.

    >>> app = Application(name="web", source={"repo_url": "https://example.com/x.git", "path": "web"})
    >>> app.manifest()["spec"]["destination"]
    {'server': 'https://kubernetes.default.svc', 'namespace': 'argocd'}
    """

    KIND: ClassVar[str] = "Application"
    PLURAL: ClassVar[str] = "applications"
    PARTS: ClassVar[tuple[str, ...]] = ("spec", "operation")

    operation: Operation | None = None
    """A sync to run now."""

    @model_validator(mode="after")
    def _complete(self, info: ValidationInfo) -> Self:
        if is_lenient(info):
            return self  # the controller says it on the object
        if not self.destination.server and not self.destination.name:
            raise ValueError("destination: Destination server missing from app spec: give its server or name")
        if self.sources:
            for index, source in enumerate(self.sources):
                problem = source_problem(source.data(), several=True)
                if problem is not None:
                    raise ValueError(f"sources[{index}]: {problem}")
        elif self.source_hydrator is None:
            problem = source_problem(self.source.data() if self.source is not None else {}, several=False)
            if problem is not None:
                raise ValueError(f"source: {problem}")
        return self

    @classmethod
    def home(cls, info: ValidationInfo) -> dict[str, str]:
        """Return the destination when none is given: where an app of apps puts its Applications."""
        return {
            "server": IN_CLUSTER.server,
            "namespace": str((info.context or {}).get("namespace") or ARGOCD_NAMESPACE),
        }

    def body(self, payload: Manifest) -> Manifest:
        """Return spec, and operation when there is one."""
        spec = {key: value for key, value in payload.items() if key != "operation"}
        return {"spec": spec, **({"operation": payload["operation"]} if "operation" in payload else {})}

    @classmethod
    def fields_of(cls, body: Manifest) -> Manifest:
        """Return the fields of spec, and operation.

        Raises:
            ValueError: a key does not belong to an Application.

        """
        spec = super().fields_of({key: value for key, value in body.items() if key != "operation"})
        if "operation" in spec:
            raise ValueError("spec has no field operation: it stands beside spec")
        operation: dict[str, Json] = {"operation": body["operation"]} if body.get("operation") is not None else {}
        return {**spec, **operation}

    @classmethod
    def preset_fields(cls, preset: Preset, current: Resource | None = None) -> dict[str, Any]:
        """Return the sync policy: automated, pruning as the preset says, healing where it prunes at once.

        How often Argo CD looks at a repository is a setting of its controller, so the interval has no place here; and
        it always watches health, so neither has ``wait``. Everything else of a policy that is there already stays.
        """
        before = current.sync_policy if isinstance(current, Application) else None
        policy: dict[str, Any] = before.data() if before is not None else {}
        policy["automated"] = {"prune": preset.prune, "selfHeal": preset.prune and not preset.prune_last}
        policy.setdefault("retry", SyncPolicy(automated=True).data()["retry"])
        options = [option for option in policy.pop("syncOptions", ()) if not option.startswith("PruneLast=")]
        if preset.prune_last:
            options.append(_PRUNE_LAST)
        if options:
            policy["syncOptions"] = options
        return {"sync_policy": SyncPolicy.from_data(policy)}

    def references(self) -> list[Reference]:
        """Return the project. Whether it permits the Application is for the permission check to say."""
        if self.project in ("", "default"):
            return []
        return [
            Reference(
                group=ARGOPROJ,
                kind="AppProject",
                name=self.project,
                namespace=ARGOCD_NAMESPACE if self.namespace == ARGOCD_NAMESPACE else None,
                field="spec.project",
                required=False,
            )
        ]

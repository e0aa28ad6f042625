"""What the policies of each cluster say of everything that is brought to it.

The policies are those that the repository deploys to the cluster, and those that the settings name. Each object is
judged as it would be at its creation, after the mutations. What a policy looks up is answered from the objects of the
cluster; what is not among them may be there all the same, so that a policy that asks for it has no answer here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from nixernetes.kyverno.engine.admission.enforcement import is_enforced
from nixernetes.kyverno.engine.admission.kinds import EXCEPTIONS, FILTERED_NAMESPACES, JUDGING
from nixernetes.kyverno.engine.cluster.answers import cluster_answers
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.evaluation import Judgement, PolicySet
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.values import Values
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, NAMESPACE
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.well_known import NAMESPACE_NAME
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView

__all__ = ["Beside", "PolicyVerdict", "cluster_judgements", "namespace_labels", "policy_verdicts"]

_SAYS_NOTHING: Final = ("pass", "skip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What policies are asked with, beside what a cluster is given.

    Attributes:
        exceptions: PolicyExceptions.
        values: variables from outside.
        objects: what else exists in the cluster; with any, what is not there does not exist.
        targets: what mutations of existing objects may change.
        params: parameters of admission policies.
        definitions: CustomResourceDefinitions.
        mocks: what servers and registries say.
        user: who asks; None where that is not known.
        operation: ``CREATE``, ``UPDATE`` or ``DELETE``.
        now: the time in RFC 3339; ``""`` where none is given.

    """

    exceptions: Sequence[Manifest] = ()
    values: Values = field(default_factory=Values)
    objects: Sequence[Manifest] = ()
    targets: Sequence[Manifest] = ()
    params: Sequence[Manifest] = ()
    definitions: Sequence[Manifest] = ()
    mocks: Mapping[str, Json] = field(default_factory=dict)
    user: Mapping[str, Json] | None = None
    operation: str = "CREATE"
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVerdict:
    """An object that does not keep a policy, or of which a policy says nothing that could be known here.

    Attributes:
        cluster: the cluster.
        item: the object.
        policy: the policy.
        source: the policy among the objects of the cluster; None where the settings name it.
        row: what it says.
        is_enforced: whether the object is refused.
        is_filtered: whether Kyverno, as it is installed by default, is not asked about its namespace.

    """

    cluster: ClusterObjects
    item: Placed
    policy: Manifest
    source: Placed | None
    row: RuleRow
    is_enforced: bool
    is_filtered: bool

    @property
    def is_known(self) -> bool:
        """Whether what the policy says is what a cluster would say."""
        return not self.row.not_given and not self.row.message.startswith("not evaluated")

    @property
    def named(self) -> str:
        """The policy and its rule."""
        kind, name = self.policy["kind"], mapping_at(self.policy, "metadata").get("name", "")
        return f"{kind} '{name}'" + (f", rule '{self.row.rule}'" if self.row.rule else "")


def policy_verdicts(view: PlatformView) -> tuple[PolicyVerdict, ...]:
    """Return what is not kept, and what could not be known, on all clusters; worked out once for a view."""
    known = view.memo.get(__name__)
    if known is None:
        known = view.memo[__name__] = tuple(each for cluster in view.clusters for each in _verdicts(view, cluster))
    return known


def cluster_judgements(
    cluster: ClusterObjects, policies: Sequence[Manifest], beside: Beside | None = None
) -> Iterator[tuple[Placed, Judgement]]:
    """Yield what policies say of everything that is brought to a cluster, object by object.

    Args:
        cluster: the cluster.
        policies: the policies.
        beside: what is known beside what the cluster is given.

    """
    beside = beside or Beside()
    objects = [_manifest(item) for item in cluster.placed]
    definitions = [*(item.manifest for item in cluster.of(CUSTOM_RESOURCE_DEFINITION)), *beside.definitions]
    around = PolicySurroundings(
        objects=(*objects, *beside.objects),
        targets=tuple(beside.targets),
        params=tuple(beside.params),
        namespace_labels={**namespace_labels(cluster), **beside.values.namespace_labels},
        definitions=tuple(beside.definitions),
        now=beside.now,
        answers=cluster_answers(
            (*beside.values.namespaces, *objects, *beside.objects),
            is_known=bool(beside.objects),
            definitions=definitions,
            mocks=beside.mocks,
            now=beside.now,
        ),
    )
    exceptions = [*(item.manifest for item in cluster.of(*EXCEPTIONS)), *beside.exceptions]
    asked = PolicySet(policies, exceptions=exceptions, around=around, values=beside.values)
    for item, manifest in zip(cluster.placed, objects, strict=True):
        request = Request(manifest=manifest, namespace=item.namespace, operation=beside.operation, user=beside.user)
        for judged in asked.admitted(request).judgements:
            yield item, judged


def _verdicts(view: PlatformView, cluster: ClusterObjects) -> Iterator[PolicyVerdict]:
    sources = {id(item.manifest): item for item in cluster.of(*JUDGING)}
    policies = [*(item.manifest for item in sources.values()), *view.given_policies]
    if not policies:
        return
    labels = namespace_labels(cluster)
    for item, judged in cluster_judgements(cluster, policies):
        space, row = item.namespace, judged.row
        if row.result in _SAYS_NOTHING and not row.not_given:
            continue
        is_filtered = space in FILTERED_NAMESPACES or (
            item.key.group_kind == NAMESPACE and item.key.name in FILTERED_NAMESPACES
        )
        yield PolicyVerdict(
            cluster=cluster,
            item=item,
            policy=judged.policy,
            source=sources.get(id(judged.policy)),
            row=row,
            is_enforced=is_enforced(judged.policy, row.rule, space, labels.get(space, {})),
            is_filtered=is_filtered,
        )


def _manifest(item: Placed) -> Manifest:
    """Return an object with the namespace that it goes to."""
    meta: dict[str, Json] = {**mapping_at(item.manifest, "metadata")}
    if item.namespace:
        meta["namespace"] = item.namespace
    return {**item.manifest, "metadata": meta}


def namespace_labels(cluster: ClusterObjects) -> Mapping[str, Mapping[str, str]]:
    """Return the labels of the namespaces that something goes to."""
    found: dict[str, Mapping[str, str]] = {}
    for item in cluster.placed:
        space = item.namespace
        if space and space not in found:
            placed = cluster.get(ObjectKey("", "Namespace", "", space))
            own = labels_of(placed.manifest) if placed is not None else {}
            found[space] = {**own, NAMESPACE_NAME: space}
    return found

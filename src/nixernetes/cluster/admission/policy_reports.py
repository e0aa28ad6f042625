"""PolicyReports of a cluster: what its policies say of what it holds, as Kyverno's reports controller writes them.

A second after something changed, what changed is judged again; when a policy or an exception changed, everything is. A
report is owned by its object, and goes with it. Only policies that judge are asked, and only those that say nothing
against it (``background``). Of what Kyverno passes over as it is installed by default there are no reports.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from nixernetes.cluster.api import ApiError, Event, EventType
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.api_groups import KYVERNO, POLICY_REPORTS
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import CLUSTER_POLICY_REPORT, POLICY_REPORT
from nixernetes.objects.manifest import Json, Manifest, is_same
from nixernetes.objects.well_known import APP_MANAGED_BY

if TYPE_CHECKING:  # policies take long to import, and few clusters have any
    from nixernetes.kyverno.engine.evaluation import Judgement, PolicySet

__all__ = ["PolicyReporter"]

_MANAGER: Final = "kyverno"
_PAUSE: Final = timedelta(seconds=1)
_DERIVED: Final = ("autogen-cronjob-", "autogen-")


class PolicyReporter:
    """Keeps the reports of a cluster; a ``Process`` for the runtime.

    Args:
        cluster: the cluster.
        clock: where time comes from.

    """

    def __init__(self, cluster: EmbeddedCluster, clock: Clock) -> None:
        self.name = f"{cluster.name}/policy-reports"
        self._cluster = cluster
        self._clock = clock
        self._policies: PolicySet | None = None
        self._rules: dict[int, frozenset[str]] = {}  # of the rules of a policy, by its id, those that judge
        self._changed: dict[ObjectKey, None] = {}
        self._is_stale = False
        self._due: datetime | None = None
        cluster.watch(self._note)

    @property
    def is_pending(self) -> bool:
        """Whether something has changed that is not yet reported."""
        return self._due is not None

    def due(self) -> datetime | None:
        """Return the moment of the next reports, or None."""
        return self._due

    def run(self, now: datetime) -> None:
        """Write the reports of what has changed."""
        if self._due is None or now < self._due:
            return
        self._due = None
        changed, self._changed = self._changed, {}
        if self._is_stale:
            self._is_stale = False
            self._compile()
            changed = dict.fromkeys(map(key_of, self._cluster.written()))
        for key in changed:
            self._report(key)

    def _note(self, event: Event) -> None:
        key = key_of(event.object)
        if key.group.endswith(KYVERNO):
            self._is_stale = True
        elif (
            self._policies is None
            or event.type is EventType.DELETED
            or key.group == POLICY_REPORT.group
            or not _is_new(event)
        ):
            return
        else:
            self._changed[key] = None
        if self._due is None:
            self._due = self._clock.now() + _PAUSE

    def _compile(self) -> None:
        from nixernetes.cluster.admission.surroundings import surroundings  # noqa: PLC0415  # see above
        from nixernetes.kyverno.engine.admission.kinds import EXCEPTIONS, JUDGING  # noqa: PLC0415  # see above
        from nixernetes.kyverno.engine.evaluation import PolicySet  # noqa: PLC0415  # see above

        held = [each for kind in JUDGING for each in self._cluster.list(kind) if _is_reported(each)]
        self._rules = {id(each): _judging(each) for each in held}
        exceptions = [each for kind in EXCEPTIONS for each in self._cluster.list(kind)]
        if not held and self._policies is None:
            return
        self._cluster.serve(POLICY_REPORT)
        self._cluster.serve(CLUSTER_POLICY_REPORT, namespaced=False)
        self._policies = PolicySet(held, exceptions=exceptions, around=surroundings(self._cluster))

    def _report(self, key: ObjectKey) -> None:
        from nixernetes.cluster.admission.kyverno import is_filtered  # noqa: PLC0415  # see above
        from nixernetes.kyverno.engine.contexts import Request  # noqa: PLC0415  # see above

        live = self._cluster.get(key)
        if live is None or self._policies is None or key.group == POLICY_REPORT.group or is_filtered(key):
            return
        asked = Request(manifest=live, namespace=key.namespace)
        rows = [each for each in self._policies.admitted(asked).judgements if self._judges(each)]
        name = text_at(live, "metadata", "uid")
        at_report = ObjectKey(*(POLICY_REPORT if key.namespace else CLUSTER_POLICY_REPORT), key.namespace, name)
        before = self._cluster.get(at_report)
        try:
            if rows:
                wanted = _written(live, rows, name)
                if before is None or not all(is_same(before.get(part), wanted[part]) for part in ("results", "scope")):
                    self._cluster.apply(wanted, manager=_MANAGER, force=True)
            elif before is not None:
                self._cluster.delete(at_report)
        except ApiError:
            return  # the namespace goes, and the report with it

    def _judges(self, judged: Judgement) -> bool:
        rules = self._rules.get(id(judged.policy), frozenset())
        plain = judged.row.rule
        for prefix in _DERIVED:
            plain = plain.removeprefix(prefix)
        return not rules or plain in rules or judged.row.rule in rules


def _is_new(event: Event) -> bool:
    """Tell whether more than the status of an object is new."""
    return event.old is None or _stated(event.object) != _stated(event.old)


def _stated(manifest: Manifest) -> list[Json]:
    meta = mapping_at(manifest, "metadata")
    parts = {name: value for name, value in manifest.items() if name not in ("metadata", "status")}
    return [parts, meta.get("labels"), meta.get("annotations")]


def _is_reported(policy: Manifest) -> bool:
    spec = mapping_at(policy, "spec")
    if "Mutating" in text_at(policy, "kind") or at(spec, "background") is False:
        return False
    return at(spec, "evaluation", "background", "enabled") is not False


def _judging(policy: Manifest) -> frozenset[str]:
    """Return the names of the rules of a policy that judge; of a policy in CEL none, since it is one."""
    rules = objects_at(policy, "spec", "rules")
    judging = {text_at(each, "name") for each in rules if "validate" in each or "verifyImages" in each}
    return frozenset(judging or ({"\0"} if rules else ()))


def _written(live: Manifest, rows: list[Judgement], name: str) -> Manifest:
    from nixernetes.kyverno.reports import policy_reports  # noqa: PLC0415  # see above

    (report,) = policy_reports(rows, POLICY_REPORTS)
    owner = {part: text_at(live, part) for part in ("apiVersion", "kind")}
    owner |= {"name": text_at(live, "metadata", "name"), "uid": name}
    meta: dict[str, Json] = {
        **report["metadata"],
        "name": name,
        "labels": {APP_MANAGED_BY: _MANAGER},
        "ownerReferences": [owner],
    }
    return {**report, "metadata": meta, "scope": {**report["scope"], "uid": name}}

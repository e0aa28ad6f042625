"""A repository as pages: rendered and checked, with nothing that runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from nixernetes.app.check import CheckOutcome
from nixernetes.app.rendering.manifest_text import View, shown_as
from nixernetes.app.web import declared
from nixernetes.app.web.documents import document, origin_line
from nixernetes.app.web.logs.values import LogPage, LogQuestion
from nixernetes.app.web.values import (
    ActivityPage,
    ClusterCard,
    DeliveryLine,
    DeliveryPage,
    Fact,
    FindingsPage,
    FleetPage,
    ObjectLine,
    ObjectName,
    ObjectPage,
)
from nixernetes.app.web.views.checked import CheckedReading
from nixernetes.errors import InputError, printable
from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.fields import flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE
from nixernetes.objects.manifest import Manifest
from nixernetes.render.deliveries import Delivery
from nixernetes.render.rendered import Rendered
from nixernetes.verify.findings import Finding
from nixernetes.verify.formats.json_format import finding_data
from nixernetes.verify.objects import Placed

__all__ = ["CheckedPages"]

_MOST_LINES = 20_000  # of a tree
_NOTHING_RUNS = "no cluster runs here: `nixernetes up` runs them"


@dataclass(frozen=True, kw_only=True)
class CheckedPages:
    """The pages of one check.

    Attributes:
        outcome: what was rendered and found.
        title: what was checked.
        head: at which revision, in words.
        time: when.
        problem: why there is no newer one, or ``""``.

    """

    outcome: CheckOutcome
    title: str
    head: str = ""
    time: str
    problem: str = ""

    @cached_property
    def _placed(self) -> dict[tuple[str, ObjectKey], list[tuple[str, Placed]]]:
        """What each delivery brings, and to which cluster, by the cluster that holds it and its identity."""
        found: dict[tuple[str, ObjectKey], list[tuple[str, Placed]]] = defaultdict(list)
        for cluster in self.outcome.view.clusters:
            for item in cluster.placed:
                if item.owner is not None:
                    found[cluster.hub, item.owner.key].append((cluster.name, item))
        return found

    @cached_property
    def _held(self) -> dict[tuple[str, ObjectKey], Delivery]:
        platform = self.outcome.view.platform
        return {(cluster.name, each.key): each for cluster in platform.clusters for each in cluster.deliveries}

    @cached_property
    def _about(self) -> dict[str, list[Finding]]:
        """The findings by the objects that they are about, and by the deliveries that bring these."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for each in self.outcome.report.findings:
            for name in dict.fromkeys((each.object, each.delivery)):
                if name:
                    found[name].append(each)
        return found

    def _findings(self, cluster: str, key: ObjectKey) -> list[Finding]:
        return [each for each in self._about[str(key)] if not each.clusters or cluster in each.clusters]

    @cached_property
    def _fleet(self) -> FleetPage:
        report, platform = self.outcome.report, self.outcome.view.platform
        lines = sorted((self._line(*each) for each in self._held.items()), key=lambda line: _order(line.id))
        return FleetPage(
            mode="repository",
            title=self.title,
            head=self.head,
            time=self.time,
            clusters=tuple(self._card(each.name, lines) for each in self.outcome.view.clusters),
            deliveries=tuple(lines),
            notes=tuple(str(note) for note in platform.notes),
            problem=self.problem,
            not_verified=tuple(map(str, report.unverified)),
            findings=dict(Counter(each.severity.value for each in report.findings)),
        )

    def fleet(self, since: int | None = None) -> FleetPage:
        """Return everything at once."""
        del since  # all of it is told every time
        return self._fleet

    def _card(self, name: str, lines: list[DeliveryLine]) -> ClusterCard:
        held = [line for line in lines if line.destination == name]
        placed = next(each.placed for each in self.outcome.view.clusters if each.name == name)
        return ClusterCard(
            name=name,
            engines=tuple(sorted({line.engine for line in held})),
            states=dict(sorted(Counter(line.state for line in held).items())),
            objects=len({item.key for item in placed}),
            unavailable=None,
        )

    def _line(self, place: tuple[str, ObjectKey], delivery: Delivery) -> DeliveryLine:
        cluster, key = place
        suspended = flag_at(delivery.manifest, "spec", "suspend")
        places = {place for place, _ in self._placed[cluster, key]}
        return DeliveryLine(
            id=ObjectName.of(cluster, key),
            engine="argocd" if key.group == ARGOPROJ else "flux",
            state="failed" if delivery.problem else "suspended" if suspended else "rendered",
            status="Not rendered" if delivery.problem else "Rendered",
            revision=_revision(delivery.manifest),
            message=_one_line(delivery.problem),
            why=_one_line(delivery.problem),
            destination=places.pop() if len(places) == 1 else cluster,
            project=text_at(delivery.manifest, "spec", "project") if key.group_kind == APPLICATION else "",
            source=declared.source(delivery.manifest),
            labels=declared.labels(delivery.manifest),
            objects=len(delivery.manifests),
            warnings=tuple(map(str, delivery.notes)),
            findings=len(self._findings(cluster, key)),
            origin=str(delivery.origin),
        )

    def delivery(self, wanted: ObjectName) -> DeliveryPage:
        """Return one delivery.

        Raises:
            InputError: it is not there.

        """
        delivery = self._held.get((wanted.cluster, wanted.key))
        if delivery is None:
            raise InputError(f"{wanted.cluster}: {wanted.key} is not there any more")
        line = self._line((wanted.cluster, wanted.key), delivery)
        placed = self._placed[wanted.cluster, wanted.key]
        head = ObjectLine(
            id=line.id, depth=0, role="delivery", status=line.status, message=line.message, origin=line.origin
        )
        brought = (
            ObjectLine(
                id=ObjectName.of(cluster, item.key),
                depth=1,
                role="brought",
                origin=str(item.origin),
                message=_found_words(len(self._findings(cluster, item.key))),
            )
            for cluster, item in placed[:_MOST_LINES]
        )
        return DeliveryPage(
            mode="repository",
            line=line,
            facts=(*_facts(delivery),),
            tree=(head, *brought),
            left_out=max(len(placed) - _MOST_LINES, 0),
            findings=self._data(wanted.cluster, wanted.key),
            notes=line.warnings,
        )

    def item(self, wanted: ObjectName, by: ObjectName | None) -> ObjectPage:
        """Return one object; of several deliveries that bring it, as the one that is asked for does.

        Raises:
            InputError: no delivery brings it.

        """
        found = [
            (cluster, item)
            for cluster in self.outcome.view.clusters
            if cluster.name == wanted.cluster
            for item in cluster.by_key.get(wanted.key, ())
        ]
        if not found:
            raise InputError(f"{wanted.cluster}: {wanted.key} is not there any more: nothing brings it")
        _, item = next(
            (each for each in found if by is not None and each[1].owner and each[1].owner.key == by.key), found[0]
        )
        rendered = Rendered(manifest=item.manifest, origin=item.origin, seal=item.seal)
        owners = [str(each.owner.key) if each.owner else "what starts the cluster" for _, each in found]
        return ObjectPage(
            id=wanted,
            facts=(
                *(Fact(label="Brought by", text=owner) for owner in dict.fromkeys(owners)),
                Fact(label="Version", text=text_at(item.manifest, "apiVersion")),
            ),
            desired=document(shown_as(rendered, View())),
            live_says=_NOTHING_RUNS,
            diff_says=_NOTHING_RUNS,
            origin=origin_line(item.origin),
            findings=self._data(wanted.cluster, wanted.key),
        )

    def _data(self, cluster: str, key: ObjectKey) -> tuple[dict[str, object], ...]:
        return tuple(finding_data(each) for each in self._findings(cluster, key))

    def reading(self) -> CheckedReading:
        """Return what views are made from."""
        return CheckedReading(
            view=self.outcome.view,
            time=datetime.fromisoformat(self.time),
            fleet=self.fleet,
            delivery=self.delivery,
        )

    def logs(self, question: LogQuestion) -> LogPage:
        """Return no log: nothing runs."""
        return LogPage(id=question.id, source="container", says=_NOTHING_RUNS)

    def findings(self) -> FindingsPage:
        """Return what ``check`` says."""
        report = self.outcome.report
        return FindingsPage(
            checked=True,
            findings=tuple(finding_data(each) for each in report.findings),
            not_verified=tuple(map(str, report.unverified)),
            suppressed=report.suppressed,
        )

    def activity(self) -> ActivityPage:
        """Return nothing: nothing runs, so nothing happens."""
        return ActivityPage()


def _order(name: ObjectName) -> tuple[str, str, str, str]:
    return name.cluster, name.kind, name.namespace, name.name


def _one_line(text: str) -> str:
    return printable("; ".join(filter(None, (line.strip() for line in text.splitlines()))))


def _found_words(count: int) -> str:
    return f"{count} finding{'s' if count > 1 else ''}" if count else ""


def _revision(manifest: Manifest) -> str:
    """Return what a delivery asks for: a revision of an Application, the version of a chart."""
    if group_kind(manifest) == HELM_RELEASE:
        return text_at(manifest, "spec", "chart", "spec", "version")
    return text_at(sources_of(mapping_at(manifest, "spec"))[0], "targetRevision")


def _facts(delivery: Delivery) -> Iterator[Fact]:
    spec = mapping_at(delivery.manifest, "spec")
    reference = mapping_at(spec, "sourceRef") or mapping_at(spec, "chart", "spec", "sourceRef")
    if reference:
        yield Fact(label="Source", text=f"{text_at(reference, 'kind')}/{text_at(reference, 'name')}")
    for source in [mapping_at(spec, "source")] if mapping_at(spec, "source") else objects_at(spec, "sources"):
        place = text_at(source, "path") or text_at(source, "chart")
        yield Fact(label="Source", text=" ".join(filter(None, (text_at(source, "repoURL"), place))))
    pairs = (
        ("Path", text_at(spec, "path")),
        ("Chart", text_at(spec, "chart", "spec", "chart")),
        ("Target namespace", text_at(spec, "targetNamespace") or text_at(spec, "destination", "namespace")),
        ("Destination", text_at(spec, "destination", "name") or text_at(spec, "destination", "server")),
        ("Declared", str(delivery.origin)),
        ("Created by", ", ".join(map(str, delivery.parents[:1]))),
    )
    for label, text in pairs:
        if text:
            yield Fact(label=label, text=text)
    yield from declared.waits_for(delivery.manifest)

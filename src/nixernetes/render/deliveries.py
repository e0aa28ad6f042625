"""Every delivery of a platform, rendered to a fixed point.

What starts a cluster creates Kustomizations, HelmReleases, Applications, ApplicationSets and ResourceSets; these create
more, and change those that are there by patches and substitution. A delivery is rendered again while anything that it
read has changed: its own object, its source, a ConfigMap or Secret, the clusters that an ApplicationSet generates for.
What nobody creates any more is gone. An object that two deliveries create is as the one reached last declares it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import (
    APPLICATION,
    APPLICATION_SET,
    ARTIFACT_GENERATOR,
    HELM_RELEASE,
    INPUT_PROVIDER,
    KUSTOMIZATION,
    RESOURCE_SET,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin, Step, StepKind
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.argocd.applicationsets import declared_clusters
from nixernetes.render.argocd.secrets import argocd_secrets
from nixernetes.render.declared_shapes import check_declared, form_problem
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.dependency_circles import circle_of, circle_text, never_ready
from nixernetes.render.flux.artifact_generators import declared_artifacts
from nixernetes.render.notes import PreviewNote
from nixernetes.render.outside import Surroundings
from nixernetes.render.rendered import Rendered, is_opened

__all__ = ["Delivery", "reached_deliveries", "render_deliveries"]

_KINDS = (KUSTOMIZATION, HELM_RELEASE, APPLICATION, APPLICATION_SET, RESOURCE_SET)
_CLUSTERS = ("cluster",)
_READ = ("ConfigMap", "Secret")
_MAX_ROUNDS = 30  # each round goes one level deeper; no platform nests ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery and what it gives.

    Attributes:
        key: who it is.
        manifest: the object, as what creates it declares it.
        parents: the deliveries that create it, the nearest first; none for what starts a cluster.
        manifests: what it gives, in order; each origin's chain ends with this delivery and its parents.
        problem: why it is not rendered, or ``""``.
        origin: where the object is written; for one that is generated, where what generates it is.
        notes: what could not be honoured or verified, in the order in which it was met.

    """

    key: ObjectKey
    manifest: Manifest
    parents: tuple[ObjectKey, ...]
    manifests: tuple[Rendered, ...] = ()
    problem: str = ""
    origin: Origin = field(default_factory=Origin)
    notes: tuple[PreviewNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What one build gave, and what it read: identities with the digest of what was there, ``""`` for nothing.

    ``secrets`` holds the digests of the Secrets of Argo CD that were asked for, by their types; ``lists`` those of all
    objects of a kind in a namespace; ``place`` is the repository that it delivers from, and its revision.
    """

    delivery: str
    reads: dict[ObjectKey, str]
    secrets: dict[tuple[str, ...], str]
    lists: dict[tuple[GroupKind, str], str]
    manifests: tuple[Rendered, ...]
    problem: str
    notes: tuple[PreviewNote, ...]
    place: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    manifest: Manifest
    parents: tuple[ObjectKey, ...]
    origin: Origin = field(default_factory=Origin)
    is_opened: bool = False


def render_deliveries(
    roots: Sequence[Manifest],
    builder: Builder,
    *,
    wanted: Collection[str] | None = None,
    origins: Mapping[ObjectKey, Origin] | None = None,
) -> list[Delivery]:
    """Return the deliveries that a cluster's starting objects lead to, in the order in which they are reached.

    Args:
        roots: the objects that start the cluster; other than deliveries they are read as declared.
        builder: builds one delivery.
        wanted: identities; None means all. Charts are rendered only where one of them asks for it.
        origins: where roots are declared, as far as it is known.

    """
    found = reached_deliveries(roots, builder, wanted=wanted, origins=origins)
    return [each for each in found if wanted is None or str(each.key) in wanted]


def reached_deliveries(
    roots: Sequence[Manifest],
    builder: Builder,
    *,
    wanted: Collection[str] | None = None,
    origins: Mapping[ObjectKey, Origin] | None = None,
    thorough: bool = True,
) -> list[Delivery]:
    """Return all deliveries that a cluster's starting objects lead to; of those not wanted, charts may be left out.

    Args:
        roots: as for :func:`render_deliveries`.
        builder: builds one delivery.
        wanted: identities; None means all.
        origins: where roots are declared, as far as it is known.
        thorough: whether all charts are rendered where something wanted is not reached without them.

    """
    known = origins or {}
    if wanted is not None:
        walk = _Walk(roots, builder, wanted, known)
        found = walk.run()
        is_found = set(wanted) <= {str(each.key) for each in found}
        if not walk.misses_clusters() and (is_found or not thorough):
            return found
    return _Walk(roots, builder, None, known).run()


class _Walk:
    def __init__(
        self,
        roots: Sequence[Manifest],
        builder: Builder,
        wanted: Collection[str] | None,
        origins: Mapping[ObjectKey, Origin],
    ) -> None:
        self._roots = roots
        self._builder = builder
        self._wanted = wanted
        self._origins = origins
        self._results: dict[ObjectKey, _Result] = {}
        self._objects: dict[ObjectKey, _Declared] = {}
        self._digests: dict[int, tuple[Manifest, str]] = {}
        self._stuck: frozenset[ObjectKey] | None = None

    def run(self) -> list[Delivery]:
        for _ in range(_MAX_ROUNDS):
            self._objects = self._reached()
            stale = [key for key in self._deliveries() if self._is_stale(key)]
            if not stale:
                return [self._delivery(key) for key in self._deliveries()]
            for key in stale:
                self._results[key] = self._rendered(self._objects[key])
        self._objects = self._reached()
        return [self._restless(key) if self._is_stale(key) else self._delivery(key) for key in self._deliveries()]

    def misses_clusters(self) -> bool:
        """Tell whether a release that was left out may declare clusters for something that is wanted."""
        if not any(self._is_postponed(self._objects[key].manifest) for key in self._deliveries()):
            return False
        lines = ((key, *self._objects[key].parents) for key in self._deliveries() if str(key) in (self._wanted or ()))
        asked = (self._results[key].secrets for line in lines for key in line if key in self._results)
        return any(_CLUSTERS in secrets for secrets in asked)

    def _restless(self, key: ObjectKey) -> Delivery:
        declared = self._objects[key]
        problem = f"it does not come to rest: after {_MAX_ROUNDS} rounds what it reads still changes"
        return Delivery(
            key=key, manifest=declared.manifest, parents=declared.parents, problem=problem, origin=declared.origin
        )

    def _deliveries(self) -> Iterator[ObjectKey]:
        return (key for key in self._objects if key.group_kind in _KINDS)

    def _reached(self) -> dict[ObjectKey, _Declared]:
        """Return the objects that matter, from the roots through all that is rendered so far."""
        found: dict[ObjectKey, _Declared] = {}
        followed: set[ObjectKey] = set()
        queue = [(key_of(item), self._root(item)) for item in self._roots]
        for key, declared in queue:  # grows while it is walked
            before = found.get(key)
            # What a delivery says of itself, or of what created it, does not make it its own parent.
            kept = before is not None and key in declared.parents
            found[key] = replace(declared, parents=before.parents) if before is not None and kept else declared
            for artifact in declared_artifacts(declared.manifest) if not form_problem(declared.manifest) else ():
                found.setdefault(key_of(artifact), replace(declared, manifest=artifact))
            if key in followed or key.group_kind not in _KINDS or key not in self._results:
                continue
            followed.add(key)
            if _is_elsewhere(declared.manifest):
                continue
            parents = (key, *declared.parents)
            for item in self._results[key].manifests:
                if _matters(item.manifest):
                    created = _placed(item.manifest, declared.manifest)
                    found_here = _Declared(
                        manifest=created, parents=parents, origin=item.origin, is_opened=is_opened(item)
                    )
                    queue.append((key_of(created), found_here))
        # What creates an object may be found to be created itself after the object was reached.
        return {key: replace(declared, parents=_line(found, key)) for key, declared in found.items()}

    def _root(self, item: Manifest) -> _Declared:
        return _Declared(manifest=item, parents=(), origin=self._origins.get(key_of(item), Origin()))

    def _is_stale(self, key: ObjectKey) -> bool:
        result = self._results.get(key)
        if result is None or result.delivery != self._digest(self._objects[key].manifest):
            return True
        if any(manifests.digest(self._secrets(key, types)) != digest for types, digest in result.secrets.items()):
            return True
        if any(manifests.digest(self._listed(*asked)) != digest for asked, digest in result.lists.items()):
            return True
        return any(self._state(read) != digest for read, digest in result.reads.items())

    def _rendered(self, declared: _Declared) -> _Result:
        reads: dict[ObjectKey, str] = {}
        listed: dict[tuple[str, ...], str] = {}
        lists: dict[tuple[GroupKind, str], str] = {}

        def get(key: ObjectKey) -> Manifest | None:
            reads[key] = self._state(key)
            found = self._objects.get(key)
            return None if found is None else _checked(found)

        def secrets(types: Sequence[str]) -> list[Manifest]:
            found = self._secrets(key_of(declared.manifest), types)
            listed[tuple(types)] = manifests.digest(found)
            for secret in found:
                check_declared(secret)
            return found

        def listing(kind: GroupKind, namespace: str) -> list[Manifest]:
            found = self._listed(kind, namespace)
            lists[kind, namespace] = manifests.digest(found)
            for item in found:
                check_declared(item)
            return found

        def holds_opened(key: ObjectKey) -> bool:
            return key in self._objects and self._objects[key].is_opened

        items: Sequence[Rendered] = ()
        place = ("", "")
        notes: dict[PreviewNote, None] = {}
        problem = form_problem(declared.manifest)
        given = self._builder.tools.given
        try:
            if not problem:
                objects = Surroundings(get, secrets, given, listing, noted=notes.setdefault, is_opened=holds_opened)
                items = self._built(declared, objects)
                place = self._builder.place(declared.manifest, objects)
        except NixernetesError as error:
            problem = f"{error}{_remedy(str(error), reads)}"
        return _Result(
            delivery=self._digest(declared.manifest),
            reads=reads,
            secrets=listed,
            lists=lists,
            manifests=tuple(items),
            problem=problem,
            notes=tuple(notes),
            place=place,
        )

    def _built(self, declared: _Declared, objects: Surroundings) -> Sequence[Rendered]:
        delivery = declared.manifest
        if self._is_postponed(delivery):
            return []
        if group_kind(delivery) == RESOURCE_SET:
            from nixernetes.render.flux_operator import resource_set_objects  # noqa: PLC0415  # templates take long

            return [
                Rendered(manifest=made.manifest, origin=declared.origin.through(*made.steps))
                for made in resource_set_objects(delivery, objects)
            ]
        if group_kind(delivery) != APPLICATION_SET:
            return self._builder.build(delivery, objects)
        from nixernetes.render.argocd.applicationsets import duplicates  # noqa: PLC0415  # with templates

        generated = self._builder.application_set(delivery, lambda: declared_clusters(objects.secrets(_CLUSTERS)))
        for message in duplicates(delivery, generated).values():
            raise InputError(message)
        return [Rendered(manifest=each, origin=declared.origin) for each in generated]

    def _secrets(self, delivery: ObjectKey, types: Sequence[str]) -> list[Manifest]:
        """Return the Secrets of Argo CD that a delivery sees; those of the user win over declared ones."""
        declared = {key: each.manifest for key, each in self._objects.items() if key.kind == "Secret"}
        return argocd_secrets(delivery.namespace, self._builder.tools.given.over(declared), types)

    def _listed(self, kind: GroupKind, namespace: str) -> list[Manifest]:
        keys = sorted(key for key in self._objects if key.group_kind == kind and key.namespace == namespace)
        return [self._objects[key].manifest for key in keys]

    def _is_postponed(self, delivery: Manifest) -> bool:
        """Tell whether a release is left out, because it is not asked for and hardly creates deliveries."""
        if self._wanted is None or group_kind(delivery) != HELM_RELEASE:
            return False
        return str(key_of(delivery)) not in self._wanted

    def _delivery(self, key: ObjectKey) -> Delivery:
        declared, result = self._objects[key], self._results[key]
        chain = tuple(self._step(each) for each in (key, *declared.parents))
        return Delivery(
            key=key,
            manifest=declared.manifest,
            parents=declared.parents,
            manifests=tuple(replace(item, origin=item.origin.through(*chain)) for item in result.manifests),
            problem=result.problem,
            origin=declared.origin,
            notes=(*result.notes, *self._circle(key)),
        )

    def _step(self, key: ObjectKey) -> Step:
        """Return a delivery as a step: where it is written, and what it delivers from."""
        origin = self._objects[key].origin
        return Step(StepKind.DELIVERY, str(key), origin.file, origin.line, "", *self._results[key].place)

    def _circle(self, key: ObjectKey) -> tuple[PreviewNote, ...]:
        """Return a note where what a delivery depends on depends on it: once for each circle."""
        if self._stuck is None:
            self._stuck = never_ready({at: self._objects[at].manifest for at in self._deliveries()})
        line = (
            ()
            if key not in self._stuck
            else circle_of(key, lambda at: self._objects[at].manifest if at in self._objects else None)
        )
        if not line:
            return ()
        text = f"dependsOn is a circle: {circle_text(line)}: none of them is ever ready, so remove one"
        return (PreviewNote(subject=str(line[0]), text=text),)

    def _state(self, key: ObjectKey) -> str:
        found = self._objects.get(key)
        return "" if found is None else self._digest(found.manifest)

    def _digest(self, manifest: Manifest) -> str:
        known = self._digests.get(id(manifest))
        if known is None or known[0] is not manifest:
            known = self._digests[id(manifest)] = (manifest, manifests.digest(manifest))
        return known[1]


def _checked(declared: _Declared) -> Manifest:
    check_declared(declared.manifest, str(declared.origin))
    return declared.manifest


def _remedy(problem: str, reads: Mapping[ObjectKey, str]) -> str:
    """Say how to give a ConfigMap or Secret that a problem names and nobody declares."""
    missing = [key for key, state in reads.items() if not state and key.kind in _READ and key.name in problem]
    return f": give {missing[0]} with --values FILE" if missing and "--values" not in problem else ""


def _line(found: Mapping[ObjectKey, _Declared], key: ObjectKey) -> tuple[ObjectKey, ...]:
    """Return what creates an object, what creates that, and so on; what creates itself in the end is left out."""
    line: list[ObjectKey] = []
    parents = found[key].parents
    while parents and parents[0] not in (key, *line):
        line.append(parents[0])
        parents = found[parents[0]].parents if parents[0] in found else ()
    return tuple(line)


def _matters(manifest: Manifest) -> bool:
    kind = group_kind(manifest)
    if kind in (*_KINDS, ARTIFACT_GENERATOR, INPUT_PROVIDER) or kind.group == FLUX_SOURCE:
        return True
    return not kind.group and kind.kind in _READ


def _placed(created: Manifest, creator: Manifest) -> Manifest:
    """Return an object as its creator applies it: what names no namespace goes to the destination of an Application."""
    if group_kind(creator) != APPLICATION or key_of(created).namespace:
        return created
    destination = (creator.get("spec") or {}).get("destination") or {}
    namespace, meta = destination.get("namespace"), created.get("metadata")
    if not namespace or not isinstance(meta, dict):
        return created
    return {**created, "metadata": {**meta, "namespace": namespace}}


def _is_elsewhere(delivery: Manifest) -> bool:
    """Tell whether a delivery goes to another cluster than the one that holds it."""
    spec = delivery.get("spec")
    if not isinstance(spec, dict):
        return False
    if group_kind(delivery) != APPLICATION:
        return bool(spec.get("kubeConfig"))
    destination = spec.get("destination") or {}
    if not isinstance(destination, dict):
        return False
    local = (IN_CLUSTER, "")
    return destination.get("server", "") not in local or destination.get("name", "") not in ("", "in-cluster")

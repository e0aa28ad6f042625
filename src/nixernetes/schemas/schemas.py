"""The schemas of a cluster: the built-in kinds of its Kubernetes version, and the definitions that it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from nixernetes.objects import schema as types
from nixernetes.objects.fields import flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, group_kind, key_of, split_api_version
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas import filling, names, typed, versions
from nixernetes.schemas.custom_rules import has_rules
from nixernetes.schemas.defining.definitions import definition_problems
from nixernetes.schemas.problems import Problem, ProblemKind, invalid, required
from nixernetes.schemas.rules.metadata import unqualified_finalizers
from nixernetes.schemas.structural import instance_problems, keeps_rules_unasked

__all__ = ["Removed", "Schemas"]


_PRESERVE: Final = "x-kubernetes-preserve-unknown-fields"
_REFUSED: Final = frozenset(
    (
        *(ProblemKind.REQUIRED, ProblemKind.INVALID, ProblemKind.UNSUPPORTED),
        *(ProblemKind.DUPLICATE, ProblemKind.FORBIDDEN, ProblemKind.RULE),
    )
)
_NOT_ALL_ASKED: Final = Problem(
    (),
    ProblemKind.INVALID,
    "Invalid value: null: some validation rules were not checked because the object was invalid; "
    "correct the existing errors to complete validation",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """An API version that a cluster does not serve.

    Attributes:
        since: the minor version that no longer serves it, or 0: it is not served yet.
        replacement: what serves the kind now, or ``""``.

    """

    since: int
    replacement: str = ""


@dataclass(frozen=True)
class Schemas:
    """What a cluster knows of kinds.

    Attributes:
        kube_version: its Kubernetes version, as ``1.34``; ``""`` is the newest that is known.
        definitions: the CustomResourceDefinitions that it has.

    """

    kube_version: str = ""
    definitions: Mapping[GroupKind, Manifest] = field(default_factory=dict)

    @classmethod
    def of(cls, kube_version: str, definitions: Iterable[Manifest]) -> Schemas:
        """Return the schemas of a version and of some definitions; of two for one kind the first."""
        known: dict[GroupKind, Manifest] = {}
        for crd in definitions:
            spec = mapping_at(crd, "spec")
            kind = GroupKind(text_at(spec, "group"), text_at(spec, "names", "kind"))
            known.setdefault(kind, crd)
        return cls(kube_version, known)

    @property
    def minor(self) -> int:
        """The minor version of Kubernetes."""
        return versions.minor(self.kube_version)

    @property
    def _checks(self) -> typed.Checks:
        return typed.checks(self.minor)

    def is_known(self, manifest: Manifest) -> bool:
        """Tell whether there is a schema for the kind of an object, in whatever version."""
        return (
            self.definition(manifest) is not None
            or self._type(manifest) is not None
            or self.removed(manifest) is not None
        )

    def removed(self, manifest: Manifest) -> Removed | None:
        """Return that a built-in API version is not served, or None."""
        group, version = split_api_version(text_at(manifest, "apiVersion"))
        kind = text_at(manifest, "kind")
        if self.definition(manifest) is not None:
            return None
        gone, here = versions.went_in(group, version, kind), self.minor
        if gone is not None and here >= gone:
            return Removed(since=gone, replacement=versions.replacement(group, kind, here))
        span = versions.kind_span(group, version, kind)
        if span is not None and here < span[0]:
            return Removed(since=0, replacement=versions.replacement(group, kind, here))
        return None

    def unheard(self, manifest: Manifest) -> tuple[str, ...] | None:
        """Return the API versions that have the kind of an object, where a group of Kubernetes knows no such one.

        Groups without a dot are Kubernetes' own: a definition cannot have one. None: the kind is known, or may be.
        """
        api_version, kind = text_at(manifest, "apiVersion"), text_at(manifest, "kind")
        group, version = split_api_version(api_version)
        if not kind or self.is_known(manifest) or versions.went_in(group, version, kind) is not None:
            return None  # an older cluster than the schemas are of may serve it
        if "." in group and group not in _own_groups():
            return None
        found = (f"{own}/{version}" if own else version for own, version, name in types.known_kinds() if name == kind)
        return tuple(sorted(found, key=lambda each: ("alpha" in each, "beta" in each, each)))

    def unserved(self, manifest: Manifest) -> tuple[str, ...] | None:
        """Return the versions that serve a custom kind, where that of an object is not among them; else None."""
        crd = self.definition(manifest)
        if crd is None:
            return None
        version = split_api_version(text_at(manifest, "apiVersion"))[1]
        served = [text_at(each, "name") for each in objects_at(crd, "spec", "versions") if flag_at(each, "served")]
        return None if version in served else tuple(served)

    def problems(self, manifest: Manifest) -> Iterator[Problem]:
        """Yield what an API server would find wrong in an object; nothing of a kind that is not known."""
        yield from _identity(manifest)
        crd, root = self.definition(manifest), self._type(manifest)
        yield from self._checks.problems(types.metadata_alone(), {"metadata": manifest.get("metadata")})
        if crd is not None:
            yield from _custom(crd, manifest)
        elif root is not None:
            yield from self._checks.problems(root, manifest)
            yield from unqualified_finalizers(manifest)
        if group_kind(manifest) == CUSTOM_RESOURCE_DEFINITION:
            yield from definition_problems(manifest)

    def refusals(self, manifest: Manifest, old: Manifest | None = None) -> list[Problem]:
        """Return what an API server has against an object that it is about to store, in its order.

        Args:
            manifest: the object, merged, with its defaults, decoded.
            old: what it is to replace: of a custom object what did not change is not looked at.

        """
        found = [*_identity(manifest)]
        schema, root = self._structural(manifest), self._type(manifest)
        if schema is None:
            found += self._checks.problems(root or types.metadata_alone(), manifest)
            found += unqualified_finalizers(manifest) if root is not None else ()
            if group_kind(manifest) == CUSTOM_RESOURCE_DEFINITION:
                found += definition_problems(manifest)
            return [each for each in found if each.kind in _REFUSED]
        found += self._checks.problems(types.metadata_alone(), {"metadata": manifest.get("metadata")})
        own = [each for each in instance_problems(schema, manifest, old) if each.kind in (*_REFUSED, ProblemKind.TYPE)]
        if any(map(keeps_rules_unasked, own)) and has_rules(schema):
            own.append(_NOT_ALL_ASKED)
        return [each for each in found if each.kind in _REFUSED] + own

    def decoded(self, manifest: Manifest) -> Manifest:
        """Return a custom object as a server decodes it: without nulls that may not be and that no default replaces."""
        schema = self._structural(manifest)
        return manifest if schema is None else filling.without_nulls(schema, manifest)

    def pruned(self, manifest: Manifest) -> Manifest:
        """Return a custom object without the fields that its schema has not."""
        schema = self._structural(manifest)
        return manifest if schema is None else filling.pruned(schema, manifest)

    def filled(self, manifest: Manifest) -> Manifest:
        """Return a custom object as a server completes what was merged: without unknown fields, with its defaults."""
        schema = self._structural(manifest)
        return manifest if schema is None else filling.defaulted(schema, filling.pruned(schema, manifest))

    def as_kept(self, manifest: Manifest) -> Manifest:
        """Return a custom object without what the version that its kind is kept in does not have."""
        crd = self.definition(manifest)
        served = objects_at(crd, "spec", "versions") if crd is not None else []
        if crd is None or len(served) <= 1:  # written as it is kept
            return manifest
        kept = next((text_at(each, "name") for each in served if flag_at(each, "storage")), "")
        version = f"{text_at(crd, 'spec', 'group')}/{kept}"
        if not kept or version == manifest["apiVersion"]:
            return manifest
        return {**self.pruned({**manifest, "apiVersion": version}), "apiVersion": manifest["apiVersion"]}

    def _structural(self, manifest: Manifest) -> Json:
        """Return the schema of a custom kind in the version of an object, or None."""
        crd = self.definition(manifest)
        version = split_api_version(text_at(manifest, "apiVersion"))[1]
        for each in objects_at(crd, "spec", "versions") if crd is not None else ():
            if text_at(each, "name") == version:
                found = mapping_at(each, "schema", "openAPIV3Schema")
                return {**found, _PRESERVE: True} if flag_at(crd, "spec", "preserveUnknownFields") else found
        return None

    def definition(self, manifest: Manifest) -> Manifest | None:
        """Return the definition of an object's kind, or None; catalogues of schemas write kinds in small letters."""
        if not self.definitions:
            return None
        kind = group_kind(manifest)
        return self.definitions.get(kind) or self.definitions.get(GroupKind(kind.group, kind.kind.lower()))

    def _type(self, manifest: Manifest) -> types.Field | None:
        return types.of(text_at(manifest, "apiVersion"), text_at(manifest, "kind"))


@cache
def _own_groups() -> frozenset[str]:
    return frozenset(group for group, _, _ in types.known_kinds())


def _identity(manifest: Manifest) -> Iterator[Problem]:
    key = key_of(manifest)
    prefix = text_at(manifest, "metadata", "generateName")
    if prefix:
        # What comes after a dash does not end in one (``maskTrailingDash``).
        whole = f"{prefix[:-2]}a" if len(prefix) > 1 and prefix.endswith("-") else prefix
        wrong = names.name_problem(key._replace(name=whole))
        if wrong:
            yield invalid(("metadata", "generateName"), prefix, wrong)
    if not key.name:
        if not text_at(manifest, "metadata", "generateName"):
            yield required(("metadata", "name"), "name or generateName is required")
        return
    wrong = names.name_problem(key)
    if wrong:
        yield invalid(("metadata", "name"), key.name, wrong)


def _custom(crd: Manifest, manifest: Manifest) -> Iterator[Problem]:
    version = split_api_version(text_at(manifest, "apiVersion"))[1]
    is_open = flag_at(crd, "spec", "preserveUnknownFields")
    for each in objects_at(crd, "spec", "versions"):
        if text_at(each, "name") == version:
            schema: Json = mapping_at(each, "schema", "openAPIV3Schema")
            found = instance_problems(schema, manifest)
            yield from (each for each in found if not (is_open and each.kind is ProblemKind.UNKNOWN))

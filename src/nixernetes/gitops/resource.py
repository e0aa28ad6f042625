"""The base of all kinds that are written with us: metadata and spec fields flat, keyword-only.

``GitRepository(name="apps", url="https://...", interval="1m").manifest()`` is the Kubernetes dict;
``GitRepository.from_manifest(dict)`` is the object back, nothing lost. Kinds whose payload stands elsewhere than under
``spec`` override :meth:`Resource.body` and :meth:`Resource.fields_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set as AbstractSet
from typing import Any, ClassVar, Self

from pydantic import PrivateAttr

from nixernetes.errors import InputError
from nixernetes.gitops.declared import caller_place
from nixernetes.gitops.presets import Preset
from nixernetes.gitops.reference import Reference, Resolver
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Annotations, JsonMap, JsonValue, Labels, Many, Name, Namespace, Text
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.masking import mask_change

__all__ = ["Resource"]

_FLAT = ("name", "namespace", "labels", "annotations", "finalizers")
_METADATA = (
    *("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generateName", "generation"),
    *("managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid"),
)


class Resource(Spec):
    """A Kubernetes object."""

    API_VERSION: ClassVar[str] = ""
    KIND: ClassVar[str] = ""
    PLURAL: ClassVar[str] = ""
    PARTS: ClassVar[tuple[str, ...]] = ("spec",)  # the top-level keys that hold its payload

    name: Name
    """Its name, a DNS-1123 subdomain."""
    namespace: Namespace | None = None
    """Its namespace; none is written when left out."""
    labels: Labels | None = None
    """Its labels."""
    annotations: Annotations | None = None
    """Its annotations."""
    finalizers: Many[Text] | None = None
    """Its finalizers: who must agree before it is gone."""
    other_metadata: JsonMap | None = None
    """What else `metadata` holds, as Kubernetes spells it: `ownerReferences`, `uid`."""
    status: JsonValue | None = None
    """What a controller has written, as it is."""
    _spec_written: bool = PrivateAttr(default=True)

    def __init__(self, *, preset: Preset | None = None, **fields: Any) -> None:
        if preset is not None:
            fields = {**self._preset(preset, fields), **fields}
        self._build(fields, {}, caller_place())

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @property
    def key(self) -> ObjectKey:
        """The identity; its namespace is ``""`` when none is written."""
        group, _ = split_api_version(self.API_VERSION)
        return ObjectKey(group, self.KIND, self.namespace or "", self.name)

    def manifest(self) -> Manifest:
        """Return the Kubernetes object: apiVersion, kind, metadata, then the payload, then status if there is one."""
        given = self.model_fields_set
        flat = super().data()
        metadata = {name: flat[name] for name in _FLAT if name in given} | (flat.get("otherMetadata") or {})
        status = {"status": flat["status"]} if "status" in given else {}
        payload = {key: value for key, value in flat.items() if key not in (*_FLAT, "otherMetadata", "status")}
        return {
            "apiVersion": self.API_VERSION,
            "kind": self.KIND,
            "metadata": metadata,
            **self.body(payload),
            **status,
        }

    def data(self) -> Manifest:
        """Return the Kubernetes object, like :meth:`manifest`."""
        return self.manifest()

    def body(self, payload: Manifest) -> Manifest:
        """Return the top-level keys for the payload fields, which are already in Kubernetes' spelling."""
        return {"spec": payload} if payload or self._spec_written else {}

    @classmethod
    def fields_of(cls, body: Manifest) -> Manifest:
        """Return the payload fields of the top-level keys besides apiVersion, kind, metadata and status.

        Raises:
            ValueError: a key does not belong to this kind.

        """
        unknown = sorted(body.keys() - {"spec"})
        if unknown:
            raise ValueError(f"{cls.KIND} has no field {unknown[0]}: it has apiVersion, kind, metadata and spec")
        spec = body.get("spec") or {}
        if not isinstance(spec, dict):
            raise ValueError("spec must be a mapping")  # noqa: TRY004  # one kind of refusal for what a manifest holds
        return spec

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Json], *, place: str = "") -> Self:
        """Return the object that a manifest describes; ``from_manifest(m).manifest() == m`` for every valid ``m``.

        Args:
            manifest: the Kubernetes object.
            place: ``file:line`` of the manifest, for messages.

        Raises:
            InputError: another apiVersion or kind, an unknown field, or a value that breaks a rule.

        """
        where = place or caller_place()
        if not isinstance(manifest, Mapping):
            raise InputError(f"a manifest is a mapping, and this is a {type(manifest).__name__}", place=where)
        try:
            fields = cls._fields_of_manifest(manifest)
        except ValueError as error:
            metadata = manifest.get("metadata")
            subject = cls._subject(metadata if isinstance(metadata, dict) else {}, written=True)
            raise InputError(str(error), subject=subject, place=where) from None
        made = cls._read(fields, where)
        made._spec_written = "spec" in manifest  # noqa: SLF001  # its own class
        return made

    @classmethod
    def lenient(cls, manifest: Mapping[str, Json], *, place: str = "") -> Self:
        """Return the object that a manifest describes, as far as this kind knows its fields.

        Unknown fields and nulls are passed over, and another version of the API is read as this one: the object is
        for reading, and :meth:`manifest` of it may say less than the manifest does.

        Args:
            manifest: the Kubernetes object.
            place: ``file:line`` of the manifest, for messages.

        Raises:
            InputError: a required field is missing, or a known one has a value that breaks a rule.

        """
        metadata = manifest.get("metadata")
        known = metadata if isinstance(metadata, dict) else {}
        if not isinstance(manifest.get("spec") or {}, dict):
            raise InputError("spec must be a mapping", subject=cls._subject(known, written=True), place=place)
        fields = cls.fields_of({key: manifest[key] for key in cls.PARTS if manifest.get(key) is not None})
        made = cls.__new__(cls)
        flat = {key: value for key, value in known.items() if key in _FLAT}
        made._build({**fields, **flat}, {"manifest": True, "lenient": True}, place)  # noqa: SLF001  # its own class
        return made

    @classmethod
    def _fields_of_manifest(cls, manifest: Mapping[str, Json]) -> Manifest:
        found = f"{manifest.get('apiVersion')} {manifest.get('kind')}"
        if found != f"{cls.API_VERSION} {cls.KIND}":
            raise ValueError(f"this is {found}, and {cls.__name__} reads {cls.API_VERSION} {cls.KIND}")
        metadata = manifest.get("metadata")
        if not isinstance(metadata, dict):
            raise ValueError("metadata is missing: give it with a name")  # noqa: TRY004  # becomes an InputError
        unknown = sorted(metadata.keys() - {*_FLAT, *_METADATA})
        if unknown:
            raise ValueError(f"metadata has no field {unknown[0]}: it has {', '.join(sorted({*_FLAT, *_METADATA}))}")
        body = {k: v for k, v in manifest.items() if k not in ("apiVersion", "kind", "metadata", "status")}
        fields = cls.fields_of(body)
        taken = sorted(fields.keys() & {*_FLAT, "otherMetadata", "other_metadata", "status"})
        if taken:
            raise ValueError(f"spec has no field {taken[0]}")
        rest = {key: value for key, value in metadata.items() if key not in _FLAT}
        return {
            **fields,
            **{key: value for key, value in metadata.items() if key in _FLAT},
            **({"otherMetadata": rest} if rest else {}),
            **({"status": manifest["status"]} if "status" in manifest else {}),
        }

    def with_fields(self, **fields: Any) -> Self:
        """Return a copy with these fields set, checked like a new declaration at this line.

        Raises:
            InputError: a field is unknown or breaks a rule.

        """
        return self._with(fields, caller_place())

    def __or__(self, other: Preset | Mapping[str, Any]) -> Self:
        if not isinstance(other, Mapping):
            return NotImplemented
        fields = self._preset(other, {}, self) if isinstance(other, Preset) else dict(other)
        return self._with(fields, caller_place())

    def _with(self, fields: Mapping[str, Any], place: str) -> Self:
        aliases = {field.alias: name for name, field in type(self).model_fields.items()}
        renamed = {aliases.get(name, name): value for name, value in fields.items()}
        replaced = {self.SHORT[name] for name in renamed if name in self.SHORT}
        given = {name: self.__dict__[name] for name in self.model_fields_set - replaced} | renamed
        made = type(self).__new__(type(self))
        made._build(given, {}, place)  # noqa: SLF001  # its own class
        made._keep(self, renamed.keys() | replaced)  # noqa: SLF001
        return made

    def _keep(self, old: Self, changed: AbstractSet[str]) -> None:
        """Undo what building anew adds or drops: defaults that were not given, nulls that were; the place stays."""
        for name in type(self).model_fields.keys() - changed:
            if name in old.model_fields_set:
                self.__pydantic_fields_set__.add(name)
            elif name in {guided for guided, _ in self._guided()}:
                self.__pydantic_fields_set__.discard(name)
                self.__dict__[name] = None
        self._spec_written = old._spec_written
        self._declared_at = old._declared_at or self._declared_at

    @classmethod
    def _preset(cls, preset: Preset, fields: Mapping[str, Any], current: Self | None = None) -> dict[str, Any]:
        try:
            return cls.preset_fields(preset, current)
        except ValueError as error:
            subject = str(current.key) if current is not None else cls._subject(fields, written=False)
            raise InputError(str(error), subject=subject, place=caller_place()) from None

    @classmethod
    def preset_fields(cls, preset: Preset, current: Self | None = None) -> dict[str, Any]:
        """Return the fields that a preset means for this kind.

        Args:
            preset: what the user asks for, in words that both engines share.
            current: the object that it is applied to, None for keywords of the constructor.

        Raises:
            ValueError: this kind cannot do what the preset promises.

        """
        del current
        raise ValueError(f"presets.{preset.name} has no meaning for a {cls.KIND}: it neither syncs nor polls")

    def references(self) -> list[Reference]:
        """Return what this object points at, in field order."""
        return [
            nested.reference(path, self.group_kind())
            for path, nested in self.nested("spec")
            if isinstance(nested, ObjectReference) and nested.is_one()
        ]

    def resolve(self, resolver: Resolver) -> Self:
        """Return a copy in which each reference without namespace has the one that the resolver gives, if any."""
        found = {id(nested): (path, nested) for path, nested in self.nested("spec")}

        def change(part: Spec) -> Spec:
            if not isinstance(part, ObjectReference) or id(part) not in found or not part.is_one():
                return part
            reference = part.reference(found[id(part)][0], self.group_kind())
            if reference.namespace or reference.local:
                return part
            namespace = resolver(reference)
            return part.model_copy(update={"namespace": namespace}) if namespace else part

        return self.replaced(change)

    @classmethod
    def group_kind(cls) -> GroupKind:
        """Return the API group and kind."""
        return GroupKind(split_api_version(cls.API_VERSION)[0], cls.KIND)

    @classmethod
    def _context(cls, fields: Mapping[str, Any]) -> dict[str, Any]:
        default: Json = cls.model_fields["namespace"].default
        return {"owner": cls, "namespace": fields.get("namespace") or default}

    @classmethod
    def _subject(cls, fields: Mapping[str, Any], *, written: bool) -> str:
        default: Json = None if written else cls.model_fields["namespace"].default
        namespace, name = fields.get("namespace") or default or "", fields.get("name") or ""
        if not (isinstance(name, str) and isinstance(namespace, str) and name):
            return cls.KIND
        return str(ObjectKey("", cls.KIND, namespace, name))

    def __str__(self) -> str:
        """Return the manifest as YAML, with the values of a Secret hidden."""
        from nixernetes.objects import yamls  # noqa: PLC0415  # declaring is not writing: most programs need no YAML

        manifest = self.manifest()
        return yamls.dump(mask_change(manifest, manifest)[0]).rstrip()

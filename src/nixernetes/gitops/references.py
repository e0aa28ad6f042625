"""Nested values that point at another object: given as the object itself, as a dict, or (where unambiguous) by name."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import ValidationInfo, model_validator

from nixernetes.gitops.reference import Reference
from nixernetes.gitops.spec import Spec
from nixernetes.objects.identity import GroupKind, split_api_version

__all__ = ["ObjectReference"]


class ObjectReference(Spec):
    """The base of all references.

    Subclasses have a ``name`` and, where the API has them, ``kind``, ``namespace`` and ``api_version``. They may take a
    bare name (``BY_NAME``) when the kind is known. A resource object given in place of a reference is written as its
    kind and name, and its namespace where it is another one than the referring object's.
    """

    KINDS: ClassVar[tuple[GroupKind, ...]] = ()  # what may be meant; empty: a kind like the referring object's own
    BY_NAME: ClassVar[bool] = False
    REQUIRED: ClassVar[bool] = True

    @model_validator(mode="before")
    @classmethod
    def _from_object(cls, data: Any, info: ValidationInfo) -> Any:
        if (info.context or {}).get("manifest"):
            return data
        if isinstance(data, str) and cls.BY_NAME:
            return {"name": data}
        if isinstance(data, Spec) and not isinstance(data, cls) and hasattr(data, "group_kind"):
            return cls._written(data, info.context or {})
        return data

    @classmethod
    def _written(cls, target: Any, context: dict[str, Any]) -> dict[str, Any]:
        kinds = cls.allowed(context)
        if kinds and target.group_kind() not in kinds:
            names = " or ".join(kind.kind for kind in kinds)
            raise ValueError(f"points at a {target.KIND}, and may only point at a {names}")
        fields = {"name": target.name}
        if "kind" in cls.model_fields:
            fields["kind"] = target.KIND
        if "api_version" in cls.model_fields and not cls.KINDS:
            fields["api_version"] = target.API_VERSION
        if target.namespace and target.namespace != context.get("namespace"):
            if "namespace" in cls.model_fields:
                fields["namespace"] = target.namespace
            elif "owner" in context:
                own = context["namespace"] or "none"
                raise ValueError(
                    f"points at {target.key}, and may only point into its own namespace ({own}): move one of them"
                )
        return fields

    @classmethod
    def allowed(cls, context: dict[str, Any]) -> tuple[GroupKind, ...]:
        """Return what may be meant, in the object that the context describes; empty when anything may."""
        owner = context.get("owner")
        return cls.KINDS or ((owner.group_kind(),) if owner is not None else ())

    def reference(self, field: str, owner: GroupKind) -> Reference:
        """Return what this points at.

        Args:
            field: where this stands in the manifest.
            owner: the group and kind of the object that it stands in.

        """
        target = self.target(owner)
        return Reference(
            group=target.group,
            kind=target.kind,
            name=str(self.__dict__["name"]),
            namespace=self.__dict__.get("namespace"),
            field=field,
            required=self.is_required(),
            local="namespace" not in type(self).model_fields,
        )

    def target(self, owner: GroupKind) -> GroupKind:
        """Return the group and kind that is meant."""
        kind = self.__dict__.get("kind")
        if kind is None:
            return self.KINDS[0] if self.KINDS else owner
        api_version = self.__dict__.get("api_version")
        if api_version:
            return GroupKind(split_api_version(api_version)[0], kind)
        known = [found for found in self.KINDS if found.kind == kind]
        return known[0] if known else GroupKind("", kind)

    def is_one(self) -> bool:
        """Tell whether this points at one object, and not at all that match something."""
        return True

    def is_required(self) -> bool:
        """Tell whether the target must be declared for the whole to be right."""
        return self.REQUIRED

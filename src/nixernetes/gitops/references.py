"""Nested values that point at another object: given as the object itself, as a dict, or (where unambiguous) by name."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import ValidationInfo, model_validator

from nixernetes.gitops.reference import Reference
from nixernetes.gitops.spec import Spec
from nixernetes.objects.identity import GroupKind

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
        if isinstance(data, str) and cls.BY_NAME:
            return {"name": data}
        if isinstance(data, Spec) and not isinstance(data, cls) and hasattr(data, "group_kind"):
            return cls._written(data, info.context or {})
        return data

    @classmethod
    def _written(cls, target: Any, context: dict[str, Any]) -> dict[str, Any]:
        owner = context.get("owner")
        kinds = cls.KINDS or ((owner.group_kind(),) if owner is not None else ())
        if kinds and target.group_kind() not in kinds:
            names = " or ".join(kind.kind for kind in kinds)
            raise ValueError(f"points at a {target.KIND}, and may only point at a {names}")
        fields = {"name": target.name}
        if "kind" in cls.model_fields:
            fields["kind"] = target.KIND
        if target.namespace and target.namespace != context.get("namespace"):
            if "namespace" not in cls.model_fields:
                own = context.get("namespace") or "none"
                raise ValueError(
                    f"points at {target.key}, and may only point into its own namespace ({own}): move one of them"
                )
            fields["namespace"] = target.namespace
        return fields

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
        known = [found for found in self.KINDS if found.kind == kind]
        return known[0] if known else GroupKind("", kind)

    def is_required(self) -> bool:
        """Tell whether the target must be declared for the whole to be right."""
        return self.REQUIRED

"""The labels and annotations of compliance: what they are called, and what a platform's objects bear.

Labels say what an object is held to; annotations say who made it. Both are written by the build into what every
delivery brings; annotations stay out of pod templates, so that a new build restarts nothing.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from pydantic import field_validator

from nixernetes.compliance.controls import label_of
from nixernetes.compliance.levels import Classification, ComplianceLevel
from nixernetes.errors import InputError
from nixernetes.gitops.marking.label_values import label_value_problem
from nixernetes.gitops.marking.marks import Marking, Marks
from nixernetes.objects.manifest import Manifest, annotations_of

__all__ = [
    "AUDIT_ID",
    "AUDIT_REQUIRED",
    "BUILD_ID",
    "COMMIT",
    "DATA_CLASSIFICATION",
    "FORMER_BUILD_ID",
    "FRAMEWORK",
    "LEVEL",
    "MANAGED_BY",
    "NAMES",
    "OWNER",
    "ComplianceLabels",
    "build_of",
    "labels",
]

_PREFIX: Final = "nixernetes.io/"
FRAMEWORK: Final = f"{_PREFIX}framework"
LEVEL: Final = f"{_PREFIX}compliance-level"
OWNER: Final = f"{_PREFIX}owner"
DATA_CLASSIFICATION: Final = f"{_PREFIX}data-classification"
AUDIT_REQUIRED: Final = f"{_PREFIX}audit-required"
NAMES: Final = (FRAMEWORK, LEVEL, OWNER, DATA_CLASSIFICATION, AUDIT_REQUIRED)

MANAGED_BY: Final = f"{_PREFIX}managed-by"
AUDIT_ID: Final = f"{_PREFIX}audit-id"
BUILD_ID: Final = f"{_PREFIX}build-id"
FORMER_BUILD_ID: Final = f"{_PREFIX}nix-build-id"
"""How the annotation with the build was spelled before; it is read, and not written any more."""
COMMIT: Final = f"{_PREFIX}commit"

_IDENTITIES: Final = uuid.UUID("5b0f3f52-5d0e-5c1b-9c07-6d5e3f4ad1c4")  # the namespace of audit identities


class ComplianceLabels(Marking):
    """What objects are held to, and who made them."""

    framework: str = ""
    """The framework, by any of its names: `SOC2`, `PCI-DSS`, `HIPAA`, `NSA-CISA`, `CIS`, `PSS`."""
    level: ComplianceLevel = ComplianceLevel.MEDIUM
    """How much is demanded: `unrestricted`, `low`, `medium`, `high` (or `strict`), `restricted`."""
    owner: str = ""
    """Who answers for the objects. Default: the owner of the platform."""
    data_classification: Classification = Classification.INTERNAL
    """Who may see their data: `public`, `internal`, `confidential`, `restricted`."""
    audit_required: bool = False
    """Whether they bear that an audit is required."""
    audit_id: str = ""
    """What an audit finds them by. Default: an identity made of the platform's name and what it is held to."""
    build_id: str = ""
    """The build that made them, for example the number of a run of CI."""
    commit: str = ""
    """The commit that they were declared in."""

    @field_validator("framework", mode="before")
    @classmethod
    def _framework(cls, value: Any) -> Any:
        return _legal("framework", label_of(value)) if isinstance(value, str) and value else value

    @field_validator("level", mode="before")
    @classmethod
    def _level(cls, value: Any) -> Any:
        return _checked(ComplianceLevel.named, value)

    @field_validator("data_classification", mode="before")
    @classmethod
    def _classification(cls, value: Any) -> Any:
        return _checked(Classification.named, value)

    @field_validator("owner")
    @classmethod
    def _owner(cls, value: str) -> str:
        return _legal("owner", value)

    def labels(self, owner: str = "") -> dict[str, str]:
        """Return the labels of an object.

        Args:
            owner: who answers for it where this does not say it.

        Raises:
            InputError: nobody says who answers for it, or the owner cannot be the value of a label.

        """
        answers = self.owner or owner
        if not answers:
            remedy = 'give the platform an owner, Platform(owner="team-a"), or the labels one'
            raise InputError(f"compliance labels name who answers for an object: {remedy}", place=self.declared_at)
        problem = label_value_problem(answers)
        if problem:
            raise InputError(f"owner {problem}", place=self.declared_at)
        found = {FRAMEWORK: self.framework} if self.framework else {}
        found |= {LEVEL: str(self.level), OWNER: answers, DATA_CLASSIFICATION: str(self.data_classification)}
        return {**found, AUDIT_REQUIRED: "true"} if self.audit_required else found

    def annotations(self, platform: str = "", owner: str = "") -> dict[str, str]:
        """Return the annotations of an object: who made it, and what an audit finds it by."""
        said = "/".join((platform, *self.labels(owner).values()))
        found = {AUDIT_ID: self.audit_id or str(uuid.uuid5(_IDENTITIES, said)), MANAGED_BY: "nixernetes"}
        found |= {BUILD_ID: self.build_id} if self.build_id else {}
        return found | ({COMMIT: self.commit} if self.commit else {})

    def marks(self, platform: str, owner: str) -> Marks:
        """Return what the objects of a platform bear."""
        return Marks(labels=self.labels(owner), annotations=self.annotations(platform, owner))


def build_of(manifest: Manifest) -> str:
    """Return the build that made an object, as its annotation says; ``""`` where it has none."""
    notes = annotations_of(manifest)
    return notes.get(BUILD_ID) or notes.get(FORMER_BUILD_ID, "")


def labels(framework: str = "", level: str = "medium", **more: Any) -> ComplianceLabels:
    """Return the compliance labels for a platform.

    Args:
        framework: the framework, by any of its names.
        level: how much is demanded; ``strict`` is ``high``.
        more: the other fields of :class:`ComplianceLabels`: ``owner``, ``data_classification``, ``audit_required``,
            ``audit_id``, ``build_id``, ``commit``.

    Raises:
        InputError: there is no such framework, level or class, or a value cannot be that of a label.

    """
    return ComplianceLabels(framework=framework, level=level, **more)


def _checked(read: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return read(value)
    except InputError as error:
        raise ValueError(error.message) from None


def _legal(what: str, value: str) -> str:
    problem = label_value_problem(value)
    if problem:
        raise ValueError(f"{what} {problem}")
    return value

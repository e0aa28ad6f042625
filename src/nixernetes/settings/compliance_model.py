"""What may stand under ``compliance``: what is promised, and what controls are assessed with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nixernetes.settings.forms import Day, SettingsModel

__all__ = ["ComplianceSettings", "ComplianceWaiverSettings"]


class ComplianceWaiverSettings(SettingsModel):
    """A failure of a control that somebody answers for."""

    control: Annotated[str, Field(min_length=1)]
    """The control, as `5.2.6`, or the check, as `psa.host-path`."""
    object: str = "*"
    """Only objects of this name, as `Kind/namespace/name`; `*` stands for anything."""
    cluster: str = ""
    """Only on this cluster."""
    owner: Annotated[str, Field(min_length=1)]
    """Who answers for it."""
    reason: Annotated[str, Field(min_length=1)]
    """Why it is accepted."""
    until: Day | None = None
    """The last day on which it holds."""


class ComplianceSettings(SettingsModel):
    """What is promised, and what controls are assessed with."""

    framework: str = ""
    """The framework that reports are about: `SOC2`, `PCI-DSS`, `HIPAA`, `NSA-CISA`, `CIS`, `PSS`, or that of `mapping`.
    """
    level: str = ""
    """The level that everything is held to: `low`, `medium`, `high`, `restricted`. Default: what the labels say."""
    without: list[str] = Field(default_factory=list)
    """Checks of the level that are not promised, as `storage.encrypted`."""
    mapping: str = ""
    """A file with the controls of a framework of yours and the checks that serve them, relative to this one."""
    waivers: list[ComplianceWaiverSettings] = Field(default_factory=list)
    """Failures that somebody answers for."""
    registries: list[str] = Field(default_factory=list)
    """The registries that images may come from, as `ghcr.io/myorg`."""
    admins: list[str] = Field(default_factory=list)
    """Who may be bound to cluster-admin, as `Group/platform-admins`; `*` stands for anything."""
    roles: list[str] = Field(default_factory=list)
    """Roles that may read Secrets, create pods and the like, as `ClusterRole/external-secrets`."""
    policies: list[str] = Field(default_factory=list)
    """Policies that must be placed and enforced. Default: all that are placed must be enforced."""
    encrypted_storage_classes: list[str] = Field(default_factory=list)
    """StorageClasses that are known to encrypt."""
    credential_keys: list[str] = Field(default_factory=list)
    """Regular expressions of keys that hold credentials, besides those that are known by name."""

"""The kinds of Argo CD, and the names that its control plane gives things."""

from __future__ import annotations

from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.identity import GroupKind

__all__ = ["APPLICATION", "APPLICATION_SET", "APP_PROJECT", "KINDS"]

APPLICATION = GroupKind(ARGOPROJ, "Application")
APPLICATION_SET = GroupKind(ARGOPROJ, "ApplicationSet")
APP_PROJECT = GroupKind(ARGOPROJ, "AppProject")
KINDS = (APPLICATION, APPLICATION_SET, APP_PROJECT)

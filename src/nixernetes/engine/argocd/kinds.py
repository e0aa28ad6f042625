"""The kinds of Argo CD, and the names that its control plane gives things."""

from __future__ import annotations

from nixernetes.objects.identity import GroupKind

__all__ = ["APPLICATION", "APPLICATION_SET", "APP_PROJECT", "IN_CLUSTER", "KINDS", "NAMESPACE"]

APPLICATION = GroupKind("argoproj.io", "Application")
APPLICATION_SET = GroupKind("argoproj.io", "ApplicationSet")
APP_PROJECT = GroupKind("argoproj.io", "AppProject")
KINDS = (APPLICATION, APPLICATION_SET, APP_PROJECT)

NAMESPACE = "argocd"  # the control-plane namespace
IN_CLUSTER = "https://kubernetes.default.svc"

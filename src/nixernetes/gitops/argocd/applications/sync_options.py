"""The options of a sync, each with the values that Argo CD understands (section 9).

Argo CD ignores an option that it does not know, so a misspelt one does nothing; here it is refused.
"""

from __future__ import annotations

import difflib
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, StrictStr, ValidationInfo

from nixernetes.gitops.spec import is_lenient

__all__ = ["APPLICATION_OPTIONS", "SyncOption", "check_sync_option"]

APPLICATION_OPTIONS: dict[str, tuple[str, ...]] = {
    "ApplyOutOfSyncOnly": ("true", "false"),
    "ClientSideApplyMigration": ("true", "false"),
    "CreateNamespace": ("true", "false"),
    "Delete": ("true", "false", "confirm"),
    "FailOnSharedResource": ("true", "false"),
    "Prune": ("true", "false", "confirm"),
    "PruneLast": ("true", "false"),
    "PrunePropagationPolicy": ("foreground", "background", "orphan"),
    "Replace": ("true", "false"),
    "RespectIgnoreDifferences": ("true", "false"),
    "ServerSideApply": ("true", "false"),
    "SkipDryRunOnMissingResource": ("true", "false"),
    "Validate": ("true", "false"),
}


def check_sync_option(option: str) -> str:
    """Return the option as it is.

    Raises:
        ValueError: Argo CD does not know it for an Application; the message names the nearest right one.

    """
    if "{{" in option:  # a template's placeholder: known only when it is rendered
        return option
    name, equals, value = option.partition("=")
    if name == "Force":
        raise ValueError("Force is an annotation of single objects (argocd.argoproj.io/sync-options), not of an app")
    values = APPLICATION_OPTIONS.get(name)
    if values is None:
        lower = {known.lower(): known for known in APPLICATION_OPTIONS}
        near = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
        right = lower[near[0]] if near else ""
        wanted = value if right and value in APPLICATION_OPTIONS[right] else APPLICATION_OPTIONS.get(right, ("",))[0]
        advice = f"did you mean {right}={wanted}?" if right else f"there are {', '.join(sorted(APPLICATION_OPTIONS))}"
        raise ValueError(f"Argo CD has no such sync option: {advice}")
    if not equals or value not in values:
        close = difflib.get_close_matches(value.lower(), values, n=1)
        raise ValueError(f"{name} takes {', '.join(values)}: write {name}={close[0] if close else values[0]}")
    return option


def _checked(option: str, info: ValidationInfo) -> str:
    return option if is_lenient(info) else check_sync_option(option)


SyncOption: TypeAlias = Annotated[StrictStr, AfterValidator(_checked)]

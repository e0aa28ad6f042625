"""What users import: the vocabulary of Flux and Argo CD, and the logic of that domain.

``from nixernetes import gitops`` costs nothing: each name is loaded when it is first used, from the module that
``_MODULES`` names. The block for type checkers repeats the table in the form that editors understand.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nixernetes.gitops import presets
    from nixernetes.gitops.deployments import ClusterPath, MultiClusterDeployment, SingleClusterDeployment
    from nixernetes.gitops.platform import Cluster, Platform
    from nixernetes.gitops.reference import Reference
    from nixernetes.gitops.repository import GitOpsRepository
    from nixernetes.gitops.resource import Resource
    from nixernetes.gitops.spec import Spec
    from nixernetes.gitops.workloads import App, AppOverrides, HelmChartRef

# Where each public name lives; a name that is a module of its own stands for that module.
_MODULES: dict[str, str] = {
    "App": "workloads",
    "AppOverrides": "workloads",
    "Cluster": "platform",
    "ClusterPath": "deployments",
    "GitOpsRepository": "repository",
    "HelmChartRef": "workloads",
    "MultiClusterDeployment": "deployments",
    "Platform": "platform",
    "Reference": "reference",
    "Resource": "resource",
    "SingleClusterDeployment": "deployments",
    "Spec": "spec",
    "presets": "presets",
}

__all__ = [
    "App",
    "AppOverrides",
    "Cluster",
    "ClusterPath",
    "GitOpsRepository",
    "HelmChartRef",
    "MultiClusterDeployment",
    "Platform",
    "Reference",
    "Resource",
    "SingleClusterDeployment",
    "Spec",
    "presets",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    loaded = import_module(f"{__name__}.{module}")
    found = loaded if module == name else getattr(loaded, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__

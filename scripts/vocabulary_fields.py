"""What editors are told about the vocabulary: every class, the sentence for each field, and the forms that it takes.

The sentence for a field is the string below it in the model, or its line under ``Attributes:`` in the docstring of the
class. The forms follow from the field's type; what else a model's own code takes stands in ``FORMS`` and ``CHECKED``.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from nixernetes import gitops, kyverno
from nixernetes.gitops.declared import DeclaredPart
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec

__all__ = ["CHECKED", "FORMS", "Form", "Model", "docs_below", "field_docs", "is_resource", "models"]

ROOMS = (gitops, kyverno)  # whose models users write
Model = type[Spec] | type[DeclaredPart]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a keyword takes.

    Attributes:
        type: the type, ``{X}`` for everything that a nested value X may be given as; empty for the field's own.
        doc: the sentence, for a keyword that is not a field.
        required: whether it must be given; None for what the model says.

    """

    type: str = ""
    doc: str = ""
    required: bool | None = None


_ANYTHING = "Mapping[str, Any]"
_CHECK = "{HealthCheck} | _Resource"
_ENFORCEMENT = 'Literal["audit", "enforce"]'
_ENFORCED = "Whether to report what fails or to refuse it: the action of"
_KINDS = "Sequence[str | {%s}]"

FORMS: dict[str, dict[str, Form]] = {
    "Resource": {
        "preset": Form(
            type="_Preset",
            doc="One of `gitops.presets`: interval, pruning and waiting in one word; other keywords win.",
        ),
    },
    "Kustomization": {
        "health": Form(
            type=f"{_CHECK} | Sequence[{_CHECK}]",
            doc="Objects that must be healthy, as `health_checks` with API version and namespace filled in.",
        ),
    },
    "HelmRelease": {
        "chart": Form(type="str | FlatChartDict | {HelmChartTemplate}"),
        "source_ref": Form(
            type="{HelmChartTemplateSource}", doc="The source of a chart that is written flat: `chart.spec.sourceRef`."
        ),
    },
    "ClusterPolicy": {
        "enforcement": Form(type=_ENFORCEMENT, doc=f"{_ENFORCED} each rule that validates and says none.")
    },
    "ValidatingPolicy": {
        "enforcement": Form(type=_ENFORCEMENT, doc=f"{_ENFORCED} the policy, as `validation_actions`.")
    },
    "ImageValidatingPolicy": {
        "enforcement": Form(type=_ENFORCEMENT, doc=f"{_ENFORCED} the policy, as `validation_actions`.")
    },
    "HelmSource": {"values": Form(type=f"str | {_ANYTHING}")},
    "SyncPolicy": {
        "automated": Form(type="bool | {Automated}"),
        "prune": Form(type="bool", doc="Beside `automated=True`: whether to delete what left Git. Default: True."),
        "self_heal": Form(type="bool", doc="Beside `automated=True`: whether to undo changes by hand. Default: True."),
        "allow_empty": Form(type="bool", doc="Beside `automated=True`: whether all may be deleted. Default: False."),
    },
    "ApplicationFields": {
        "project": Form(type="str | _AppProject"),
        "destination": Form(required=False),
    },
    "ApplicationSetTemplate": {"metadata": Form(required=False), "spec": Form(required=False)},
    "AppProject": {
        "cluster_resource_whitelist": Form(type=_KINDS % "ClusterResource"),
        "cluster_resource_blacklist": Form(type=_KINDS % "ClusterResource"),
        "namespace_resource_whitelist": Form(type=_KINDS % "NamespaceResource"),
        "namespace_resource_blacklist": Form(type=_KINDS % "NamespaceResource"),
    },
    "ClusterSecret": {
        "config": Form(type="{ClusterConfig} | str | SecretStr"),
        "namespaces": Form(type="str | Sequence[str]"),
    },
    "_Credentials": {
        "type": Form(type='Literal["git", "helm", "oci"]', doc="What the repository is. Argo CD takes `git` for none."),
        "for_writing": Form(type="bool", doc="Whether the source hydrator pushes with it. Default: False."),
    },
    "NotificationsConfig": {
        "services": Form(type=f"Mapping[str, {_ANYTHING}]", doc="Service (`slack`, `webhook.<name>`) to its settings."),
        "triggers": Form(
            type="Mapping[str, {TriggerCondition} | Sequence[{TriggerCondition}]]",
            doc="Trigger to its conditions: when to send which templates.",
        ),
        "templates": Form(type=f"Mapping[str, {_ANYTHING}]", doc="Template to its message and its parts for services."),
        "subscriptions": Form(type="Sequence[{Subscription}]", doc="Who is told of what, whatever Applications say."),
        "default_triggers": Form(
            type="Sequence[str] | Mapping[str, Sequence[str]]",
            doc="The triggers of subscriptions that name none: for all services, or by service.",
        ),
        "context": Form(type="Mapping[str, str]", doc="Values that templates read as `.context.<name>`."),
    },
}

# What validators of values take, by their place in the code.
CHECKED = {
    "nixernetes.gitops.apps.workloads._paths": "str | Path | Sequence[str | Path]",
    "nixernetes.gitops.apps.workloads._raw": _ANYTHING,
    "nixernetes.gitops.apps.workloads._checks": f"{_CHECK} | Sequence[{_CHECK}]",
    "nixernetes.gitops.platform._clusters": "Sequence[str] | Mapping[str, {Cluster}]",
    "nixernetes.gitops.platform._resource": "_Resource | _WebhookNotification",
    "nixernetes.gitops.argocd.secrets.secret_resource._flag": "bool | str",
    "nixernetes.gitops.argocd.secrets.secret_resource._count": "int | str",
}

COMPILER = "nixernetes.gitops.layout."  # what it makes for itself is no part of the vocabulary


@cache
def models() -> tuple[Model, ...]:
    """Return every class of the vocabulary, by module and name."""
    for package in ROOMS:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found = dict.fromkeys([*_children(Spec), *_children(DeclaredPart)])
    return tuple(
        sorted(
            (
                model
                for model in found
                if model.__module__.startswith(tuple(f"{package.__name__}." for package in ROOMS))
                and not model.__module__.startswith(COMPILER)
            ),
            key=lambda model: (model.__module__, model.__name__),
        )
    )


def _children(model: Model) -> Iterator[Model]:
    for child in model.__subclasses__():
        yield child
        yield from _children(child)


def field_docs(model: Model) -> dict[str, str]:
    """Return the sentence for each field of a class, inherited ones too; fields without one are left out."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Spec | DeclaredPart):
            found.update(_attributes(ast.get_docstring(_node(base)) or ""), **_below(base))
    return {name: doc for name, doc in found.items() if name in model.model_fields}


def docs_below(model: Model) -> set[str]:
    """Return the fields whose sentence stands below them, where editors find it by themselves."""
    bases = (base for base in model.__mro__ if issubclass(base, Spec | DeclaredPart))
    return {name for base in bases for name in _below(base)}


def _below(model: Model) -> dict[str, str]:
    body = _node(model).body
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }


def _node(model: Model) -> ast.ClassDef:
    return _classes(Path(inspect.getfile(model)))[model.__name__]


@cache
def _classes(path: Path) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)}


def _attributes(docstring: str) -> dict[str, str]:
    """Return the sentences under ``Attributes:``; ``a, b: text`` is the text of both."""
    _, _, section = docstring.partition("Attributes:\n")
    found: dict[str, str] = {}
    for entry in re.findall(r"^ {4}(\w.*(?:\n {8}.*)*)", section, flags=re.MULTILINE):
        names, _, text = entry.partition(":")
        sentence = " ".join(text.split())
        found.update(dict.fromkeys(re.split(r",\s*", names), sentence[:1].upper() + sentence[1:]))
    return found


def is_resource(model: Model) -> bool:
    """Tell whether a class is a whole Kubernetes object."""
    return issubclass(model, Resource)

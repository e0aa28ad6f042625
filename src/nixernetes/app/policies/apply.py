"""``nixernetes policy apply``: policies and objects from files, and what the policies say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.contexts import PolicySurroundings
from nixernetes.kyverno.engine.evaluation import Evaluation, Judgement, evaluated, flattened, is_policy
from nixernetes.kyverno.engine.values import Values, read_values
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.yamls import parse_all

__all__ = ["ApplyFiles", "File", "applied"]


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read: its name, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyFiles:
    """The files of one run.

    Attributes:
        policies: files with policies.
        resources: files with the objects.
        values: a file of kind ``Values``.
        exceptions: files with PolicyExceptions.
        cluster: files with what exists in the cluster.
        targets: files with what ``mutate.targets`` may change.
        definitions: files with CustomResourceDefinitions.
        user: a file of kind ``UserInfo``.
        operation: what is done with the objects.

    """

    policies: Sequence[File]
    resources: Sequence[File] = ()
    values: Sequence[File] = ()
    exceptions: Sequence[File] = ()
    cluster: Sequence[File] = ()
    targets: Sequence[File] = ()
    definitions: Sequence[File] = ()
    user: Sequence[File] = ()
    operation: str = "CREATE"


def applied(files: ApplyFiles) -> list[Judgement]:
    """Return what the policies say of the objects.

    Raises:
        InputError: a file cannot be read, or holds no policy.

    """
    policies = _manifests(files.policies)
    if not any(map(is_policy, policies)):
        raise InputError("there is no policy in the files that --policies names")
    values = _manifests(files.values)
    return list(
        evaluated(
            Evaluation(
                policies=policies,
                objects=_manifests(files.resources),
                exceptions=_manifests(files.exceptions),
                values=read_values(values[0]) if values else Values(),
                around=PolicySurroundings(
                    objects=tuple(_manifests(files.cluster)), targets=tuple(_manifests(files.targets))
                ),
                definitions=_manifests(files.definitions),
                user=_user(_manifests(files.user)),
                operation=files.operation,
            )
        )
    )


def _manifests(files: Sequence[File]) -> list[Manifest]:
    documents = [each.data for file in files for each in parse_all(file.content, file=file.name)]
    return flattened([each for each in documents if isinstance(each, dict)])


def _user(documents: Sequence[Manifest]) -> Mapping[str, Json] | None:
    if not documents:
        return None
    info = documents[0]
    return {
        "userInfo": mapping_at(info, "userInfo") or {"username": text_at(info, "username")},
        "roles": items_at(info, "roles"),
        "clusterRoles": items_at(info, "clusterRoles"),
    }

"""``nixernetes policy apply``: policies and objects from files, and what the policies say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cluster.answers import cluster_answers
from nixernetes.kyverno.engine.contexts import PolicySurroundings
from nixernetes.kyverno.engine.evaluation import Evaluation, Judgement, evaluated, flattened, is_policy
from nixernetes.kyverno.engine.values import Values, read_values
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.yamls import parse, parse_all

__all__ = ["ApplyFiles", "File", "applied", "manifests_of", "mocks_of", "places_of", "user_of"]


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
        params: files with parameters of admission policies.
        targets: files with what ``mutate.targets`` may change.
        definitions: files with CustomResourceDefinitions.
        user: a file of kind ``UserInfo``.
        mocks: files with answers of servers, entries of the global context, and what registries say of images.
        payloads: files with JSON, which policies about JSON judge.
        operation: what is done with the objects.
        now: the present in RFC 3339, for policies that ask for it.

    """

    policies: Sequence[File]
    resources: Sequence[File] = ()
    values: Sequence[File] = ()
    exceptions: Sequence[File] = ()
    cluster: Sequence[File] = ()
    targets: Sequence[File] = ()
    params: Sequence[File] = ()
    definitions: Sequence[File] = ()
    user: Sequence[File] = ()
    mocks: Sequence[File] = ()
    payloads: Sequence[File] = ()
    operation: str = "CREATE"
    now: str = ""


def applied(files: ApplyFiles) -> list[Judgement]:
    """Return what the policies say of the objects.

    Raises:
        InputError: a file cannot be read, or holds no policy.

    """
    policies = manifests_of(files.policies)
    if not any(map(is_policy, policies)):
        raise InputError("there is no policy in the files with policies")
    values = manifests_of(files.values)
    known = read_values(values[0]) if values else Values()
    cluster, objects = tuple(manifests_of(files.cluster)), tuple(manifests_of(files.resources))
    return list(
        evaluated(
            Evaluation(
                policies=policies,
                objects=objects,
                payloads=[(each.name, parse(each.content, file=each.name)) for each in files.payloads],
                exceptions=manifests_of(files.exceptions),
                values=known,
                around=PolicySurroundings(
                    objects=cluster,
                    targets=tuple(manifests_of(files.targets)),
                    params=tuple(manifests_of(files.params)),
                    now=files.now,
                    answers=cluster_answers(
                        (*known.namespaces, *cluster, *(objects if cluster else ()), *policies),
                        is_known=bool(files.cluster),
                        definitions=manifests_of(files.definitions),
                        mocks=mocks_of(files.mocks),
                        now=files.now,
                    ),
                ),
                definitions=manifests_of(files.definitions),
                user=user_of(manifests_of(files.user)),
                operation=files.operation,
            )
        )
    )


def manifests_of(files: Sequence[File]) -> list[Manifest]:
    """Return the objects of files, the items of lists in the place of the lists.

    Raises:
        InputError: a file is not YAML.

    """
    documents = [each.data for file in files for each in parse_all(file.content, file=file.name)]
    return flattened([each for each in documents if isinstance(each, dict)])


def places_of(files: Sequence[File]) -> dict[str, tuple[str, int]]:
    """Return file and line of each object by its spelling, and of each file by its name."""
    found = {file.name: (file.name, 1) for file in files}
    for file in files:
        for each in parse_all(file.content, file=file.name):
            for item in flattened([each.data]) if isinstance(each.data, dict) else ():
                found.setdefault(str(key_of(item)), (file.name, each.line))
    return found


def mocks_of(files: Sequence[File]) -> Mapping[str, Json]:
    """Return what files say for servers, for entries of the global context and for registries, by these names."""
    found: dict[str, Json] = {}
    for document in manifests_of(files):
        spec = mapping_at(document, "spec") or document
        for name in ("apiCallResponses", "globalContextEntries", "images"):
            found[name] = [*items_at(found, name), *items_at(spec, name)]
    return found


def user_of(documents: Sequence[Manifest]) -> Mapping[str, Json] | None:
    """Return who asks, of a document of kind ``UserInfo``; None without one."""
    if not documents:
        return None
    info = documents[0]
    return {
        "userInfo": mapping_at(info, "userInfo") or {"username": text_at(info, "username")},
        **{name: items_at(info, name) for name in ("roles", "clusterRoles") if items_at(info, name)},
    }

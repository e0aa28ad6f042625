"""``nixernetes policy lint``: the problems of policies in files, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nixernetes.app.policies.apply import File
from nixernetes.errors import InputError
from nixernetes.kyverno.engine.evaluation import is_policy
from nixernetes.kyverno.linting.deprecations import deprecations
from nixernetes.kyverno.linting.policies import problems_of
from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem, spelled
from nixernetes.objects.fields import items_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json
from nixernetes.objects.yamls import locate, parse_all

__all__ = ["Linted", "LintedPolicies", "linted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """A problem with its place.

    Attributes:
        policy: the policy, as ``Kind/namespace/name``.
        file: the file.
        line: the line.
        problem: what is wrong.

    """

    policy: str
    file: str
    line: int
    problem: PolicyProblem

    def document(self) -> dict[str, Json]:
        """Return it as plain data."""
        told: dict[str, Json] = {"policy": self.policy, "file": self.file, "line": self.line}
        told |= {"path": spelled(self.problem.path), "message": self.problem.message}
        return told | {"severity": "error" if self.problem.is_refused else "warning"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LintedPolicies:
    """How many policies were read, and their problems in the order of the files."""

    count: int
    problems: Sequence[Linted]


def linted(files: Sequence[File]) -> LintedPolicies:
    """Return the problems of the policies in files.

    Raises:
        InputError: a file is not YAML, or none of them holds a policy.

    """
    found: list[Linted] = []
    count = 0
    for file in files:
        for index, path, policy in _policies(file):
            count += 1
            for problem in (*problems_of(policy), *deprecations(policy)):
                line = locate(file.content, (*path, *problem.path), document=index)
                found.append(Linted(policy=str(key_of(policy)), file=file.name, line=line, problem=problem))
    if not count:
        raise InputError("there is no policy in the files", subject=", ".join(each.name for each in files))
    return LintedPolicies(count=count, problems=found)


def _policies(file: File) -> Iterator[tuple[int, FieldPath, dict[str, Json]]]:
    for index, document in enumerate(parse_all(file.content, file=file.name)):
        places: list[tuple[FieldPath, Json]] = [((), document.data)]
        if text_at(document.data, "kind").endswith("List"):
            places = [(("items", at), each) for at, each in enumerate(items_at(document.data, "items"))]
        for path, each in places:
            if isinstance(each, dict) and is_policy(each):
                yield index, path, each

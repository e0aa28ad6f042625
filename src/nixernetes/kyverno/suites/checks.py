"""What became of each expected result (Kyverno, ``commands/test/output.go``).

A rule also answers as ``autogen-`` and ``autogen-cronjob-``; policies of the newer kinds have no rules. A policy that
says nothing of an object passes it over: *Excluded*, which counts as passed. An object that is not there is a failure.
Kyverno's command lets an expected ``fail`` pass whatever comes; here it has to fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from nixernetes.kyverno.engine.evaluation import Judgement
from nixernetes.kyverno.suites.comparison import difference, expected_of
from nixernetes.kyverno.suites.expectations import Expectation, ResourceSpec
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Check", "SuiteAnswers", "checks_of"]

_RULED: Final = ("ClusterPolicy", "Policy")
_SCORED: Final = "policies.kyverno.io/scored"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteAnswers:
    """What expectations are held to.

    Attributes:
        judgements: what the policies said, in their order.
        objects: what was judged.
        policies: the policies.
        payloads: the names of JSON documents.
        files: what the files that expectations name hold, by their paths.

    """

    judgements: Sequence[Judgement]
    objects: Sequence[Manifest]
    policies: Sequence[Manifest]
    payloads: Sequence[str] = ()
    files: Mapping[str, Sequence[Manifest]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the answer.

    Attributes:
        suite: the file of the suite.
        policy: the policy, as the suite names it.
        rule: the rule, as the suite names it.
        resource: the object, as ``Kind/namespace/name``.
        is_passed: whether it is as expected.
        reason: ``Ok``, ``Excluded``, ``Not found``, ``Want pass, got fail``, or where an object differs.
        message: what the policy says.

    """

    suite: str
    policy: str
    rule: str
    resource: str
    is_passed: bool
    reason: str
    message: str = ""

    def document(self) -> dict[str, Json]:
        """Return it as plain data."""
        told: dict[str, Json] = {"suite": self.suite, "policy": self.policy, "rule": self.rule}
        told |= {"resource": self.resource, "result": "pass" if self.is_passed else "fail"}
        return told | {"reason": self.reason, "message": self.message}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A row of the wanted rule, the object that it is about, and that object as it is after the policy."""

    judgement: Judgement
    about: Manifest
    after: Manifest


def checks_of(suite: str, wanted: Expectation, evidence: SuiteAnswers) -> Iterator[Check]:
    """Yield the checks of one expected result."""
    if not any(_is_named(each, wanted.policy) for each in evidence.policies):
        yield _check(suite, wanted, "", "Not found: there is no such policy")
        return
    answers = [each for each in _answers(evidence.judgements) if _is_wanted(each.judgement, wanted)]
    found = 0
    for spec in wanted.resources or (ResourceSpec(kind=wanted.kind),):
        for check in _of_resource(suite, wanted, spec, answers, evidence):
            found += 1
            yield check
    if not found:
        yield _check(suite, wanted, "", f"Not found: {wanted.patched} holds none of the objects")


def _of_resource(
    suite: str, wanted: Expectation, spec: ResourceSpec, answers: Sequence[_Answer], evidence: SuiteAnswers
) -> Iterator[Check]:
    payloads = [each for each in evidence.payloads if _is_payload(each, spec.name)]
    for name in payloads:
        rows = [each for each in answers if each.judgement.payload == name]
        yield from (_checked(suite, wanted, each, name, evidence) for each in rows)
        if not rows:
            yield _excluded(suite, wanted, name)
    targets = [each.about for each in answers if each.judgement.row.patched_target is not None]
    objects = _of_kind([each for each in (*evidence.objects, *targets) if _is_meant(each, spec)], spec.kind)
    if not objects and not payloads:
        yield _check(suite, wanted, str(spec), "Not found")
    for identity, name in {_identity(each): str(key_of(each)) for each in objects}.items():
        rows = [each for each in answers if not each.judgement.payload and _identity(each.about) == identity]
        compared = [each for each in rows if not wanted.patched or _expected(each, wanted, evidence) is not None]
        yield from (_checked(suite, wanted, each, name, evidence) for each in compared)
        if not rows:
            yield _excluded(suite, wanted, name)


def _checked(suite: str, wanted: Expectation, answer: _Answer, name: str, evidence: SuiteAnswers) -> Check:
    judgement = answer.judgement
    result, message = judgement.row.result, judgement.row.message
    if result == "fail" and text_at(judgement.policy, "metadata", "annotations", _SCORED) == "false":
        result = "warn"  # as reports have it
    if judgement.row.not_given:
        asked = f"it asks for {', '.join(judgement.row.not_given)}, which was not given"
        message = f"{message} ({asked})" if message else asked
    differs = _differs(answer, wanted, evidence)
    if not differs and result != wanted.result:
        differs = f"Want {wanted.result}, got {result}"
    return _check(suite, wanted, name, differs or "Ok", message, is_passed=not differs)


def _differs(answer: _Answer, wanted: Expectation, evidence: SuiteAnswers) -> str:
    """Return how what a policy made is not what the files of an expectation hold, or ``""``."""
    if wanted.patched:
        expected = _expected(answer, wanted, evidence)
        differs = difference(answer.after, expected) if expected is not None else "is not there"
        if differs:
            return f"Resource diff: {differs} ({wanted.patched})"
    if not wanted.generated:
        return ""
    files = ", ".join(wanted.generated)
    held = [each for file in wanted.generated for each in evidence.files[file]]
    if not answer.judgement.row.generated:
        return f"Resource diff: nothing was generated ({files})" if wanted.result == "pass" else ""
    for made in answer.judgement.row.generated:
        expected = expected_of(made, held)
        differs = "is not there" if expected is None else difference(made, expected)
        if differs:
            return f"Resource diff: {key_of(made)}: {differs} ({files})"
    return ""


def _expected(answer: _Answer, wanted: Expectation, evidence: SuiteAnswers) -> Manifest | None:
    return expected_of(answer.after, evidence.files[wanted.patched])


def _answers(judgements: Sequence[Judgement]) -> Iterator[_Answer]:
    """Yield each row with its object; one that a mutation gives is the object after the last rule of its policy."""
    ended: dict[tuple[int, int], Manifest] = {}
    for each in judgements:
        if each.row.patched is not None:
            ended[id(each.policy), id(each.subject)] = each.row.patched
    grown: dict[int, Manifest] = {}
    for each in judgements:
        if each.row.patched is not None:
            grown[id(each.subject)] = ended[id(each.policy), id(each.subject)]
        after = grown.setdefault(id(each.subject), each.subject)
        yield _Answer(judgement=each, about=each.subject, after=after)
        if each.row.patched_target is not None:
            yield _Answer(judgement=each, about=each.row.patched_target, after=each.row.patched_target)


def _is_wanted(judgement: Judgement, wanted: Expectation) -> bool:
    rules = (wanted.rule, f"autogen-{wanted.rule}", f"autogen-cronjob-{wanted.rule}")
    is_ruled = text_at(judgement.policy, "kind") in _RULED
    return _is_named(judgement.policy, wanted.policy) and (not is_ruled or judgement.row.rule in rules)


def _is_named(policy: Manifest, name: str) -> bool:
    space, _, name = name.rpartition("/")
    key = key_of(policy)
    return key.name == name and (not space or key.namespace == space)


def _is_meant(manifest: Manifest, spec: ResourceSpec) -> bool:
    key = key_of(manifest)
    return (
        (not spec.name or key.name == spec.name)
        and (not spec.namespace or (key.namespace or "default") == spec.namespace)
        and (not spec.api_version or text_at(manifest, "apiVersion") == spec.api_version)
    )


def _is_payload(payload: str, name: str) -> bool:
    return not name or name in (payload, PurePosixPath(payload).name, PurePosixPath(payload).stem)


def _of_kind(objects: Sequence[Manifest], kind: str) -> Sequence[Manifest]:
    """Return the objects of a kind; all where none is, since Kyverno does not look at the kind of a result."""
    return [each for each in objects if text_at(each, "kind") == kind] or objects


def _identity(manifest: Manifest) -> tuple[str, str, str, str]:
    key = key_of(manifest)
    return (key.group, key.kind, key.namespace or "default", key.name)


def _excluded(suite: str, wanted: Expectation, name: str) -> Check:
    return _check(suite, wanted, name, "Excluded", is_passed=True)


def _check(
    suite: str, wanted: Expectation, resource: str, reason: str, message: str = "", *, is_passed: bool = False
) -> Check:
    return Check(
        suite=suite,
        policy=wanted.policy,
        rule=wanted.rule,
        resource=resource or wanted.kind,
        is_passed=is_passed,
        reason=reason,
        message=message,
    )

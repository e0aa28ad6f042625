"""What Kubernetes and Kyverno answered to expressions (``kyverno/units/cel.json`` of the reference material)."""

import json
from collections.abc import Mapping
from typing import Any

from tests.shared import SHARED, needs_shared

from nixernetes.languages.cel import CelError, Environment, Library
from nixernetes.languages.cel.functions import function
from nixernetes.languages.cel.hosts.kubernetes import kubernetes
from nixernetes.languages.cel.libraries.encoders import ENCODERS
from nixernetes.languages.cel.libraries.lists import FIRST_AND_LAST
from nixernetes.languages.cel.libraries.math import MATH
from nixernetes.languages.cel.libraries.regexes import REGEX
from nixernetes.languages.cel.times import Duration, Timestamp
from nixernetes.languages.cel.types import DYN, parse_type
from nixernetes.languages.cel.values import Opaque, OptionalValue, Value

# Words of Kyverno's own libraries, of its typed variables, and how its reporter spells a sum.
NOT_OURS = (
    "image(",
    "parseImageReference",
    "exceptions.",
    "resource.Get",
    "globalContext.",
    "sha1(",
    "sha256(",
    "json.",
    "yaml.",
    "time.",
    "listObjToMap",
    "math.round(1.2345, 2)",
    "request.kind.kind",
    "namespaceObject.metadata.name",
    ".sum()",
)


def environment() -> Environment:
    """Return Kubernetes' environment with the extensions that Kyverno adds."""
    any_or_value = function("orValue", "dyn.(dyn) -> dyn", lambda one, _: one)
    names = ("object", "oldObject", "request", "namespaceObject")
    return (
        kubernetes()
        .adding(ENCODERS, MATH, REGEX, FIRST_AND_LAST, Library(name="any", functions=(any_or_value,)))
        .declaring(dict.fromkeys(names, DYN))
    )


def plain(value: Value) -> Value:
    """Spell a value as the recorded answers do."""
    if isinstance(value, OptionalValue):
        return {"$optional": plain(value.value)} | ({} if value.present else {"$none": True})
    if isinstance(value, Timestamp):
        return {"$timestamp": str(value)}
    if isinstance(value, Duration):
        return {"$duration": str(value)}
    if isinstance(value, bytes):
        return {"$bytes": value.decode()}
    if isinstance(value, Opaque):
        return {"$go": str(value)}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value


def answered(env: Environment, text: str, context: Mapping[str, Any]) -> tuple[Value, ...]:
    """Return the value and the type of an expression, or the stage at which it failed and the first line of why."""
    stage = "compile"
    try:
        program = env.compile(text)
        stage = "evaluate"
        return plain(program.evaluate(context)), str(program.result)
    except CelError as error:
        return stage, error.message.partition("\n")[0]


@needs_shared
def test_answers_and_error_texts_are_those_of_kubernetes() -> None:
    data = json.loads((SHARED / "conformance/kyverno/units/cel.json").read_text())
    env, wrong, count = environment(), [], 0
    for case in data["cases"]:
        ours = (
            case["env"] == "vpol" and not case.get("variables") and not any(word in case["expr"] for word in NOT_OURS)
        )
        if not ours:
            continue
        count += 1
        found = answered(env, case["expr"], data["context"])
        if "error" in case:
            wanted: tuple[Value, ...] = case["stage"], case["error"]
        else:
            wanted = case["result"], str(parse_type(case["type"]))
        if found != wanted:
            wrong.append((case["expr"], found, wanted))
    assert count > 190
    assert wrong == []

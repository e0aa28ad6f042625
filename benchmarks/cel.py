"""Evaluates typical expressions by our CEL and by other libraries, in one run.

    .venv/bin/python benchmarks/cel.py

``cel-expr-python`` comes with the development dependencies and has two figures: with the object converted once, and
with the object given each time. ``common-expression-language`` is shown where it is installed.
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from nixernetes.languages.cel import Environment, Program
from nixernetes.languages.cel.hosts.kubernetes import kubernetes
from nixernetes.languages.cel.types import DYN

CONTAINERS = [
    {
        "name": f"c{index}",
        "image": f"ghcr.io/example/app:{index}",
        "securityContext": {"runAsNonRoot": True},
        "ports": [{"containerPort": 8080 + index}],
    }
    for index in range(3)
]
OBJECT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "shop", "namespace": "production", "labels": {"app": "shop", "team": "web"}, "generation": 2},
    "spec": {"replicas": 3, "template": {"spec": {"containers": CONTAINERS}}},
    "status": {
        "observedGeneration": 2,
        "conditions": [{"type": "Available", "status": "True"}, {"type": "Ready", "status": "True"}],
    },
}
EXPRESSIONS = (
    "object.spec.replicas == 3",
    "object.spec.replicas >= 2 && object.metadata.name.startsWith('shop')",
    "has(object.metadata.labels) && 'team' in object.metadata.labels && object.metadata.labels.team in ['web', 'data']",
    "object.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
    "object.status.observedGeneration == object.metadata.generation ? object.metadata.name : 'old'",
    "object.spec.template.spec.containers.all(c, c.image.startsWith('ghcr.io/') && has(c.securityContext))",
    "object.spec.template.spec.containers.all(c, !has(c.ports) || c.ports.all(p, p.containerPort >= 1024))",
    "object.spec.template.spec.containers.filter(c, c.name != 'c1').map(c, c.image).size() == 2",
)
TIMES = 5_000

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Engine:
    """A library: its name, and what makes an evaluation, ready to be timed, of an expression."""

    name: str
    prepare: Callable[[str], Run]


def ours() -> Engine:
    """Return our own CEL."""
    environment = kubernetes().declaring({"object": DYN})

    def prepare(text: str) -> Run:
        program, variables = environment.compile(text), {"object": OBJECT}
        return lambda: program.evaluate(variables)

    return Engine("ours", prepare)


def official() -> list[Engine]:
    """Return Google's library in C++, with the object converted once, and each time."""
    cel = import_module("cel_expr_python.cel")
    environment = cel.NewEnv(variables={"object": cel.Type.DYN})
    kept = environment.Activation({"object": OBJECT})

    def once(text: str) -> Run:
        program = environment.compile(text)
        return lambda: program.eval(kept).value()

    def each_time(text: str) -> Run:
        program = environment.compile(text)
        return lambda: program.eval(data={"object": OBJECT}).value()

    return [Engine("cel-expr-python", once), Engine("the same, object given each time", each_time)]


def rust() -> list[Engine]:
    """Return the library in Rust, if it is installed."""
    sys.path[:] = [folder for folder in sys.path if Path(folder) != Path(__file__).parent]  # this file has its name
    try:
        cel = import_module("cel")
    except ImportError:
        return []

    def prepare(text: str) -> Run:
        program = cel.compile(text)
        return lambda: program.execute({"object": OBJECT})

    return [Engine("common-expression-language", prepare)]


def microseconds(run: Run) -> float:
    """Return the best time of one evaluation."""
    return min(timeit.repeat(run, number=TIMES, repeat=5)) / TIMES * 1e6


def main() -> None:
    """Print a line for each expression, and how often the others take as long as ours."""
    engines = [ours(), *official(), *rust()]
    print("  ".join(f"{engine.name:>32}" for engine in engines))
    totals = [0.0] * len(engines)
    for text in EXPRESSIONS:
        runs = [engine.prepare(text) for engine in engines]
        results = [run() for run in runs]
        assert all(result == results[0] for result in results), (text, results)
        times = [microseconds(run) for run in runs]
        totals = [total + taken for total, taken in zip(totals, times, strict=True)]
        row = [f"{taken:.2f} us ({taken / times[0]:.1f} x)" for taken in times]
        print("  ".join(f"{cell:>32}" for cell in row), f" {text}")
    row = [f"{total:.2f} us ({total / totals[0]:.1f} x)" for total in totals]
    print("  ".join(f"{cell:>32}" for cell in row), "  all of them")
    environment = kubernetes().declaring({"object": DYN})
    compiling = timeit.timeit(lambda: [anew(environment, text) for text in EXPRESSIONS], number=50)
    print(f"compiling one of ours for the first time: {compiling / 50 / len(EXPRESSIONS) * 1e6:.0f} us")


def anew(environment: Environment, text: str) -> Program:
    """Compile an expression that is not in the memory of the environment."""
    return environment.declaring({}).compile(text)


if __name__ == "__main__":
    main()

"""CEL, the Common Expression Language, as Kubernetes, Flux and Kyverno evaluate it.

An ``Environment`` says what expressions may use; it compiles a text to a ``Program`` once, which is evaluated as often
as wanted. Errors have the words of cel-go. Expressions are hostile: steps, texts, lists and nesting are bounded, and no
expression does I/O, knows the time, or sees a variable that it does not name.
"""

from __future__ import annotations

from nixernetes.languages.cel.budget import Limits
from nixernetes.languages.cel.environment import Environment, Program, Rules
from nixernetes.languages.cel.errors import BudgetError, CelError, CompileError, EvaluationError
from nixernetes.languages.cel.functions import Library
from nixernetes.languages.cel.lazy import LazyMap

__all__ = [
    "BudgetError",
    "CelError",
    "CompileError",
    "Environment",
    "EvaluationError",
    "LazyMap",
    "Library",
    "Limits",
    "Program",
    "Rules",
]

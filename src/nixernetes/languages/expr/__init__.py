"""expr-lang (1.17), the language of Argo CD's triggers: fields, operators, functions, predicates, methods of times.

An expression is read as a whole before it is evaluated, so that what is broken or not supported is told whatever the
values are; one that fails on its values has no value. Steps, texts and lists are bounded. Out: ``if`` with blocks, and
the functions on dates that read a clock by themselves.
"""

from nixernetes.languages.expr.evaluation import evaluate, shown
from nixernetes.languages.expr.problems import EvaluationFailure, ExpressionError
from nixernetes.languages.expr.reading import read

__all__ = ["EvaluationFailure", "ExpressionError", "evaluate", "read", "shown"]

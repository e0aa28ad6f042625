"""JMESPath as Kyverno's fork of go-jmespath has it: an absent field of a map is an error.

An ``Expression`` is compiled once and evaluated as often as wanted. Work, depth and size of results are bounded.
"""

from __future__ import annotations

from nixernetes.languages.jmespath.errors import JmesPathError, UnknownKeyError
from nixernetes.languages.jmespath.evaluation import Expression, compile_expression, syntax_tree
from nixernetes.languages.jmespath.functions import Functions, JmesPathFunction

__all__ = [
    "Expression",
    "Functions",
    "JmesPathError",
    "JmesPathFunction",
    "UnknownKeyError",
    "compile_expression",
    "syntax_tree",
]

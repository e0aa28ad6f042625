"""Expressions that hypothesis makes have the value, or the lack of one, that Google's CEL in C++ gives them.

Not asked, because the two are known to differ: fields of null (Kubernetes' rule is ours), texts of doubles (Go's
spelling is ours), loops over ``[]`` (cel-go takes its
elements for what the body needs first), and more than 32 levels (the other's parser stops there).
"""

import math
import re

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.languages.cel import CelError, Environment
from nixernetes.languages.cel.libraries.standard import STANDARD
from nixernetes.languages.cel.types import DYN
from nixernetes.languages.cel.values import Value

cel = pytest.importorskip("cel_expr_python.cel", reason="the second opinion is not installed on this system")

OBJECT = {"a": 1, "b": "two", "c": [1, 2, 3], "d": {"e": True, "f": -7}, "g": 2.5, "h": ["x", "two"]}
OTHER = cel.NewEnv(variables={"x": cel.Type.DYN})
KEPT = OTHER.Activation({"x": OBJECT})
OURS = Environment(libraries=(STANDARD,), variables={"x": DYN})

NUMBERS = ("0", "1", "2", "-3", "7", "9223372036854775807", "-9223372036854775808", "x.a", "x.d.f", "x.q")
TEXTS = ("''", "'two'", "'t'", "'\u00e9o'", "x.b", "x.b + 'o'", "string(x.a)", "x.missing")
LISTS = ("x.c.filter(u, u > 9)", "[1, 2, 3]", "x.c", "[x.a, 5]", "x.c + [4]")
FACTS = ("has(x.a)", "has(x.q)", "has(x.d.e)", "x.d.e", "x.g > 2", "true", "'b' in x", "x.g == 2.5")
# N is a number, B a decision, T a text, L a list; each letter is replaced by another one of its kind.
NUMBER_FORMS = ("(N + N)", "(N - N)", "(N * N)", "(N / N)", "(N % N)", "-(N)", "size(T)", "L.size()", "L[N]")
NUMBER_FORMS += ("(B ? N : N)", "int(2.5)", "dyn(N)", "int(string(N))")
DECISION_FORMS = (
    "(N == N)",
    "(N != N)",
    "(N < N)",
    "(N <= N)",
    "(N > N)",
    "(N >= N)",
    "(N in L)",
    "(T == T)",
    "(T < T)",
)
DECISION_FORMS += ("T.startsWith(T)", "T.endsWith(T)", "T.contains(T)", "T.matches(T)", "(L == L)", "!B", "(B && B)")
DECISION_FORMS += ("(B || B)", "L.all(v, v > N)", "L.exists(v, v > N)", "L.exists_one(v, v > N)", "(B == B)")
DECISION_FORMS += ("L.map(v, v * N).exists(w, w == N)", "L.filter(v, v != N).size() == 2")


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """Make an expression by replacing letters by forms, and by words when it is long enough."""
    text = draw(st.sampled_from(["N", "B"]))
    forms = draw(st.integers(0, 6))
    while (found := re.search(r"\b[NBTL]\b", text)) is not None:
        known = {"N": NUMBERS, "B": FACTS, "T": TEXTS, "L": LISTS}[found[0]]
        if forms and found[0] in "NB":
            known = NUMBER_FORMS if found[0] == "N" else DECISION_FORMS
            forms -= 1
        text = text[: found.start()] + draw(st.sampled_from(known)) + text[found.end() :]
    return text


def ours(text: str) -> Value:
    """Return our value, or nothing for an error: no expression here gives null."""
    try:
        return OURS.compile(text).evaluate({"x": OBJECT})
    except CelError:
        return None


def theirs(text: str) -> Value:
    """Return the value of the other library, or nothing for an error."""
    try:
        value = OTHER.compile(text).eval(KEPT)
    except (RuntimeError, ValueError):
        return None
    return None if value.type() == cel.Type.ERROR else value.plain_value()


def spelled(value: Value) -> str:
    """Spell a value so that ``True`` is not 1."""
    return "NaN" if isinstance(value, float) and math.isnan(value) else repr(value)


@pytest.mark.slow
@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(expressions())
def test_both_agree(text: str) -> None:
    assert spelled(ours(text)) == spelled(theirs(text))

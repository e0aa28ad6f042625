"""Whatever is written, the answer is a value or an error of ours: never a foreign exception."""

from dataclasses import replace
from random import Random

import pytest

from nixernetes.languages.cel import CelError, Limits
from nixernetes.languages.cel.hosts.kubernetes import kubernetes
from nixernetes.languages.cel.libraries.encoders import ENCODERS
from nixernetes.languages.cel.libraries.lists import FIRST_AND_LAST
from nixernetes.languages.cel.libraries.math import MATH
from nixernetes.languages.cel.libraries.regexes import REGEX
from nixernetes.languages.cel.libraries.standard import OPTIONAL_UNWRAP
from nixernetes.languages.cel.types import DYN

SMALL = Limits(steps=20_000, text_length=5_000, list_size=2_000)
HOST = kubernetes().adding(ENCODERS, MATH, REGEX, FIRST_AND_LAST, OPTIONAL_UNWRAP).declaring({"x": DYN})
ENV = replace(HOST, limits=SMALL)
FUNCTIONS = sorted({each.name for library in ENV.libraries for each in library.functions if each.name[0].isalpha()})
VARIABLES = {"x": {"a": 1, "b": "two", "c": [1, 2, {"q": None}], "d": None, "e": "\ud800"}}
WORDS = [
    "1",
    "-1",
    "0",
    "2u",
    "1.5",
    "'a'",
    "'1Gi'",
    "'10.0.0.0/8'",
    "b'x'",
    "null",
    "true",
    "false",
    "[]",
    "[1,2]",
    "['a']",
    "{}",
    "{'a':1}",
    "{1:'b'}",
    "x",
    "x.a",
    "x.b",
    "x.c",
    "x.d",
    "x.e",
    "duration('1h')",
    "timestamp(0)",
    "optional.none()",
    "optional.of(1)",
    "quantity('1')",
    "semver('1.2.3')",
    "ip('1.2.3.4')",
    "url('/a')",
    "int",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615u",
    "0.0/0.0",
    "1.0/0.0",
    "format.uri()",
    "dyn(1)",
    "dyn([1,'a'])",
]
# @ is an expression, # a function.
FORMS = [
    "#(@)",
    "#(@,@)",
    "@.#()",
    "@.#()",
    "@.#(@)",
    "@.#(@,@)",
    "(@+@)",
    "(@-@)",
    "(@*@)",
    "(@/@)",
    "(@%@)",
    "(@==@)",
    "(@<@)",
    "(@>=@)",
    "(@_in_@)",
    "(@&&@)",
    "(@||@)",
    "!@",
    "-(@)",
    "@.map(v,@)",
    "@.filter(v,@)",
    "@.all(v,v==@)",
    "@.exists_one(v,@)",
    "@.sortBy(v,@)",
    "@.optMap(v,@)",
    "@.transformList(k,v,@)",
    "@.transformMap(k,v,v==@,@)",
    "@.transformMapEntry(k,v,{v:k})",
    "(@?@:@)",
    "@[@]",
    "@[?@]",
    "@.a",
    "@.?b",
    "[@,?@]",
    "{@:@}",
    "has(@.a)",
    "dyn(@)",
    "cel.bind(v,@,[v,v,@])",
    "'%s_%d_%.2f_%x'.format([@,@,@,@])",
]
MARKS = "()[]{}.,?:!-+*/%<>=&|'\"\\`abrRuU01x_ \n\u00e9\U0001f600"


def made(random: Random) -> str:
    """Make an expression by replacing marks by forms, then by words."""
    text, forms = "@", random.randint(0, 5)
    while (at := text.find("@")) >= 0:
        part = random.choice(FORMS if forms > 0 else WORDS)
        forms -= 1
        text = text[:at] + part.replace("#", random.choice(FUNCTIONS)) + text[at + 1 :]
    return text.replace("_in_", " in ")


def broken(random: Random, text: str) -> str:
    """Put a few letters in, or take them away."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(MARKS) + text[at:] if random.random() < 0.5 else text[:at] + text[at + 1 :]
    return text


def answers(text: str) -> int:
    """Return in how many ways an expression has a value."""
    count = 0
    for program in (ENV.compile, ENV.parse):
        try:
            program(text).evaluate(VARIABLES)
            count += 1
        except CelError:
            continue
    return count


@pytest.mark.slow
def test_every_expression_has_a_value_or_an_error() -> None:
    random = Random(7)  # noqa: S311  the same expressions each time
    texts = [made(random) for _ in range(1_500)]
    assert sum(map(answers, texts)) > 100
    assert sum(answers(broken(random, text)) for text in texts) >= 0

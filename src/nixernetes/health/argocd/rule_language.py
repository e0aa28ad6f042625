r"""The language of the rules in ``data/*.rules``: what a kind's status means, a line a case.

A kind's lines are read from the top; the first that decides is the answer::

    GUARD => Status message      decides, where the guard holds (no guard always does)
    GUARD ~> Status message      holds until something later decides; `= message` keeps the status
    GUARD => stop | next         what holds so far | the next entry, please
    each [NAME in] [PATH]        the lines below for every entry of a list, by default of .status.conditions
    every [NAME in] PATH         the same, also for what an object holds
    with PATH                    the lines below on one object, where it is there
    if GUARD                     the lines below
    let NAME = first|last|count [in PATH] GUARD   an entry, or how many there are; `of PATH`: of an object too
    let NAME = join 'SEPARATOR' [in PATH] GUARD : message
    needs PATH ...               no answer where they are not there (Unknown)
    like SHAPE text              the lines of a shape, `$` being the text
    by NAME                      a function of ``special`` decides

A guard is a row of tests; a `/` between rows means or. Of tests there are::

    Ready  Ready=True            the entry is a condition of this type, and status
    reason=A|B  .status.phase=A  the entry's field, the object's; `=`, `!=`, `<`, `>`, `$=` (ends with)
    path  ?path  #path=0         it is there, is neither missing nor false, has so many entries
    !test                        it does not hold

What is compared is a word, a number, a 'text', `{}` (nothing inside), or a path that begins with a dot, or `*.` in the
entry.
A message has places to fill: `{path|'text'}` with the first that is there, `{path??: *}` with a text around a value,
`{=}` with the message so far, `{#}` with the number of the entry and `{*}` with the entry; `\n` is a new line, `\s` a
space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from nixernetes.errors import InputError
from nixernetes.health.argocd.rule_steps import NEXT, Filling, Guard, Path, Question, Said, Scope, Step, Template, run
from nixernetes.health.argocd.script_values import entries, spelled
from nixernetes.objects.manifest import Json

__all__ = ["Special", "parse"]

Special: TypeAlias = Callable[[Json, Json], Said | None]  # of an object and the entry that is looked at

_CONDITIONS: Final = ".status.conditions"
_NAME: Final = re.compile(r"\[([^\]]+)\]|([^.\[\]]+)")
_TEST_WORD: Final = re.compile(r"(?:'[^']*'|[^\s'])+")
_TEST: Final = re.compile(r"(!?)([?#]?)((?:\[[^\]]*\]|[^=<>!$])+)(?:(!=|\$=|=|<|>)(.*))?")
_CHOICE: Final = re.compile(r"'[^']*'|[^|']+")
_FILLED: Final = re.compile(r"\{([^{}]*)\}")
_VERDICT: Final = re.compile(r"(?:(.*?) )?([=~]>) (\S+)(?: (.*))?")
_LET: Final = re.compile(
    r"let ([a-z]+) = (first|last|count|join)(?: '([^']*)')?(?: (in|of) ([^\s:]+))?(.*?)(?: : (.*))?"
)
_EACH: Final = re.compile(r"(each|every)(?: (?:([a-z]+) in )?(\S+))?")
_SPACES: Final = {"\\n": "\n", "\\s": " "}


class _Line(NamedTuple):
    text: str
    below: list[_Line]


class _Reader(NamedTuple):
    shapes: Mapping[str, Sequence[str]]
    special: Callable[[str], Special]

    def steps(self, lines: Sequence[_Line]) -> list[Step]:
        return [step for line in lines for step in self._steps(line)]

    def _steps(self, line: _Line) -> list[Step]:
        verdict = _VERDICT.fullmatch(line.text)
        word, _, rest = line.text.partition(" ")
        if verdict:
            return [_verdict(verdict)]
        if word == "like":
            return self.steps(_tree(self._shape(rest)))
        if word == "by":
            return [_by(self.special(rest))]
        if word == "let":
            return [_let(line.text)]
        if word == "needs":
            return [_needs([_path(name) for name in rest.split()])]
        below = self.steps(line.below)
        if word in ("each", "every"):
            return [_each(line.text, below)]
        return [_if(_guard(rest), below) if word == "if" else _with(_path(rest), below)]

    def _shape(self, rest: str) -> list[str]:
        name, _, text = rest.partition(" ")
        parts = {f"${number}": part for number, part in enumerate(text.split(" ; "), 1)} | {"$": text}
        return [re.sub(r"\$(\d|(?!=))", lambda found: parts[found[0]], line) for line in self.shapes[name]]


def parse(
    lines: Sequence[str], *, shapes: Mapping[str, Sequence[str]], special: Callable[[str], Special]
) -> Callable[[Json], Said | None]:
    """Return the rule that some lines spell: of an object, what is said of it.

    Args:
        lines: the lines, each indented by two spaces for every level.
        shapes: the lines of what ``like`` names.
        special: finds what ``by`` names.

    """
    steps = _Reader(shapes, special).steps(_tree(lines))

    def rule(obj: Json) -> Said | None:
        scope = Scope(obj, obj, {}, [Said()])
        said = run(steps, scope) or scope.so_far[0]
        return None if said == Said() else said

    return rule


def _tree(lines: Sequence[str]) -> list[_Line]:
    root = _Line("", [])
    path = [root]
    for line in lines:
        text = line.lstrip(" ")
        depth = (len(line) - len(text)) // 2
        found = _Line(text, [])
        path[depth - 1].below.append(found)
        path[depth:] = [found]
    return root.below


def _path(text: str) -> Path:
    names = tuple(key or name for key, name in _NAME.findall(text))
    return Path(names, from_object=text.startswith("."))


def _guard(text: str) -> Guard:
    choices: list[list[Question]] = [[]]
    for word in _TEST_WORD.findall(text):
        if word == "/":
            choices.append([])
        else:
            choices[-1] += _tests(word)
    return Guard(tuple(tuple(choice) for choice in choices))


def _tests(word: str) -> list[Question]:
    """Return one test, or the two that ask for a condition by its type."""
    found = _TEST.fullmatch(word)
    if found is None:
        raise ValueError(f"not a test: {word}")
    negated, mark, path, sign, text = found.groups()
    values = tuple(_value(choice) for choice in _CHOICE.findall(text)) if sign else ()
    turned = (sign == "!=") is not bool(negated)
    asks = sign.removeprefix("!") if sign else "truth" if mark == "?" else "exists"
    if path[0].isupper():
        kind = Question(_path("type"), "=", (path,))
        return [kind, Question(_path("status"), "=", values, negated=turned)] if sign else [kind]
    return [Question(_path(path), asks, values, of_size=mark == "#", negated=turned)]


def _value(text: str) -> Json | Path:
    if text.startswith("'"):
        return text[1:-1]
    if text.startswith((".", "#.", "*.")):
        return _path(text.removeprefix("#"))
    return int(text) if text.isdigit() else {"true": True, "false": False, "{}": {}}.get(text, text)


def _template(text: str) -> Template:
    parts: list[str | Filling] = []
    for position, part in enumerate(_FILLED.split(text)):
        if position % 2:
            asked, _, around = part.partition("??")
            choices = tuple(each[1:-1] if each[0] == "'" else _path(each) for each in _CHOICE.findall(asked))
            parts.append(Filling(choices, around))
        elif part:
            parts.append(re.sub(r"\\[ns]", lambda found: _SPACES[found[0]], part))
    return Template(tuple(parts) or ("",))


def _verdict(found: re.Match[str]) -> Step:
    guard, sign, status, text = _guard(found[1] or ""), found[2], found[3], _template(found[4] or "")

    def step(scope: Scope) -> Said | None:
        if not guard.holds(scope):
            return None
        if status in ("next", "stop"):
            return NEXT if status == "next" else scope.so_far[0]
        said = Said(scope.so_far[0].status if status == "=" else status, text.filled(scope))
        if sign == "=>":
            return said
        scope.so_far[0] = said
        return None

    return step


def _if(guard: Guard, below: Sequence[Step]) -> Step:
    return lambda scope: run(below, scope) if guard.holds(scope) else None


def _with(path: Path, below: Sequence[Step]) -> Step:
    def step(scope: Scope) -> Said | None:
        found = path.read(scope)
        return None if found is None else run(below, scope.at_item(found))

    return step


def _each(text: str, below: Sequence[Step]) -> Step:
    found = _EACH.fullmatch(text)
    word, name, place = found.groups() if found else ("", None, None)
    path = _path(place or _CONDITIONS)

    def step(scope: Scope) -> Said | None:
        for _, item in entries(path.read(scope), of_object=word == "every"):
            said = run(below, scope.at_item(item, **({name: item} if name else {})))
            if said is not None and said is not NEXT:
                return said
        return None

    return step


def _let(text: str) -> Step:
    found = _LET.fullmatch(text)
    if found is None:
        raise ValueError(f"not a name for something: {text}")
    name, what, separator, kind, place, asked, message = found.groups()
    path, guard, template = _path(place or _CONDITIONS), _guard(asked), _template(message or "")

    def step(scope: Scope) -> None:
        listed = entries(path.read(scope), of_object=kind == "of")
        scopes = [scope.at_item(item, **{"#": number}) for number, item in listed]
        held = [each for each in scopes if guard.holds(each)]
        if what == "count":
            scope.names[name] = len(held)
        elif what == "join":
            scope.names[name] = separator.join(spelled(template.filled(each)) for each in held)
        else:
            scope.names[name] = held[0 if what == "first" else -1].item if held else None

    return step


def _needs(paths: Sequence[Path]) -> Step:
    def step(scope: Scope) -> None:
        for path in paths:
            if path.read(scope) is None:
                raise InputError(f"{'.'.join(path.names)} is not there")

    return step


def _by(special: Special) -> Step:
    return lambda scope: special(scope.obj, scope.item)

"""An environment: libraries, declared variables and rules, from which programs are compiled and evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from nixernetes.languages.cel.budget import DEFAULT_LIMITS, Limits, Meter
from nixernetes.languages.cel.checking.checker import check
from nixernetes.languages.cel.checking.literal_rules import LiteralRules, literal_issues
from nixernetes.languages.cel.errors import BudgetError, CompileError, EvaluationError
from nixernetes.languages.cel.evaluation.compiler import Compiled, compile_tree
from nixernetes.languages.cel.evaluation.steps import UNREAD
from nixernetes.languages.cel.functions import Constant, Library, Overload, Structure
from nixernetes.languages.cel.names import Names
from nixernetes.languages.cel.syntax.macros import Macro
from nixernetes.languages.cel.syntax.parser import macro_table, parse
from nixernetes.languages.cel.syntax.source import failure
from nixernetes.languages.cel.types import DYN, Type
from nixernetes.languages.cel.values import Value

__all__ = ["Environment", "Program", "Rules"]

_KEPT = 2_000  # programs of one environment
_KEPT_LENGTH = 250_000  # characters of all of them: a program takes some 400 times its text
_TOO_DEEP = "is nested too deeply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is refused although CEL itself would take it.

    Args:
        homogeneous: elements of a list, keys and values of a map must have one type, as Kubernetes wants it.
        literals: texts of durations, timestamps, regular expressions and formats are tried when they are literals.
        fold: conversions of literals are tried when the program is made.

    """

    homogeneous: bool = False
    literals: bool = False
    fold: bool = False


class Program:
    """A compiled expression: evaluate it as often as you like, from any thread."""

    __slots__ = ("_compiled", "_fresh", "_limits", "reads", "result", "text")

    def __init__(self, text: str, compiled: Compiled, result: Type, limits: Limits) -> None:
        self.text = text
        self.result = result
        self.reads = compiled.reads
        self._compiled = compiled
        self._fresh = [UNREAD] * compiled.slots
        self._limits = limits

    def evaluate(self, variables: Mapping[str, Value]) -> Value:
        """Return the value of the expression.

        Args:
            variables: values by name. A mapping that is not a ``dict`` is asked for a variable only when it is read.

        Raises:
            EvaluationError: the expression has no value.
            BudgetError: it wants more than it may have.

        """
        frame: list[Value] = [*self._fresh]
        frame[0], frame[1] = Meter(self._limits), variables
        try:
            return self._compiled.step(frame)
        except RecursionError:
            raise BudgetError(f"CEL expression or one of its values {_TOO_DEEP}") from None
        except UnicodeEncodeError:  # half of a surrogate pair, as JSON may spell it
            raise EvaluationError("a text holds a code point that is not a character") from None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Environment:
    """What expressions may use.

    The last programs that were compiled are kept, by their text and how they were compiled: 2,000 at most, with 250,000
    characters together.

    Args:
        libraries: functions, macros and constants; later ones add overloads to earlier ones.
        variables: the types of the variables; ``DYN`` for plain data.
        container: put before names first, as the package of a message.
        rules: what is refused beyond CEL's own rules.
        limits: what one evaluation may use.

    """

    libraries: tuple[Library, ...]
    variables: Mapping[str, Type] = field(default_factory=dict)
    container: str = ""
    rules: Rules = field(default_factory=Rules)
    limits: Limits = DEFAULT_LIMITS
    _memo: _Memo = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_memo", _Memo(self))

    def compile(self, text: str, *, result: Type = DYN) -> Program:
        """Return the program of an expression whose names and types fit.

        Args:
            text: the expression.
            result: the type that it must give; ``DYN`` for any. An expression of unknown type is not refused.

        Raises:
            CompileError: it does not parse, a name is not declared, or types do not fit.

        """
        program = self._memo.compiled(text, lenient=False)
        if result != DYN and program.result not in {result, DYN}:
            raise CompileError(f"must evaluate to {result}, not {program.result}")
        return program

    def parse(self, text: str) -> Program:
        """Return the program of an expression that is not checked: any name that is not declared is a variable.

        Raises:
            CompileError: it does not parse.

        """
        return self._memo.compiled(text, lenient=True)

    def declaring(self, variables: Mapping[str, Type]) -> Environment:
        """Return an environment with more variables."""
        return replace(self, variables={**self.variables, **variables})

    def adding(self, *libraries: Library) -> Environment:
        """Return an environment with more libraries."""
        return replace(self, libraries=(*self.libraries, *libraries))


class _Memo:
    """The tables of an environment, and its programs by text and kind of compilation; the oldest are forgotten first.

    It keeps 2,000 programs at most, and 250,000 characters of them.
    """

    def __init__(self, environment: Environment) -> None:
        self._names = _names(environment)
        self._macros = macro_table(_macros(environment.libraries))
        self._fold = environment.rules.fold
        self._literals = LiteralRules(
            homogeneous=environment.rules.homogeneous,
            literals=environment.rules.literals,
            checks=[check for library in environment.libraries for check in library.checks],
        )
        self._limits = environment.limits
        self._programs: dict[tuple[str, bool], Program] = {}
        self._length = 0
        self._lock = Lock()

    def compiled(self, text: str, *, lenient: bool) -> Program:
        """Return the program of a text, which may be parsed only.

        Raises:
            CompileError: the text is not an expression that fits.

        """
        key = text, lenient
        found = self._programs.get(key)
        if found is not None:
            return found
        try:
            made = self._made(text, lenient=lenient)
        except RecursionError:
            raise CompileError(f"CEL expression {_TOO_DEEP}") from None
        with self._lock:
            if key not in self._programs:
                self._programs[key] = made
                self._length += len(text)
            while len(self._programs) > _KEPT or self._length > _KEPT_LENGTH:
                oldest = next(iter(self._programs))
                del self._programs[oldest]
                self._length -= len(oldest[0])
        return made

    def _made(self, text: str, *, lenient: bool) -> Program:
        tree = parse(text, self._macros)
        result = DYN
        if not lenient:
            types, issues = check(tree, self._names)
            issues += [] if issues else literal_issues(tree, types, self._literals)
            if issues:
                raise failure(text, issues)
            result = types[tree]
        compiled = compile_tree(tree, self._names, lenient=lenient, fold=self._fold)
        return Program(text, compiled, result, self._limits)


def _names(environment: Environment) -> Names:
    functions: dict[str, list[Overload]] = {}
    constants: dict[str, Constant] = {}
    structures: dict[str, Structure] = {}
    for library in environment.libraries:
        for each in library.functions:
            functions.setdefault(each.name, []).append(each.overload)
        constants |= library.constants
        structures |= {each.name: each for each in library.structures}
    return Names(
        functions=functions,
        variables=environment.variables,
        constants=constants,
        structures=structures,
        families=[family for library in environment.libraries for family in library.families],
        container=environment.container,
    )


def _macros(libraries: Sequence[Library]) -> list[Macro]:
    return [macro for library in libraries for macro in library.macros]

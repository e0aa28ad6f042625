"""Rules of a ClusterPolicy or Policy that validate: deny, patterns, foreach and CEL (Kyverno, ``pkg/engine``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine import conditions
from nixernetes.kyverno.engine.cel_validations import Expressions, conditions_met, first_line, told_message
from nixernetes.kyverno.engine.contexts import Request, RuleContext
from nixernetes.kyverno.engine.patterns import Mismatch, mismatch
from nixernetes.kyverno.engine.rows import RuleRow, not_evaluated
from nixernetes.kyverno.engine.variables import VariableError, has_variables, referenced, substituted
from nixernetes.languages.jmespath.errors import JmesPathError, UnknownKeyError
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["judged", "met"]

_KINDS: Final = ("deny", "pattern", "anyPattern", "foreach", "cel")
_NO_TEXT: Final = "the produced message didn't resolve to a string, check your policy definition."
_DEEPEST: Final = 8  # of a foreach in a foreach
_MOST: Final = 100_000  # elements of all foreach of one rule

Verdict = tuple[str, str]  # result and message


def met(block: Json, context: RuleContext) -> tuple[bool, str]:
    """Tell whether conditions are met, and the messages of those that decided.

    Raises:
        VariableError: a variable has no value.
        InputError: an operator is unknown.

    """
    if isinstance(block, list):
        if all(isinstance(each, dict) and ("any" in each or "all" in each) for each in block):
            return _all_met(lambda each: met(each, context), block)
        return _all_met(lambda each: (_holds(each, context), text_at(each, "message")), block)
    held: list[str] = []
    unmet: list[str] = []
    any_met = all_met = True
    if "any" in block and block["any"] is not None:
        any_met = False
        for each in objects_at(block, "any"):
            any_met = _holds(each, context)
            (held if any_met else unmet).append(text_at(each, "message"))
            if any_met:
                break
    for each in objects_at(block, "all"):  # asked even where none of ``any`` holds: an error in them is told
        all_met = _holds(each, context)
        (held if all_met else unmet).append(text_at(each, "message"))
        if not all_met:
            break
    return any_met and all_met, "; ".join(filter(None, held if any_met and all_met else unmet))


def _all_met(asked: Callable[[Json], tuple[bool, str]], blocks: list[Json]) -> tuple[bool, str]:
    said = []
    for each in blocks:
        is_met, message = asked(each)
        if not is_met:
            return False, message
        said.append(message)
    return True, ";".join(filter(None, said))


def _holds(condition: Json, context: RuleContext) -> bool:
    sides: dict[str, Json] = {}
    for name in ("key", "value"):
        try:
            sides[name] = substituted(at(condition, name), context.lookup)
        except VariableError as error:
            text = f"failed to substitute variables in condition {name}: {error.message}"
            raise VariableError(text) from error
    return conditions.holds(sides["key"], text_at(condition, "operator"), sides["value"])


def judged(rule: Mapping[str, Json], request: Request, context: RuleContext, namespace: Json) -> RuleRow | None:
    """Return the row of a rule that matches and whose preconditions are met; None where it says nothing."""
    name, validate = text_at(rule, "name"), mapping_at(rule, "validate")
    if "cel" in validate:
        return _cel(rule, validate, request, namespace)
    kind = next((each for each in _KINDS if each in validate), "")
    if not kind:
        return not_evaluated(name, f"validate.{next((each for each in sorted(validate) if each[:1] in 'mpa'), '')}")
    if request.operation == "DELETE" and kind in ("pattern", "anyPattern"):
        return None
    if kind == "foreach":
        return _foreach_row(name, validate, request, context)
    result, message = _decided(name, validate, request.manifest, context)
    return RuleRow(rule=name, result=result, message=message)


def _decided(name: str, validate: Mapping[str, Json], subject: Json, context: RuleContext) -> Verdict:
    if "deny" in validate:
        return _deny(name, validate, context)
    try:
        document = validate["pattern"] if "pattern" in validate else validate["anyPattern"]
        pattern = substituted(referenced(document), context.lookup) if _has_variables(document) else document
    except VariableError as error:
        return "error", f"variable substitution failed: {error.message}"
    if "pattern" in validate:
        found = mismatch(pattern, subject)
        return _one(name, found, validate, context) if found else ("pass", f"validation rule '{name}' passed.")
    return _several(name, pattern, subject, validate, context)


_VARIABLES: dict[int, tuple[Json, bool]] = {}  # of patterns that are held, so that no other has their id
_MOST_KNOWN: Final = 4096


def _has_variables(document: Json) -> bool:
    """Tell whether a pattern holds variables or references; worked out once for each of 4,096."""
    known = _VARIABLES.get(id(document))
    if known is not None and known[0] is document:
        return known[1]
    if len(_VARIABLES) >= _MOST_KNOWN:
        _VARIABLES.clear()
    found = has_variables(document)
    _VARIABLES[id(document)] = (document, found)
    return found


def _deny(name: str, validate: Mapping[str, Json], context: RuleContext) -> Verdict:
    try:
        is_denied, said = met(mapping_at(validate, "deny").get("conditions") or {}, context)
    except InputError as error:
        return "error", f"failed to check deny conditions: {error.message}"
    if not is_denied:
        return "pass", f"validation rule '{name}' passed."
    joined = "; ".join(filter(None, (text_at(validate, "message"), said)))
    if not joined:
        return "fail", f"validation error: rule {name} failed"
    try:
        told = substituted(joined, context.lookup)
    except VariableError:
        return "fail", said
    return "fail", told if isinstance(told, str) else _NO_TEXT


def _said(validate: Mapping[str, Json], name: str, context: RuleContext, reason: str) -> tuple[str, bool]:
    """Return the beginning of a message of failure, with the rule's own message, and whether more is to follow.

    A message whose variables have no value is told as such, with the reason of the failure (``buildErrorMessage``).
    """
    try:
        text = str(substituted(text_at(validate, "message"), context.lookup, "/validate/message"))
    except VariableError:
        return f"validation error: variables substitution error in rule {name} execution error: {reason}", False
    if not text:
        return "validation error: ", True
    return f"validation error: {text}{'' if text.endswith('.') else '.'} ", True


def _one(name: str, found: Mismatch, validate: Mapping[str, Json], context: RuleContext) -> Verdict:
    if found.status == "skip":
        return "skip", found.reason
    head, is_open = _said(validate, name, context, found.reason)
    if not is_open:
        return found.status, head
    if found.status == "error":
        return "error", f"{head}rule {name} execution error: {found.reason}"
    return "fail", f"{head}rule {name} failed at path {found.path}"


def _several(name: str, patterns: Json, subject: Json, validate: Mapping[str, Json], context: RuleContext) -> Verdict:
    failed, skipped = [], []
    for index, pattern in enumerate(patterns if isinstance(patterns, list) else []):
        found = mismatch(pattern, subject)
        if found is None:
            return "pass", f"validation rule '{name}' anyPattern[{index}] passed."
        if found.status == "skip":
            skipped.append(f"rule {name}[{index}] skipped: {found.reason}")
        elif found.path:
            failed.append(f"rule {name}[{index}] failed at path {found.path}")
        else:
            failed.append(f"rule {name}[{index}] failed: {found.reason}")
    if skipped and not failed:
        return "skip", " ".join(skipped)
    told = " ".join(failed)
    head, is_open = _said(validate, name, context, told)
    return "fail", head + told if is_open else head


def _foreach_row(name: str, validate: Mapping[str, Json], request: Request, context: RuleContext) -> RuleRow | None:
    loop = _Loop(name, request, text_at(validate, "message"))
    try:
        verdict = loop.all(objects_at(validate, "foreach"), context, 0)
    except InputError as error:
        return RuleRow(rule=name, result="error", message=f"failed to process foreach: {error.message}")
    if verdict is not None:
        result, message = verdict
        return RuleRow(rule=name, result=result, message=message)
    if loop.applied:
        return RuleRow(rule=name, result="pass", message="rule passed")
    if loop.broken:
        return RuleRow(rule=name, result="error", message=f"failed to evaluate list: {loop.broken}")
    return None


class _Loop:
    """The elements of ``foreach`` of one rule, all of them counted."""

    def __init__(self, name: str, request: Request, message: str) -> None:
        self.message = message
        self.name = name
        self.request = request
        self.applied = 0
        self.broken = ""
        self._left = _MOST

    def all(self, loops: list[dict[str, Json]], context: RuleContext, depth: int) -> Verdict | None:
        """Return the verdict of the first element that neither passes nor is passed over."""
        if depth > _DEEPEST:
            raise InputError(f"foreach is nested more than {_DEEPEST} deep")
        for loop in loops:
            try:
                found = context.search(text_at(loop, "list"))
            except UnknownKeyError:
                continue
            except JmesPathError as error:
                self.broken = f"JMESPath query failed: {error.message}"
                continue
            except VariableError as error:
                self.broken = error.message
                continue
            verdict = self._elements(loop, found if isinstance(found, list) else [found], context, depth)
            if verdict is not None:
                return verdict
        return None

    def _elements(
        self, loop: Mapping[str, Json], items: list[Json], context: RuleContext, depth: int
    ) -> Verdict | None:
        for index, element in enumerate(items):
            if element is None:
                continue
            self._left -= 1
            if self._left < 0:
                raise InputError(f"foreach has more than {_MOST:,} elements")
            added = {"element": element, "elementIndex": index}
            added |= {f"element{depth}": element, f"elementIndex{depth}": index}
            inner = context.nested(added)
            inner.load(list(objects_at(loop, "context")))
            try:
                if "preconditions" in loop and not met(loop["preconditions"], inner)[0]:
                    continue
            except InputError:
                continue
            verdict = self._element(loop, element, inner, depth)
            if verdict is not None and verdict[0] not in ("pass", "skip"):
                result, message = verdict
                return result, f"validation failure: {message}"
            self.applied += verdict is not None and verdict[0] == "pass"
        return None

    def _element(self, loop: Mapping[str, Json], element: Json, context: RuleContext, depth: int) -> Verdict | None:
        if "foreach" in loop:
            return self.all(objects_at(loop, "foreach"), context, depth + 1)
        is_scoped = loop.get("elementScope")
        if is_scoped is True and not isinstance(element, dict):
            kind = {str: "string", list: "[]interface {}", bool: "bool", int: "int64", float: "float64"}[type(element)]
            text = "cannot use elementScope=true foreach rules for elements that are not maps"
            raise InputError(f"{text}, expected type=map got type={kind}")
        is_element = isinstance(element, dict) and is_scoped is not False
        if not is_element and "deny" not in loop and self.request.operation == "DELETE":
            return None
        told = {**loop, "message": self.message}
        return _decided(self.name, told, element if is_element else self.request.manifest, context)


def _cel(rule: Mapping[str, Json], validate: Mapping[str, Json], request: Request, namespace: Json) -> RuleRow:
    name, cel = text_at(rule, "name"), mapping_at(validate, "cel")
    if "paramKind" in cel:
        return not_evaluated(name, "validate.cel with paramKind")
    asked = {key: value for key, value in request.document().items() if key not in ("object", "oldObject")}
    is_deleted = request.operation == "DELETE"
    known: dict[str, Json] = {
        "object": None if is_deleted else request.manifest,
        "oldObject": request.manifest if is_deleted else request.old or None,
        "request": asked,
        "namespaceObject": namespace,
        "params": None,
    }
    expressions = Expressions(known, objects_at(cel, "variables"), is_kyverno=False)
    is_met, broken = conditions_met(objects_at(rule, "celPreconditions"), expressions)
    if not is_met:
        return RuleRow(rule=name, result="skip", message="cel preconditions not met")
    if broken:
        return RuleRow(rule=name, result="fail", message=broken)
    for each in objects_at(cel, "expressions"):
        text = text_at(each, "expression")
        problem = expressions.compiles(text)
        if problem:
            return not_evaluated(name, f"expression '{text}': {problem}")
        try:
            if expressions.value(text) is True:
                continue
        except InputError as error:
            message = f"expression '{text}' resulted in error: {first_line(error)}"
            return RuleRow(rule=name, result="fail", message=message)
        own = text_at(validate, "message").strip() or f"failed expression: {text.strip()}"
        return RuleRow(rule=name, result="fail", message=told_message(each, expressions, own))
    return RuleRow(rule=name, result="pass", message=f"Validation rule '{name}' passed.")

"""What variables of a rule read: request, images, elements, and entries that are loaded when they are first named."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cluster.answers import ClusterAnswers, NotGivenError
from nixernetes.kyverno.engine.functions import functions_at
from nixernetes.kyverno.engine.images import POD_SPECS, images_of
from nixernetes.kyverno.engine.values import steps_of, with_value
from nixernetes.kyverno.engine.variables import Lookup, ShiftedError, VariableError, substituted
from nixernetes.languages.jmespath import compile_expression
from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.languages.jmespath.functions import json_text
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["PolicySurroundings", "Request", "RuleContext"]

_FINE: Final = 200  # HTTP
_OF_ACCOUNTS: Final = "system:serviceaccount:"
_NAMESPACE_PATH: Final = re.compile(r"/apis?/.*?/namespaces/([^/]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The admission of an object.

    Attributes:
        manifest: the object.
        old: what it was before, where it was; an empty object where Kyverno's command line is followed.
        operation: ``CREATE``, ``UPDATE`` or ``DELETE``.
        user: ``userInfo``, ``roles`` and ``clusterRoles``, where they are known.
        namespace: where the object is; ``""`` for what is in none.
        parent: of a subresource, the kind that it is of, and its name.

    """

    manifest: Manifest
    old: Manifest | None = None
    operation: str = "CREATE"
    user: Mapping[str, Json] | None = None
    namespace: str = ""
    parent: tuple[str, str] = ("", "")

    def document(self) -> dict[str, Json]:
        """Return ``request`` as variables and expressions of policies see it."""
        group, version = split_api_version(text_at(self.manifest, "apiVersion"))
        told: dict[str, Json] = {
            "object": self.manifest,
            "operation": self.operation,
            "name": text_at(self.manifest, "metadata", "name"),
            "namespace": self.namespace,
            "kind": {"group": group, "version": version, "kind": text_at(self.manifest, "kind")},
            "userInfo": {},
        }
        if self.operation == "DELETE":
            told |= {"object": None, "oldObject": self.manifest}
        elif self.old:
            told["oldObject"] = self.old
        return told | dict(self.user or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySurroundings:
    """What a policy may ask for beyond the object.

    Attributes:
        objects: what exists in the cluster.
        targets: what mutations of existing objects may change.
        others: what ``mutate.targets`` of rules may change as well, such as what is admitted together.
        params: parameters of admission policies.
        definitions: CustomResourceDefinitions, for the schemas of their kinds.
        namespace_labels: labels of namespaces by name.
        now: the time in RFC 3339; ``""`` where none is given.
        answers: what is answered when the cluster or a server is asked.

    """

    objects: Sequence[Manifest] = ()
    targets: tuple[Manifest, ...] = ()
    others: tuple[Manifest, ...] = ()
    params: tuple[Manifest, ...] = ()
    definitions: tuple[Manifest, ...] = ()
    namespace_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    now: str = ""
    answers: ClusterAnswers = field(default_factory=ClusterAnswers)


@dataclass(frozen=True, slots=True)
class _Pending:
    """An entry of ``context`` that is evaluated when an expression names it."""

    name: str
    load: Callable[[], Json]
    is_loaded: bool = False


class RuleContext:
    """The data of one rule on one object; ``lookup`` is that of its variables."""

    def __init__(
        self, request: Request, given: Mapping[str, Json], around: PolicySurroundings, namespace: str = ""
    ) -> None:
        self._request = request
        self._namespace = namespace  # of a policy that has one: it may not read beyond it
        self._around = around
        self._pending: list[_Pending] = []
        self._seen_by_entry: int | None = None  # while an entry is evaluated it sees those before it alone
        self.not_given: list[str] = []
        told = request.document()
        if request.user is None:
            del told["userInfo"]  # nobody is known, and nobody is no user without a name
        if request.operation == "DELETE":
            del told["object"]
        self.data: dict[str, Json] = {"request": told}
        if request.user is not None:
            self.data |= _service_account(text_at(told, "userInfo", "username"))
        if text_at(request.manifest, "kind") in POD_SPECS and request.operation != "DELETE":
            self._pending.append(_Pending("images", lambda: images_of(request.manifest)))
        for path, value in given.items():
            self._put(path, value)
        self._given = {path.partition(".")[0] for path in given}

    @property
    def lookup(self) -> Lookup:
        """The function from expressions of variables to values; what is deleted is ``request.oldObject`` to them."""
        return self._variable_value

    def _variable_value(self, expression: str) -> Json:
        if self._request.operation != "DELETE":
            return self.search(expression)
        shifted = expression.replace("request.object", "request.oldObject")
        try:
            return self.search(shifted)
        except JmesPathError as error:
            raise ShiftedError(shifted, f"JMESPath query failed: {error.message}") from error
        except VariableError as error:
            raise ShiftedError(shifted, error.message) from error

    def _put(self, path: str, value: Json) -> None:
        self.data = with_value(self.data, steps_of(path), value)

    def load(self, entries: list[Mapping[str, Json]]) -> None:
        """Declare entries of ``context``; each is evaluated when an expression names it, those of one name in turn."""
        names = {text_at(entry, "name") for entry in entries} - self._given
        self._pending = [each for each in self._pending if each.name not in names]
        for entry in entries:
            name = text_at(entry, "name")
            if name in names:
                self.data.pop(name, None)
                self._pending.append(_Pending(name, lambda entry=entry: self._entry(entry)))  # type: ignore[misc]

    def admit(self, manifest: Manifest) -> None:
        """Let ``request.object`` be an object that was changed, as the next ``foreach`` of a mutation sees it."""
        self.data = {**self.data, "request": {**mapping_at(self.data, "request"), "object": manifest}}

    def nested(self, added: Mapping[str, Json]) -> RuleContext:
        """Return a copy with more data, for an element of a ``foreach``."""
        inner = object.__new__(RuleContext)
        inner._request, inner._around, inner._namespace = self._request, self._around, self._namespace
        inner._pending = list(self._pending)
        inner._seen_by_entry = None
        inner._given = self._given
        inner.not_given = self.not_given
        inner.data = {**self.data, **added}
        return inner

    def search(self, expression: str) -> Json:
        """Return the value of an expression.

        Raises:
            JmesPathError: it has none.
            VariableError: an entry that it names cannot be loaded.

        """
        compiled = compile_expression(expression)
        if self._pending:
            self._evaluate(compiled.names)
        return compiled.search(self.data, functions_at(self._around.now))

    def _evaluate(self, names: frozenset[str]) -> None:
        """Load the entries that an expression names: of those before it, where the expression stands in an entry."""
        end = len(self._pending) if self._seen_by_entry is None else self._seen_by_entry
        for index, each in enumerate(self._pending[:end]):
            if each.name not in names or each.is_loaded:
                continue
            before, self._seen_by_entry = self._seen_by_entry, index
            try:
                self.data[each.name] = each.load()
                self._pending[index] = replace(each, is_loaded=True)
            except NotGivenError as error:  # Kyverno's command line leaves it unset
                self.not_given.append(error.message.removeprefix("not provided: "))
                self._pending[index] = replace(each, is_loaded=True)
            finally:
                self._seen_by_entry = before

    def _entry(self, entry: Mapping[str, Json]) -> Json:
        name = text_at(entry, "name")
        if "variable" in entry:
            return self._variable(name, mapping_at(entry, "variable"))
        if "configMap" in entry:
            return self._config_map(name, mapping_at(entry, "configMap"))
        if "apiCall" in entry:
            return self._called(name, mapping_at(entry, "apiCall"))
        if "globalReference" in entry:
            asked = mapping_at(entry, "globalReference")
            path, held_by = text_at(asked, "jmesPath"), text_at(substituted(asked, self.lookup), "name")
            held = self._around.answers.entry(held_by, "")
            if held is None:
                raise NotGivenError(f"GlobalContextEntry {held_by}")
            return self._transformed(name, held, path) if path else held
        if "imageRegistry" in entry:
            asked = mapping_at(entry, "imageRegistry")
            reference = text_at(substituted({"r": text_at(asked, "reference")}, self.lookup), "r")
            known = dict(self._around.answers.image(reference))
            known.setdefault("configData", known.get("config"))
            path = text_at(asked, "jmesPath")
            return self._transformed(name, known, path) if path else known
        raise VariableError(f"not evaluated: context entry {name} of unknown type")

    def _config_map(self, name: str, entry: Mapping[str, Json]) -> Json:
        """Return a ConfigMap (Kyverno, ``loaders/configmap.go``)."""
        asked = substituted(entry, self.lookup, "/configMap")
        space, wanted = text_at(asked, "namespace") or self._namespace or "default", text_at(asked, "name")
        broken = f"failed to retrieve config map for context entry {name}"
        if self._namespace and space != self._namespace:
            words = f'configMap namespace "{space}" is different from policy namespace "{self._namespace}"'
            raise VariableError(f"{broken}: context entry {name}: {words}")
        found = self._around.answers.config_map(space, wanted)
        if found is None and self._around.answers.is_known:
            text = f'failed to get configmap {space}/{wanted} : configmaps "{wanted}" not found'
            raise VariableError(f"{broken}: {text}")
        if found is None:
            raise NotGivenError(f"configMap {space}/{wanted}")
        return {"data": mapping_at(found, "data"), "metadata": mapping_at(found, "metadata")}

    def _called(self, name: str, call: Mapping[str, Json]) -> Json:
        """Return what an API call gives (Kyverno, ``pkg/engine/apicall``)."""
        asked = substituted({key: value for key, value in call.items() if key != "jmesPath"}, self.lookup)
        self._stay_home(text_at(asked, "urlPath"))
        method, service = text_at(asked, "method") or "GET", text_at(asked, "service", "url")
        try:
            found = self._response(name, method, service) if service else self._got(name, method, asked)
        except InputError:
            if "default" not in call:
                raise
            return asked["default"]
        path = text_at(call, "jmesPath")
        return self._transformed(name, found, path) if path else found

    def _stay_home(self, path: str) -> None:
        """Refuse a call that leaves the namespace of the policy.

        Raises:
            VariableError: it does.

        """
        if not self._namespace:
            return
        clean = posixpath.normpath(path) if path else "."
        found = _NAMESPACE_PATH.match(clean)
        if found is None:
            words = f"path {clean} does not contain a namespace segment, which is required for namespaced policies"
            raise VariableError(f"failed to fetch data for APICall: {words}")
        if found[1] != self._namespace:
            words = f"which is different from the policy namespace {self._namespace}"
            text = f"path {clean} refers to namespace {found[1]}, {words}"
            raise VariableError(f"failed to fetch data for APICall: {text}")

    def _response(self, name: str, method: str, url: str) -> Json:
        response = self._around.answers.call(method, url)
        status = response.get("statusCode") or _FINE
        if not isinstance(status, int) or not _FINE <= status < _FINE + 100:
            words = "(v1 apiCall treats non-2xx as failure)"
            raise VariableError(f'HTTP {status} from apiCall mock for context entry "{name}" {words}')
        return response.get("body")

    def _got(self, name: str, method: str, asked: Json) -> Json:
        path = text_at(asked, "urlPath")
        if self._around.answers.is_answered(method, path):
            return self._response(name, method, path)
        try:
            return self._around.answers.raw(path)
        except NotGivenError:
            raise
        except InputError as error:
            text = f"failed to fetch data for APICall: failed to GET resource with raw url: {path}: {error.message}"
            raise VariableError(text) from error

    def _transformed(self, name: str, data: Json, path: str) -> Json:
        query = text_at(substituted({"q": path}, self.lookup), "q")
        try:
            return compile_expression(query).search(data, functions_at(self._around.now))
        except JmesPathError as error:
            text = f"failed to apply JMESPath {query} for context entry {name}: {error.message}"
            raise VariableError(f"failed to store data for APICall: {text}") from error

    def _variable(self, name: str, variable: Mapping[str, Json]) -> Json:
        query = self._filled(name, {"jmesPath": text_at(variable, "jmesPath")}, "jmesPath")
        default = self._filled(name, variable, "default") if variable.get("default") is not None else None
        found: Json = None
        if "value" in variable:
            found = self._filled(name, variable, "value")
        if query:
            try:
                found = self._queried(str(query), found, is_own="value" in variable)
            except InputError as error:
                if default is None:  # Kyverno tells what came of the query, which is nothing, and not the variable
                    text = f"failed to apply jmespath {query} to variable <nil>: {error.message}"
                    raise VariableError(text) from error
                found = None
        found = default if found is None else found
        if found is None:
            text = f"failed to add context entry for variable {name} since it evaluated to nil"
            raise VariableError(text)
        return found

    def _queried(self, query: str, value: Json, *, is_own: bool) -> Json:
        if is_own:
            return compile_expression(query).search(value, functions_at(self._around.now))
        try:
            return self.search(query)
        except JmesPathError as error:
            raise VariableError(f"JMESPath query failed: {error.message}") from error

    def _filled(self, name: str, variable: Mapping[str, Json], field_name: str) -> Json:
        given = variable[field_name]
        try:
            return substituted(given, self.lookup)
        except VariableError as error:
            written = given if isinstance(given, str) else json_text(given)
            text = f"failed to substitute variables in context entry {name} {written}: {error.message}"
            raise VariableError(text) from error


def _service_account(username: str) -> dict[str, Json]:
    """Return ``serviceAccountName`` and ``serviceAccountNamespace``, empty for who is none."""
    parts = username[len(_OF_ACCOUNTS) :].split(":")
    space, name = parts[:2] if len(parts) > 1 else ("", "")
    return {"serviceAccountName": name, "serviceAccountNamespace": space}


def entries_of(rule: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """Return the entries of ``context`` of a rule or of a ``foreach``."""
    return list(objects_at(rule, "context"))

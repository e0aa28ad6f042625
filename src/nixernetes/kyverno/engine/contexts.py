"""What variables of a rule read: request, images, elements, and entries that are loaded when they are first named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cluster.answers import ClusterAnswers, NotGivenError
from nixernetes.kyverno.engine.functions import functions_at
from nixernetes.kyverno.engine.images import POD_SPECS, images_of
from nixernetes.kyverno.engine.values import steps_of, with_value
from nixernetes.kyverno.engine.variables import Lookup, VariableError, substituted
from nixernetes.languages.jmespath import compile_expression
from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["PolicySurroundings", "Request", "RuleContext"]

_DEEPEST: Final = 32


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


class RuleContext:
    """The data of one rule on one object; ``lookup`` is that of its variables."""

    def __init__(self, request: Request, given: Mapping[str, Json], around: PolicySurroundings) -> None:
        self._request = request
        self._around = around
        self._pending: dict[str, list[Callable[[], Json]]] = {}
        self._loading: list[str] = []
        self.not_given: list[str] = []
        told = request.document()
        if request.user is None:
            del told["userInfo"]  # nobody is known, and nobody is no user without a name
        self.data: dict[str, Json] = {"request": told}
        if text_at(request.manifest, "kind") in POD_SPECS:
            self._pending["images"] = [lambda: images_of(request.manifest)]
        for path, value in given.items():
            self._put(path, value)
        self._given = {path.partition(".")[0] for path in given}

    @property
    def lookup(self) -> Lookup:
        """The function from expressions of variables to values; what is deleted is ``request.oldObject`` to them."""
        return self._variable_value

    def _variable_value(self, expression: str) -> Json:
        if self._request.operation == "DELETE":
            expression = expression.replace("request.object", "request.oldObject")
        return self.search(expression)

    def _put(self, path: str, value: Json) -> None:
        self.data = with_value(self.data, steps_of(path), value)

    def load(self, entries: list[Mapping[str, Json]]) -> None:
        """Declare entries of ``context``; each is evaluated when an expression names it, those of one name in turn."""
        new: dict[str, list[Callable[[], Json]]] = {}
        for entry in entries:
            name = text_at(entry, "name")
            if name not in self._given:
                self.data.pop(name, None)
                new.setdefault(name, []).append(lambda entry=entry: self._entry(entry))  # type: ignore[misc]
        self._pending |= new

    def admit(self, manifest: Manifest) -> None:
        """Let ``request.object`` be an object that was changed, as the next ``foreach`` of a mutation sees it."""
        self.data = {**self.data, "request": {**mapping_at(self.data, "request"), "object": manifest}}

    def nested(self, added: Mapping[str, Json]) -> RuleContext:
        """Return a copy with more data, for an element of a ``foreach``."""
        inner = object.__new__(RuleContext)
        inner._request, inner._around = self._request, self._around
        inner._pending = {name: list(entries) for name, entries in self._pending.items()}
        inner._loading = []
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
        for name in compiled.names & self._pending.keys():
            self._evaluate(name)
        return compiled.search(self.data, functions_at(self._around.now))

    def _evaluate(self, name: str) -> None:
        if len(self._loading) > _DEEPEST:
            raise VariableError(f"context entry {name} leads to itself")
        self._loading.append(name)
        loaders = self._pending.pop(name)
        try:
            for load in loaders:
                self.data[name] = load()
        except NotGivenError as error:  # Kyverno's command line leaves it unset
            self.not_given.append(error.message.removeprefix("not provided: "))
        except InputError:
            self._pending[name] = loaders
            raise
        finally:
            self._loading.remove(name)

    def _entry(self, entry: Mapping[str, Json]) -> Json:
        name = text_at(entry, "name")
        if "variable" in entry:
            return self._variable(name, mapping_at(entry, "variable"))
        if "configMap" in entry:
            asked = substituted(mapping_at(entry, "configMap"), self.lookup, "/configMap")
            space, wanted = text_at(asked, "namespace") or "default", text_at(asked, "name")
            found = self._around.answers.config_map(space, wanted)
            if found is None:
                raise NotGivenError(f"configMap {space}/{wanted}")
            return found
        if "apiCall" in entry:
            return self._called(name, mapping_at(entry, "apiCall"))
        if "globalReference" in entry:
            asked = mapping_at(entry, "globalReference")
            path = text_at(asked, "jmesPath")
            held = self._around.answers.entry(text_at(substituted(asked, self.lookup), "name"), "")
            return self._transformed(name, held, path) if path else held
        if "imageRegistry" in entry:
            asked = mapping_at(entry, "imageRegistry")
            reference = text_at(substituted({"r": text_at(asked, "reference")}, self.lookup), "r")
            known = dict(self._around.answers.image(reference))
            known.setdefault("configData", known.get("config"))
            path = text_at(asked, "jmesPath")
            return self._transformed(name, known, path) if path else known
        raise VariableError(f"not evaluated: context entry {name} of unknown type")

    def _called(self, name: str, call: Mapping[str, Json]) -> Json:
        """Return what an API call gives (Kyverno, ``pkg/engine/apicall``)."""
        asked = substituted({key: value for key, value in call.items() if key != "jmesPath"}, self.lookup)
        answers = self._around.answers
        service = text_at(asked, "service", "url")
        try:
            if service:
                found = mapping_at({"r": answers.call(text_at(asked, "method") or "GET", service)}, "r").get("body")
            else:
                found = self._got(text_at(asked, "urlPath"))
        except InputError:
            if "default" not in call:
                raise
            return asked["default"]
        path = text_at(call, "jmesPath")
        return self._transformed(name, found, path) if path else found

    def _got(self, path: str) -> Json:
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
        default = variable.get("default")
        try:
            found = substituted(variable["value"], self.lookup, "/value") if "value" in variable else None
            query = text_at(substituted({"q": text_at(variable, "jmesPath")}, self.lookup), "q")
            if query:
                inner = compile_expression(query)
                found = (
                    inner.search(found, functions_at(self._around.now)) if "value" in variable else self.search(query)
                )
        except JmesPathError:
            if "default" not in variable and "value" in variable:
                raise
            found = None
        except VariableError:
            if "default" not in variable:
                raise
            found = None
        if found is None and default is not None:
            found = substituted(default, self.lookup, "/default")
        if found is None:
            text = f"failed to add context entry for variable {name} since it evaluated to nil"
            raise VariableError(text)
        return found


def entries_of(rule: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """Return the entries of ``context`` of a rule or of a ``foreach``."""
    return list(objects_at(rule, "context"))

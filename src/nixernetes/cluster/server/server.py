"""The API server of one cluster: a request in, an answer out, nothing in between but values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from nixernetes.cluster.access.requesting import requested_by
from nixernetes.cluster.access.users import User
from nixernetes.cluster.admission.webhook_calls import WebhookNeededError, answered
from nixernetes.cluster.api import ApiError, Details, Event
from nixernetes.cluster.history import History
from nixernetes.cluster.provided.aggregation import is_remote
from nixernetes.cluster.server.bodies import MOST_BYTES, applied_object, object_of, options_of
from nixernetes.cluster.server.encoding import encoded
from nixernetes.cluster.server.forms import TABLE, check_include, shaped
from nixernetes.cluster.server.health import health
from nixernetes.cluster.server.media import JSON, PROTOBUF, YAML, Form, accepted, media_type
from nixernetes.cluster.server.options import DeleteOptions, ListOptions, WriteOptions
from nixernetes.cluster.server.parts.answering import ObjectParts
from nixernetes.cluster.server.parts.insides import PodInsides
from nixernetes.cluster.server.parts.reviews import Reviews
from nixernetes.cluster.server.paths import Target, target
from nixernetes.cluster.server.reading import Reads
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.statuses import code_of, failure
from nixernetes.cluster.server.watching import Watches
from nixernetes.cluster.server.writes import warnings
from nixernetes.cluster.server.writes.field_validation import of_body, repeated_in
from nixernetes.cluster.server.writes.patching import APPLY, patch_of
from nixernetes.cluster.server.writes.writing import WriteResult, Writes, WriteStore
from nixernetes.cluster.strays import given_twice
from nixernetes.objects.api_groups import AUTHENTICATION, RBAC
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import API_SERVICE
from nixernetes.objects.manifest import Manifest

__all__ = ["Access", "ApiServer", "Documents", "Gate", "ServedResources"]

_PLAIN: Final = "text/plain; charset=utf-8"
_HEALTH: Final = ("/healthz", "/livez", "/readyz")
_NO_BODY: Final = Form()
_BINDING: Final = GroupKind("", "Binding")
_NOT_ALLOWED: Final = "the server does not allow this method on the requested resource"


class ServedResources(Protocol):
    """What is served."""

    def find(self, what: Target) -> Served | None:
        """Return the resource that a path names.

        Raises:
            ApiError: the group is known, and has no such version, resource or subresource.

        """
        ...

    def verbs(self, served: Served) -> Iterable[str]:
        """Return the verbs of a resource or of its part."""
        ...


class Access(Protocol):
    """Who may ask, and do what."""

    @property
    def gate(self) -> Gate:
        """Return who lets in."""
        ...

    @property
    def reviews(self) -> Reviews:
        """Return who answers questions about it."""
        ...

    def check_grant(self, user: User, served: Served, manifest: Manifest, live: Manifest | None) -> None:
        """Refuse a role or a binding that gives more than its writer has."""
        ...

    def check_creation(self, user: User, served: Served) -> None:
        """Refuse to create by a replacement or an apply what its writer may not create."""
        ...


class Gate(Protocol):
    """Who may ask."""

    def admit(self, request: ApiRequest, what: Target | None) -> User:
        """Return who asks; refuse who may not.

        Raises:
            ApiError: Unauthorized or Forbidden.

        """
        ...


class Documents(Protocol):
    """What a server says of itself: versions, discovery, OpenAPI."""

    def answer(self, request: ApiRequest) -> ApiResponse | None:
        """Return the document at a path; None where there is none."""
        ...


class ApiServer:
    """Answers the requests of the Kubernetes API for one cluster.

    Args:
        store: the cluster.
        resources: what it serves.
        documents: what it says of itself.
        access: who may ask, and do what.
        insides: knows what is in pods; None where nothing of it is known.
        history: the changes of a cluster that is kept: watches are then told of changes in :meth:`settle` alone.
            None for a cluster in memory, whose changes are told as they come.

    """

    def __init__(
        self,
        store: WriteStore,
        resources: ServedResources,
        documents: Sequence[Documents],
        access: Access,
        insides: PodInsides | None = None,
        history: History | None = None,
    ) -> None:
        self._store = store
        self._holds = history is not None
        self._told = store.revision
        self._gate: Gate = access.gate
        self._access = access
        self._resources = resources
        self._documents = documents
        self._history = history or History(store)
        self._watches = Watches()
        self._reads = Reads(store, self._history, self._watches)
        self._writes = Writes(store)
        self._parts = ObjectParts(store, insides)
        store.watch(self._note)

    def handle(self, request: ApiRequest) -> ApiResponse:
        """Answer one request; a refusal is an answer, too.

        Raises:
            WebhookNeededError: a webhook has to be asked first; nothing is stored yet.

        """
        form, told = _NO_BODY, tuple[str, ...]()
        try:
            _check_size(request)
            what = target(request.path)
            request = replace(request, user=self._gate.admit(request, what))
            if what is None:
                return self._document(request)
            served = self._resources.find(what)
            if served is None:
                return self._nothing(request.path)
            told = warnings.of_resource(served)
            streams = request.method == "GET" and not served.name
            form = accepted(request.headers.get("accept", ""), streams=streams, custom=served.is_custom)
            if form.shape.kind == TABLE:
                form = replace(form, include=check_include(request.query.text("includeObject")))
            with requested_by(request.user), answered(request.webhooks):
                return self._resource(request, served, form)
        except ApiError as error:
            if error.reason == "NoMatch":
                return _nothing()
            if error.reason == "PlainText":
                return ApiResponse(status=error.code, content_type=_PLAIN, body=f"{error.message}\n".encode())
            headers = (("retry-after", str(error.retry_after)),) if error.retry_after else ()
            headers = (*(("warning", _warning(text)) for text in told), *headers)
            return _answer(code_of(error), failure(error), Form(form.media), headers=headers)
        except WebhookNeededError:
            raise
        except Exception as error:  # noqa: BLE001  # a bug of ours ends one request, whose client is told
            bug = ApiError("InternalError", f"Internal error occurred: {type(error).__name__}: {error}")
            return _answer(500, failure(bug), Form(form.media))

    def refuse(self, error: ApiError) -> ApiResponse:
        """Return the answer to a request whose changes could not be kept."""
        return _answer(code_of(error), failure(error), Form())

    def settle(self, kept: int | None = None) -> None:
        """Tell watches of the changes that are kept now, and forget those that were taken back.

        Args:
            kept: the last change that is kept; default: all of them.

        """
        self._history.cut()
        last = self._store.revision if kept is None else kept
        if len(self._watches):
            for change in self._history.all_since(self._told):
                if change.revision <= last:
                    self._watches.note(change)
        self._told = last

    def end(self) -> None:
        """End all watches."""
        self._watches.end_all()

    @property
    def watching(self) -> int:
        """Return how many watches are open."""
        return len(self._watches)

    def _note(self, event: Event) -> None:
        del event  # the history has noted it, with its revision
        if len(self._watches) and not self._holds:
            self._watches.note(self._history.last())

    def _document(self, request: ApiRequest) -> ApiResponse:
        if request.path.startswith(_HEALTH):
            return health(request)
        answers = (each.answer(request) for each in self._documents)
        return next((found for found in answers if found is not None), None) or self._nothing(request.path)

    def _nothing(self, path: str) -> ApiResponse:
        """Say that nothing is at a path, or that the server that answers there cannot be asked."""
        match path.split("/")[1:4]:
            case ["apis", group, version]:
                found = self._store.rows(API_SERVICE).get(("", f"{version}.{group}"))
                if found is not None and is_remote(found):
                    return ApiResponse(status=503, content_type=_PLAIN, body=b"service unavailable\n")
        return _nothing()

    def _resource(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        self._store.take_warnings()  # those of writes that no client made
        verb = self._verb(request, served)
        if served.is_custom and served.is_namespaced and not served.namespace and verb not in ("list", "watch"):
            raise ApiError("PlainText", "404 page not found", code=404)
        is_everywhere = served.is_namespaced and not served.namespace and verb not in ("list", "watch")
        if (
            verb not in self._resources.verbs(served)
            or is_everywhere
            or (verb == "create" and served.name and not served.target.subresource)
        ):
            raise ApiError("MethodNotAllowed", _NOT_ALLOWED, details=Details())
        if verb == "create" and self._access.reviews.answers(served):
            options = WriteOptions.read(request.query, request.headers.get("user-agent", ""), "CreateOptions")
            kind = ("TokenRequest", f"{AUTHENTICATION}/v1") if served.target.subresource else ("", "")
            manifest = object_of(request.body, media_type(request.headers.get("content-type", "")), served, *kind)
            reviewed = self._access.reviews.create(served, request.user, manifest, options.manager)
            return self._written(reviewed, served, form)
        found = self._parts.answer(verb, request, served) if served.target.subresource else None
        if isinstance(found, ApiResponse):
            return found
        if found is not None:
            return self._written(found, served, form)
        handler: Callable[[ApiRequest, Served, Form], ApiResponse] = getattr(self, f"_{verb}")
        response = handler(request, served, form)
        told = tuple(("warning", _warning(text)) for text in warnings.of_resource(served))
        return replace(response, headers=(*told, *response.headers)) if told else response

    def _verb(self, request: ApiRequest, served: Served) -> str:
        is_one = bool(served.name)
        match request.method:
            case "HEAD" if not served.is_custom:
                return ""  # no route has it
            case "GET" | "HEAD" if served.target.is_watch or (request.query.flag("watch") and not is_one):
                return "watch"
            case "GET" | "HEAD":
                return "get" if is_one else "list"
            case "POST":
                return "create"
            case "PUT" if is_one:
                return "update"
            case "PATCH" if is_one:
                return "patch"
            case "DELETE":
                return "delete" if is_one else "deletecollection"
        return ""

    def _get(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        self._reads.check_version(request.query.text("resourceVersion"))
        return _answer(200, self._reads.get(served, form), form)

    def _list(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        return _answer(200, self._reads.list(served, ListOptions.read(request.query), form), form)

    def _watch(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        return self._reads.watch(served, ListOptions.read(request.query, is_watch=True), form)

    def _create(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        if served.kind == _BINDING:
            return self._written(self._parts.bind(request, served), served, form)
        options = WriteOptions.read(request.query, request.headers.get("user-agent", ""), "CreateOptions")
        manifest, warned = self._sent(request, served, options)
        done = self._guarded(request.user, served, options, lambda how: self._writes.create(served, manifest, how))
        return self._written(done, served, form, warned)

    def _update(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        options = WriteOptions.read(request.query, request.headers.get("user-agent", ""), "UpdateOptions")
        manifest, warned = self._sent(request, served, options)
        done = self._guarded(request.user, served, options, lambda how: self._writes.replace(served, manifest, how))
        return self._written(done, served, form, warned)

    def _patch(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        is_apply = media_type(request.headers.get("content-type", "")) == APPLY
        agent = request.headers.get("user-agent", "")
        options = WriteOptions.read(request.query, agent, "PatchOptions", applies=is_apply)
        if is_apply:
            desired = applied_object(request.body, served)
            done = self._guarded(request.user, served, options, lambda how: self._writes.apply(served, desired, how))
            return self._written(done, served, form)
        change = patch_of(request, served, options.validation, self._store)
        done = self._guarded(request.user, served, options, lambda how: self._writes.patch(served, change, how))
        return self._written(done, served, form)

    def _guarded(
        self, user: User, served: Served, options: WriteOptions, write: Callable[[WriteOptions], WriteResult]
    ) -> WriteResult:
        """Write as somebody may: what creates has to be allowed to, and nobody grants more than they have.

        Roles and bindings are looked at as they would be stored, whatever the verb.
        """
        if user.is_administrator:
            return write(options)
        live = self._store.rows(served.kind).get((served.namespace, served.name)) if served.name else None
        if served.name and live is None and not served.target.subresource:
            self._access.check_creation(user, served)
        if served.kind.group == RBAC:
            tried = write(replace(options, dry_run=True))
            self._access.check_grant(user, served, tried.manifest, live)
        return write(options)

    def _sent(self, request: ApiRequest, served: Served, options: WriteOptions) -> tuple[Manifest, tuple[str, ...]]:
        """Return the object of a body, and what its sender is warned of."""
        media = media_type(request.headers.get("content-type", ""))
        manifest = object_of(request.body, media, served)
        if options.validation == "Ignore":
            return manifest, ()
        unknown = self._store.unknown_fields(manifest)
        twice = repeated_in(request.body) if media == YAML else given_twice(manifest)
        return manifest, of_body(served, options.validation, unknown, twice)

    def _delete(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        options = DeleteOptions.read(request.query, options_of(request))
        return self._written(self._writes.delete(served, options), served, form)

    def _deletecollection(self, request: ApiRequest, served: Served, form: Form) -> ApiResponse:
        options = DeleteOptions.read(request.query, options_of(request))
        found = self._reads.list(served, ListOptions.read(request.query), Form())
        for each in found["items"]:
            name, namespace = each["metadata"]["name"], each["metadata"].get("namespace", "")
            self._writes.delete(served.of(name, namespace), options)
        return _answer(200, found, form)

    def _written(self, written: WriteResult, served: Served, form: Form, warned: tuple[str, ...] = ()) -> ApiResponse:
        headers = tuple(("warning", _warning(text)) for text in (*warned, *written.warnings))
        manifest = written.manifest
        if form.shape.kind and manifest["kind"] != "Status":
            manifest = shaped(manifest, served, form, self._store.now())
        return _answer(201 if written.is_new else 200, manifest, form, headers=headers)


def _check_size(request: ApiRequest) -> None:
    if len(request.body) > MOST_BYTES:
        raise ApiError("RequestEntityTooLarge", f"ApiRequest entity too large: limit is {MOST_BYTES}")


def _answer(status: int, manifest: Manifest, form: Form, headers: tuple[tuple[str, str], ...] = ()) -> ApiResponse:
    if form.media == PROTOBUF:
        form = Form(JSON, form.shape)
    return ApiResponse(status=status, content_type=form.media, body=encoded(manifest, form), headers=headers)


def _warning(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'299 - "{quoted}"'


def _nothing() -> ApiResponse:
    return ApiResponse(status=404, content_type=_PLAIN, body=b"404 page not found\n")

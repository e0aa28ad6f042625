"""``nixernetes lsp`` as an editor talks to it, over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.verify.case_files import CASES, read_case

pytest.importorskip("pygls", reason="the language server is an extra")
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

pytestmark = pytest.mark.slow

_PATIENCE = 60.0  # seconds; a machine under load
_FAILING = "clusters/prod/apps.yaml"


class _Editor(LanguageClient):
    """An editor that keeps what the server says of each file."""

    def __init__(self, root: Path) -> None:
        super().__init__("editor", "1")
        self.root = root
        self.told: dict[str, asyncio.Queue[list[lsp.Diagnostic]]] = {}

        @self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _told(params: lsp.PublishDiagnosticsParams) -> None:
            self.queue(params.uri).put_nowait(list(params.diagnostics))

        @self.feature(lsp.WINDOW_LOG_MESSAGE)
        def _logged(params: lsp.LogMessageParams) -> None:
            sys.stderr.write(f"{params.message}\n")

    def queue(self, uri: str) -> asyncio.Queue[list[lsp.Diagnostic]]:
        return self.told.setdefault(uri, asyncio.Queue())

    def uri(self, file: str) -> str:
        return (self.root / file).as_uri()

    async def begin(self) -> lsp.InitializeResult:
        await self.start_io(str(Path(sys.executable).with_name("nixernetes")), "lsp")
        params = lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), root_uri=self.root.as_uri())
        found = await self.initialize_async(params)
        self.initialized(lsp.InitializedParams())
        return found

    async def diagnostics(self, file: str) -> list[lsp.Diagnostic]:
        return await asyncio.wait_for(self.queue(self.uri(file)).get(), _PATIENCE)

    def open(self, file: str) -> str:
        text = (self.root / file).read_text()
        item = lsp.TextDocumentItem(uri=self.uri(file), language_id="yaml", version=1, text=text)
        self.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
        return text

    def type(self, file: str, text: str, version: int) -> None:
        document = lsp.VersionedTextDocumentIdentifier(uri=self.uri(file), version=version)
        change = lsp.TextDocumentContentChangeWholeDocument(text=text)
        self.text_document_did_change(lsp.DidChangeTextDocumentParams(text_document=document, content_changes=[change]))

    async def definition(self, file: str, text: str, wanted: str) -> list[tuple[str, int]]:
        params = lsp.DefinitionParams(
            text_document=lsp.TextDocumentIdentifier(uri=self.uri(file)), position=_position(text, wanted)
        )
        found = await self.text_document_definition_async(params)
        assert isinstance(found, list)
        return [
            (each.uri.removeprefix(f"{self.root.as_uri()}/"), each.range.start.line + 1)
            for each in found
            if isinstance(each, lsp.Location)
        ]

    async def hover(self, file: str, text: str, wanted: str) -> str:
        params = lsp.HoverParams(
            text_document=lsp.TextDocumentIdentifier(uri=self.uri(file)), position=_position(text, wanted)
        )
        found = await self.text_document_hover_async(params)
        return found.contents.value if found is not None and isinstance(found.contents, lsp.MarkupContent) else ""


def _position(text: str, wanted: str) -> lsp.Position:
    """Return the last character of a text in a file."""
    at = text.index(wanted) + len(wanted) - 1
    before = text[:at]
    return lsp.Position(line=before.count("\n"), character=at - before.rfind("\n") - 1)


def _talk(root: Path, talk: Callable[[_Editor], Awaitable[None]]) -> None:
    async def whole() -> None:
        editor = _Editor(root)
        await editor.begin()
        await talk(editor)
        await asyncio.wait_for(editor.shutdown_async(None), _PATIENCE)
        editor.exit(None)
        await editor.stop()

    asyncio.run(whole())


def test_findings_come_and_go_as_one_types(tmp_path: Path) -> None:
    root = read_case(CASES / "rules" / "missing-source-failing.txt").repository(tmp_path)

    async def talk(editor: _Editor) -> None:
        (first,) = await editor.diagnostics(_FAILING)
        assert (first.code, first.severity, first.source) == (
            "missing-source",
            lsp.DiagnosticSeverity.Error,
            "nixernetes",
        )
        line = (root / _FAILING).read_text().splitlines()[first.range.start.line]
        assert line[first.range.start.character : first.range.end.character] == "name: fleet"
        text = editor.open(_FAILING)
        assert await editor.diagnostics(_FAILING)
        editor.type(_FAILING, text.replace("name: fleet", "name: flux-system"), 2)
        assert await editor.diagnostics(_FAILING) == []
        assert (root / _FAILING).read_text() == text

    _talk(root, talk)


def test_a_file_that_is_half_typed_ends_nothing(tmp_path: Path) -> None:
    root = read_case(CASES / "rules" / "missing-source-failing.txt").repository(tmp_path)

    async def talk(editor: _Editor) -> None:
        await editor.diagnostics(_FAILING)
        text = editor.open(_FAILING)
        await editor.diagnostics(_FAILING)
        editor.type(_FAILING, text.replace("sourceRef:", "sourceRef: {[ :"), 2)
        await editor.diagnostics(_FAILING)
        editor.type(_FAILING, text, 3)
        found = await editor.diagnostics(_FAILING)
        assert [each.code for each in found] == ["missing-source"]

    _talk(root, talk)


def test_definitions_and_hovers_of_flux(tmp_path: Path) -> None:
    root = read_case(CASES / "rules" / "missing-values-clean.txt").repository(tmp_path)
    (root / "clusters/prod/more.yaml").write_text(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        "metadata: {name: more, namespace: flux-system}\nspec:\n  interval: 10m\n  path: ./apps\n  prune: true\n"
        "  dependsOn:\n    - name: apps\n  sourceRef:\n    kind: GitRepository\n    name: flux-system\n"
        "  postBuild:\n    substituteFrom:\n      - kind: ConfigMap\n        name: settings\n      - kind: Secret\n"
        "        name: nobody\n"
    )
    listing = root / "clusters/prod/kustomization.yaml"
    listing.write_text(listing.read_text().replace("apps.yaml]", "apps.yaml, more.yaml]"))

    async def talk(editor: _Editor) -> None:
        file = "clusters/prod/more.yaml"
        text = editor.open(file)
        assert await editor.diagnostics(file) == []
        source = await editor.definition(file, text, "GitRepository\n    name: flux-system")
        assert source == [("clusters/prod/flux-system/gotk-sync.yaml", 3)]
        assert await editor.definition(file, text, "- name: apps") == [("clusters/prod/apps.yaml", 8)]
        assert await editor.definition(file, text, "./apps") == [("apps/config.yaml", 1)]
        ((where, _),) = await editor.definition(file, text, "ConfigMap\n        name: settings")
        assert where == "clusters/prod/kustomization.yaml"
        assert await editor.definition(file, text, "interval: 10m") == []
        listed = listing.read_text()
        editor.open("clusters/prod/kustomization.yaml")
        assert await editor.definition("clusters/prod/kustomization.yaml", listed, "apps.yaml") == [
            ("clusters/prod/apps.yaml", 1)
        ]
        told = await editor.hover(file, text, "- name: apps")
        assert "Kustomization/flux-system/apps" in told
        assert "ready when applied" in told
        assert "not declared" in await editor.hover(file, text, "Secret\n        name: nobody")
        assert await editor.hover(file, text, "prune") == ""

    _talk(root, talk)


def test_definitions_of_projects_and_config_maps_of_argo_cd(tmp_path: Path) -> None:
    root = read_case(CASES / "rules" / "project-permission-clean.txt").repository(tmp_path)
    pod = root / "shop" / "pod.yaml"
    pod.write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n"
        "      image: ghcr.io/acme/web:1.0.0\n      imagePullPolcy: Always\n      envFrom:\n        - configMapRef:\n"
        "            name: settings\n"
    )

    async def talk(editor: _Editor) -> None:
        await editor.diagnostics("shop/pod.yaml")
        text = editor.open("shop/pod.yaml")
        await editor.diagnostics("shop/pod.yaml")
        assert await editor.definition("shop/pod.yaml", text, "name: settings") == [("shop/config.yaml", 7)]
        text = editor.open("argocd/shop.yaml")
        assert await editor.definition("argocd/shop.yaml", text, "project: shop") == [("argocd/shop.yaml", 3)]
        assert await editor.definition("argocd/shop.yaml", text, "path: shop") == [("shop/config.yaml", 1)]
        assert "ready at once" in await editor.hover("shop/pod.yaml", pod.read_text(), "name: settings")

    _talk(root, talk)

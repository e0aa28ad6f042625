"""Jsonnet in a directory source of Argo CD (section 1.1): what a program is given, and where its imports come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.build_environment import expand
from nixernetes.render.tree import Tree, join

__all__ = ["Imports", "JsonnetProgram", "JsonnetRenderer", "imports_of", "program_of"]

Imports: TypeAlias = Callable[[str, str], tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonnetProgram:
    """A program and its variables.

    Attributes:
        file: its path in the tree.
        text: the program.
        ext_vars: external variables, texts.
        ext_codes: external variables, Jsonnet expressions.
        tla_vars: arguments of the top-level function, texts.
        tla_codes: arguments of the top-level function, Jsonnet expressions.

    """

    file: str
    text: bytes
    ext_vars: Mapping[str, str] = field(default_factory=dict)
    ext_codes: Mapping[str, str] = field(default_factory=dict)
    tla_vars: Mapping[str, str] = field(default_factory=dict)
    tla_codes: Mapping[str, str] = field(default_factory=dict)


class JsonnetRenderer(Protocol):
    """Evaluates Jsonnet."""

    def evaluate(self, program: JsonnetProgram, imports: Imports) -> str:
        """Return the JSON that a program gives.

        Args:
            program: the program.
            imports: given the folder of the file that imports and the name, returns the path and the bytes of a file;
                raises an InputError for one that cannot be had.

        Raises:
            InputError: the program is wrong, or takes more time or memory than it may.

        """
        ...


def program_of(tree: Tree, path: str, options: Json, environment: Mapping[str, str]) -> JsonnetProgram:
    """Return the program of a file with the variables of a source.

    Args:
        tree: the repository.
        path: the file.
        options: the source's ``directory.jsonnet`` block; variables of the build environment are expanded in values.
        environment: the build environment.

    """

    def given(name: str, *, code: bool) -> dict[str, str]:
        return {
            str(each.get("name") or ""): expand(str(each.get("value") or ""), environment)
            for each in options.get(name) or []
            if bool(each.get("code")) == code
        }

    return JsonnetProgram(
        file=path,
        text=tree.read(path),
        ext_vars=given("extVars", code=False),
        ext_codes=given("extVars", code=True),
        tla_vars=given("tlas", code=False),
        tla_codes=given("tlas", code=True),
    )


def imports_of(tree: Tree, folder: str, libs: Json) -> Imports:
    """Return what finds imports: beside the file that imports, then in the libraries, the last first, then the folder.

    Args:
        tree: the repository; nothing outside is read.
        folder: the folder of the source.
        libs: the source's ``libs``: folders below the repository's root (``makeJsonnetVM`` of Argo CD 3.5).

    Raises:
        InputError: a library is outside the repository.

    """
    places = [folder, *(join("", lib.lstrip("/")) for lib in libs or [])]

    def found(importer: str, name: str) -> tuple[str, bytes]:
        if name.startswith("/"):
            raise InputError(f"absolute paths are not imported: {name}")
        for place in (importer.rstrip("/"), *reversed(places)):
            path = join(place, name)
            if tree.is_file(path):
                return path, tree.read(path)
        raise InputError(f"no such file in the repository: {name}")

    return found

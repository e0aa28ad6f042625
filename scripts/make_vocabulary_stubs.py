"""Write the stubs of ``nixernetes.gitops`` (``.flux``, ``.argocd``) and ``nixernetes.kyverno`` from the models.

They are for type checkers and editors. A model keeps nested values as objects, and takes them as people write them:
lists, dicts, names, other objects. Type checkers know one type a field, so the stubs have for each class the keywords
of its constructor as a ``TypedDict``, which is also the form of a nested dict. Any other mapping is taken too: a dict
that has a variable of its own is not a ``TypedDict`` to a type checker; what it holds is checked when the file runs.
Python reads ``names.pyi`` alone, which lists the public names. Run this after changing a model; a test holds the
stubs and the models equal.
"""

from __future__ import annotations

import ast
import keyword
import re
import subprocess
import sys
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, BeforeValidator, SecretStr
from vocabulary_fields import CHECKED, FORMS, Form, Model, docs_below, field_docs, is_resource, models

from nixernetes.gitops.argocd.applications.application_fields import ApplicationFields
from nixernetes.gitops.argocd.secrets.secret_resource import SecretResource
from nixernetes.gitops.flux.helm_release import HelmChartTemplateSpec
from nixernetes.gitops.presets import Preset
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec

ROOT = Path(__file__).resolve().parents[1]
GITOPS = "nixernetes.gitops"
PACKAGES = (f"{GITOPS}.flux", f"{GITOPS}.argocd", GITOPS, "nixernetes.kyverno")
HEAD = "# Made by scripts/make_vocabulary_stubs.py: change the models, and run it.\n"
ABSTRACT = {"ApplicationFields", "Resource", "SecretResource", "Spec"}  # nobody makes one
PLAIN: dict[Any, str] = {each: each.__name__ for each in (str, int, bool, float, Path, SecretStr)} | {
    Any: "Any",
    type(None): "None",
    Preset: "_Preset",
}
MANY = 5  # kinds; a reference to more of them takes any resource

MODELS = {model.__name__: model for model in models()}


def package_of(model: type) -> str:
    """Return the package whose stub has a class."""
    return next(package for package in PACKAGES if f"{model.__module__}.".startswith(f"{package}."))


def public(package: str) -> dict[str, str]:
    """Return the public names of a package and the module of each, as ``names.pyi`` lists them."""
    tree = ast.parse((stub_of(package).with_name("names.pyi")).read_text())
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: f".{node.module or ''}" for node in imports for alias in node.names}


def stub_of(package: str) -> Path:
    """Return the path of a package's stub."""
    return ROOT / "src" / package.replace(".", "/") / "__init__.pyi"


def taken(model: Model, owner: Model | None = None) -> str:
    """Return every form that a nested value may be given in."""
    name = model.__name__
    forms = [f"_{name}", f"{name}Dict", "Mapping[str, Any]"]
    if issubclass(model, ObjectReference):
        forms += (["str"] if model.BY_NAME else []) + [f"_{kind}" for kind in targets(model, owner)]
    return " | ".join(forms)


def targets(model: type[ObjectReference], owner: Model | None) -> list[str]:
    """Return the classes whose objects may stand in place of a reference."""
    if not model.KINDS:
        return [owner.__name__ if owner is not None and is_resource(owner) and model.BY_NAME else "Resource"]
    kinds = [
        found
        for found, kind in MODELS.items()
        if issubclass(kind, Resource) and kind.KIND and not issubclass(kind, SecretResource)
        if kind.group_kind() in model.KINDS and f".{kind.KIND}" == f".{found}"
    ]
    return kinds if len(kinds) <= MANY else ["Resource"]


def written(hint: Any, owner: Model) -> str:
    """Return what a field takes."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        checks = [each.func for each in arguments[1:] if isinstance(each, BeforeValidator)]
        known = [CHECKED.get(f"{check.__module__}.{getattr(check, '__name__', '')}") for check in checks]
        return next((filled(form, owner) for form in known if form), None) or written(arguments[0], owner)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(part for each in arguments for part in [written(each, owner)]))
    if origin is tuple:
        return f"Sequence[{written(arguments[0], owner)}]"
    if origin is dict:
        return f"Mapping[str, {written(arguments[1], owner)}]"
    if hint is SecretStr:
        return "str | SecretStr"
    if hint is Path:
        return "str | Path"
    if isinstance(hint, type) and hint.__name__ in MODELS:
        return taken(MODELS[hint.__name__], owner)
    return read(hint)


def read(hint: Any) -> str:
    """Return what a field gives."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return read(arguments[0])
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(map(read, arguments)))
    if origin is tuple:
        return f"tuple[{read(arguments[0])}, ...]"
    if origin is dict:
        return f"dict[str, {read(arguments[1])}]"
    if origin is Literal:
        # Sorted, because Python takes two of them that differ in order alone for one.
        return "Literal[{}]".format(", ".join(f'"{each}"' for each in sorted(arguments)))
    if isinstance(hint, type) and hint.__name__ in MODELS:
        return class_name(MODELS[hint.__name__])
    return PLAIN[hint]


def class_name(model: Model) -> str:
    """Return the name of a class in the stubs: its own where it is public, else of the class behind it."""
    name = model.__name__
    return name if name in public(package_of(model)) and name not in ABSTRACT else f"_{name}"


def filled(form: str, owner: Model) -> str:
    """Return a form with each ``{X}`` written out."""
    return re.sub(r"\{(\w+)\}", lambda found: taken(MODELS[found[1]], owner), form)


def keywords(model: Model) -> dict[str, Form]:
    """Return the keywords of a constructor."""
    found: dict[str, Form] = {
        name.rstrip("_"): Form() for name in model.model_fields if not keyword.iskeyword(name.rstrip("_"))
    }
    if model.__name__ == "ApplicationSetTemplate":  # in Python its fields may stand flat
        flat = [*keywords(MODELS["TemplateMetadata"]), *keywords(ApplicationFields)]
        found.update({name: Form(required=False) for name in flat})
    for base in reversed(model.__mro__):
        found.update(FORMS.get(base.__name__, {}))
    return found


def entries(model: Model) -> dict[str, tuple[str, str]]:
    """Return the type and the sentence of each keyword."""
    docs = field_docs(model)
    found: dict[str, tuple[str, str]] = {}
    for name, form in keywords(model).items():
        known = ((each, key) for each in (model, *FLAT.get(model.__name__, ())) for key in (name, f"{name}_"))
        owner, key = next(((each, key) for each, key in known if key in each.model_fields), (None, name))
        field = owner.model_fields[key] if owner is not None else None
        text = filled(form.type, model) if form.type else written(hints(owner)[key], model) if owner else ""
        needed = form.required if form.required is not None else field is not None and field.is_required()
        optional = not needed and issubclass(model, Spec) and "None" not in text.split(" | ")
        text = f"Required[{text}]" if needed else f"{text} | None" if optional else text
        own = docs.get(key) or (field_docs(owner).get(key, "") if owner else "")
        found[name] = (text, form.doc or own)
    return found


FLAT: dict[str, tuple[Model, ...]] = {"ApplicationSetTemplate": (MODELS["TemplateMetadata"], ApplicationFields)}


def hints(model: Model) -> dict[str, Any]:
    """Return the types of a class's fields, with what checks them."""
    return get_type_hints(model, include_extras=True)


def as_dict(model: Model) -> Iterator[str]:
    """Yield the lines of the dict of a class: what those it inherits from do not have."""
    own = entries(model)
    above = [base for base in map(parent, model.__bases__) if base and entries(base).items() <= own.items()]
    bases = [f"{base.__name__}Dict" for base in above] or ["TypedDict"]
    rest = own.keys() - {name for base in above for name in entries(base)}
    yield f"class {model.__name__}Dict({', '.join(bases)}, total=False):" + ("" if rest else " ...")
    for name, (text, doc) in own.items():
        if name in rest:
            yield from declared(name, text, doc)


def parent(base: type) -> Model | None:
    """Return a base class that has a dict of its own."""
    model = MODELS.get(base.__name__)
    return model if model is not None and model.model_fields and not base.__name__.startswith("_") else None


def declared(name: str, text: str, doc: str) -> Iterator[str]:
    """Yield the lines of a field."""
    yield f"    {name}: {text}"
    if doc:
        yield '    """{}"""'.format(doc.replace("\\", "\\\\"))


def as_class(model: Model) -> Iterator[str]:
    """Yield the lines of a class: it is the real one, with a typed constructor and the stubs' own classes as values."""
    name = model.__name__
    bases = [f"_{name}", *(class_name(base) for base in model.__bases__ if base.__name__ in MODELS)]
    yield f"class {name}({', '.join(base for base in bases if base == f'_{name}' or not base.startswith('_'))}):"
    yield from ('    """' + (model.__doc__ or "").strip() + '\n    """').replace('.\n    """', '."""').splitlines()
    yield ""
    docs, below = field_docs(model), docs_below(model)
    for field, hint in hints(model).items():
        holds = any(isinstance(each, type) and issubclass(each, BaseModel) for each in classes_in(hint))
        if field in model.model_fields and (holds or field not in below):
            text = read(hint)
            # A dict of the stubs' class is none of the real class's to a type checker, which cannot know it frozen.
            ignored = "  # type: ignore[assignment]" if text.startswith("dict[") and holds else ""
            yield from declared(field, text + ignored, docs.get(field, ""))
    yield f"    def __init__(self, **fields: Unpack[{name}Dict]) -> None:"
    yield f'        """{summary(model)}"""'


def summary(model: Model) -> str:
    """Return the first line of a class's docstring."""
    return (model.__doc__ or "").split("\n", 1)[0]


def classes_in(hint: Any) -> Iterator[Any]:
    """Yield what a type is made of."""
    yield hint
    for each in get_args(hint):
        yield from classes_in(each)


def stub(package: str) -> str:
    """Return the stub of a package."""
    names = public(package)
    here = [model for model in models() if package_of(model) == package]
    made = [model for model in here if model.__name__ in names and model.__name__ not in ABSTRACT]
    body: list[str] = []
    for model in here:
        if parent(model):
            body += ["", *as_dict(model)]
        if model in made:
            body += ["", *as_class(model)]
    if package.endswith("flux"):
        body += ["", *flat_chart()]
    text = "\n".join(body)
    own = {model.__name__ for model in made}
    shown = [
        f"from {home(name, module, package)} import {name} as {name}"
        for name, module in names.items()
        if name not in own
    ]
    head = [HEAD, "from collections.abc import Mapping, Sequence", "from pathlib import Path"]
    head += ["from typing import Any, Literal, Required, TypedDict, Unpack", "", "from pydantic import SecretStr", ""]
    return formatted("\n".join([*head, *used(text, package), *shown, text, ""]))


def home(name: str, module: str, package: str) -> str:
    """Return where a public name comes from: the stub of its own package, where that has one of its own."""
    model = MODELS.get(name)
    if model is None or name in ABSTRACT or package_of(model) == package:
        return module
    return f".{package_of(model).removeprefix(GITOPS + '.')}"


def flat_chart() -> Iterator[str]:
    """Yield the lines of the chart that a HelmRelease may have written flat."""
    yield "class FlatChartDict(TypedDict, total=False):"
    yield from declared("name", "str", "The chart's name in a HelmRepository, or its path in another source.")
    for field, (text, doc) in entries(HelmChartTemplateSpec).items():
        yield from declared(field, re.sub(r"^Required\[(.*)\]$", r"\1", text), doc)


def used(text: str, package: str) -> Iterable[str]:
    """Yield the imports that a stub needs."""
    words = set(re.findall(r"\b\w+\b", text))
    for name, model in MODELS.items():
        if f"_{name}" in words:
            yield f"from {model.__module__} import {name} as _{name}"
        for each in (name, f"{name}Dict"):
            if each in words and package_of(model) != package and not (each == name and each in public(package)):
                yield f"from {package_of(model)} import {each}"
    for name, module in (("Resource", "resource"), ("Preset", "presets"), ("Spec", "spec")):
        if f"_{name}" in words and name not in MODELS:
            yield f"from {GITOPS}.{module} import {name} as _{name}"


def formatted(text: str) -> str:
    """Return a stub as the formatter and the sorter of imports leave it."""
    for command in (["check", "--select", "I,F401", "--fix", "--quiet", "--ignore-noqa"], ["format", "--quiet"]):
        done = subprocess.run(
            [Path(sys.executable).with_name("ruff"), *command, "--stdin-filename", "__init__.pyi", "-"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        text = done.stdout or sys.exit(done.stderr)
    return text


if __name__ == "__main__":
    for each in PACKAGES:
        stub_of(each).write_text(stub(each))

"""Charts rendered by the real helm, once for each distinct chart, values and options.

helm runs on a temporary copy of the chart, with a configuration of its own, without a cluster, and with schemas that
lead nowhere else. Results are kept by content, in memory and on disk; a damaged entry counts as none. A chart that
takes too much is not tried again, and when such charts have wasted minutes, each has seconds.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from nixernetes.adapters.helm_executable import find_helm, helm_identity
from nixernetes.adapters.result_store import ResultStore
from nixernetes.adapters.temporary_folders import temporary_folder
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import digest
from nixernetes.objects.provenance import Origin, Step, StepKind
from nixernetes.objects.shapes import OBJECT, misfit
from nixernetes.objects.sizes import clipped
from nixernetes.render.rendered import Rendered, encoded, read_back
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.sources.cluster_facts import (
    asks_for_revision,
    asks_of_cluster,
    helper_template,
    rewritten,
    served_versions,
)
from nixernetes.render.sources.lookups import answering_template, asks_for_objects, question_in, with_lookups

__all__ = ["HelmRenderer"]

_TIMEOUT_SECONDS = 60.0  # the slowest honest chart takes a few seconds
_WASTED_SECONDS = 120.0  # that charts may take together that are never done; of then on each has
_SHORT_SECONDS = 5.0
_MAX_OUTPUT_BYTES = 16 * 1024 * 1024  # the largest honest charts, definitions included, have a third
_MAX_DOCUMENTS = 20_000
_MAX_COMPLAINT_BYTES = 64 * 1024
_MAX_MEMORY_BYTES = 2 * 1024 * 1024 * 1024  # most charts take 50 MiB, those of the largest archives 1.2 GiB
_MAX_KEPT = 256  # rendered charts held in memory
_SEPARATOR = re.compile(r"^---[ \t]*$", re.MULTILINE)
_SOURCE = re.compile(r"^# Source: (.+)$", re.MULTILINE)
_RELEASE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")  # helm's own rule
_MAX_RELEASE = 53
_ANOTHER_FILE = re.compile(r"[=,]")  # would begin a second pair, and helm would read whatever file it names
_FORMAT = "6"  # of the entries on disk


class _TooMuchError(RemoteError):
    """A chart took more time, memory or output than it may: it would again."""


class HelmRenderer:
    """Renders charts with ``helm template``; a :class:`~nixernetes.render.sources.charts.ChartRenderer`.

    Args:
        cache_dir: where results are kept between runs; None keeps them in memory only.

    """

    def __init__(self, cache_dir: Path | None = None) -> None:
        self._store = ResultStore(cache_dir, is_sealed=True) if cache_dir is not None else None
        self._kept: OrderedDict[str, list[Rendered]] = OrderedDict()
        self._refused: OrderedDict[str, str] = OrderedDict()
        self._asking: OrderedDict[str, str] = OrderedDict()  # what a run ended with that wants to know more
        self._wasted = 0.0
        self._helm = ""
        self._helm_id = ""
        self.runs = 0

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        """Return the manifests, hooks included, in helm's order."""
        if options.lookups is not None and not any(asks_for_objects(text) for _, text in _templates(chart)):
            options = replace(options, lookups=None)
        if options.revision != 1 and not any(asks_for_revision(text) for _, text in _templates(chart)):
            options = replace(options, revision=1)
        key = self._key(chart, options)
        found = self._kept.get(key)
        if found is None:
            found = None if options.is_private else self._load(key)
            if found is None:
                found = self._made(key, chart, options)
                if not options.is_private:
                    self._save(key, found)
            self._kept[key] = found
            if len(self._kept) > _MAX_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return list(found)

    def _key(self, chart: Chart, options: ChartOptions) -> str:
        if not self._helm:
            self._helm, self._helm_id = find_helm(), helm_identity()
        return digest([_FORMAT, self._helm_id, chart.tree.id, asdict(options)])

    def _load(self, key: str) -> list[Rendered] | None:
        data = self._store.get(key) if self._store is not None else None
        return None if data is None else read_back(data)

    def _save(self, key: str, found: list[Rendered]) -> None:
        if self._store is not None:
            self._store.put(key, encoded(found))

    def _made(self, key: str, chart: Chart, options: ChartOptions) -> list[Rendered]:
        if key in self._refused:
            raise _TooMuchError(self._refused[key], subject=f"{chart.name}-{chart.version}")
        if key in self._asking:
            raise RemoteError(self._asking[key], subject=f"{chart.name}-{chart.version}")
        try:
            return _split(self._run(chart, options), chart, "helm4" if options.as_flux else "kubernetes")
        except RemoteError as error:
            kept = self._refused if isinstance(error, _TooMuchError) else self._asking
            if kept is self._refused or question_in(error.message) is not None:
                kept[key] = error.message
            if len(kept) > _MAX_KEPT:
                kept.popitem(last=False)
            raise

    def _run(self, chart: Chart, options: ChartOptions) -> str:
        with temporary_folder("helm") as place:
            try:
                command = [self._helm, *_arguments(chart, options, Path(place))]
            except OSError as error:
                raise RemoteError(f"the chart cannot be written out: {error}", subject=chart.name) from error
            self.runs += 1
            seconds = _TIMEOUT_SECONDS if self._wasted < _WASTED_SECONDS else _SHORT_SECONDS
            try:
                return _output(command, Path(place), f"{chart.name}-{chart.version}", seconds)
            except _TooMuchError:
                self._wasted += seconds
                raise


def _output(command: Sequence[str], place: Path, subject: str, seconds: float) -> str:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(place),
        "HELM_CACHE_HOME": str(place / "cache"),
        "HELM_CONFIG_HOME": str(place / "config"),
        "HELM_DATA_HOME": str(place / "data"),
        "KUBECONFIG": os.devnull,
    }
    with (place / "stdout").open("w+b") as output, (place / "stderr").open("w+b") as complaints:
        try:
            with subprocess.Popen(command, env=environment, cwd=place, stdout=output, stderr=complaints) as process:
                status = _waited(process, subject, seconds)
        except OSError as error:
            raise RemoteError(f"helm cannot be started: {error.strerror}", subject=command[0]) from error
        output.seek(0)
        complaints.seek(0)
        if output.seek(0, os.SEEK_END) >= _MAX_OUTPUT_BYTES or status == -signal.SIGXFSZ:
            raise _TooMuchError(
                f"its manifests are larger than {_MAX_OUTPUT_BYTES // 1024 // 1024} MiB", subject=subject
            )
        if status != 0:
            text = complaints.read(_MAX_COMPLAINT_BYTES).decode(errors="replace")
            if "out of memory" in text.partition("\n")[0]:
                fact = f"helm needs more than {_MAX_MEMORY_BYTES // 1024 // 1024} MiB of memory"
                raise _TooMuchError(fact, subject=subject)
            raise RemoteError(_complaint(text, place), subject=subject)
        output.seek(0)
        return output.read().decode(errors="replace")


def _waited(process: subprocess.Popen[bytes], subject: str, seconds: float) -> int:
    """Return the exit status; time, memory and output of the process are bounded, as templates may loop."""
    if sys.platform == "linux":
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_MAX_OUTPUT_BYTES, _MAX_OUTPUT_BYTES))
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        process.kill()
        raise _TooMuchError(f"helm did not finish within {seconds:g} seconds", subject=subject) from error


def _complaint(text: str, place: Path) -> str:
    """Return helm's own message without its warnings, its hint and our temporary paths."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("WARNING:", "walk.go:"))]
    lines = [line for line in lines if "Use --debug flag" not in line]
    message = "\n".join(lines).removeprefix("Error: ").replace(f"{place}/", "")
    return message or "helm failed and did not say why"


def _arguments(chart: Chart, options: ChartOptions, place: Path) -> list[str]:
    """Write the chart and its values out, and return helm's arguments."""
    from nixernetes.adapters.chart_schemas import read_by_helm  # noqa: PLC0415  # of archives, which take long to import

    _check(options)
    folder = place / "chart"
    for path in chart.tree.walk():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = chart.tree.read(path)
        target.write_bytes(data if options.skip_schema_validation else read_by_helm(path, data))
    folder.mkdir(exist_ok=True)
    if options.as_flux:
        _tell(chart, options, folder)
    arguments = ["template", options.release, str(folder), "--namespace", options.namespace or "default"]
    values = [*(text for _, text in options.value_files), yamls.dump(options.values or {})]
    for number, text in enumerate(values):
        file = place / f"values-{number}.yaml"
        file.write_text(text)
        arguments += ["--values", str(file)]
    for number, (name, text) in enumerate(options.set_files):
        file = place / f"file-{number}"
        file.write_text(text)
        arguments += ["--set-file", f"{name}={file}"]
    for value in options.set_values:
        arguments += ["--set", value]
    for value in options.set_strings:
        arguments += ["--set-string", value]
    for version in options.api_versions:
        arguments += ["--api-versions", version]
    if options.kube_version:
        arguments += ["--kube-version", options.kube_version]
    flags = {
        "--include-crds": options.include_crds,
        "--skip-tests": options.skip_tests,
        "--is-upgrade": options.is_upgrade,
        "--skip-schema-validation": options.skip_schema_validation,
    }
    return arguments + [flag for flag, wanted in flags.items() if wanted]


def _templates(chart: Chart) -> Iterator[tuple[str, bytes]]:
    """Yield the templates of a chart and of the charts in it."""
    for path in chart.tree.walk():
        if "templates" in path.split("/")[:-1]:
            yield path, chart.tree.read(path)


def _tell(chart: Chart, options: ChartOptions, folder: Path) -> None:
    """Write what templates ask of the cluster and of the release into those that ask."""
    is_looking = options.lookups is not None and any(asks_for_objects(text) for _, text in _templates(chart))
    if is_looking:
        for path, text in _templates(chart):
            if asks_for_objects(text):
                (folder / path).write_text(with_lookups(text.decode(errors="replace")))
        answers = folder / "templates" / "_nixernetes-lookups.tpl"
        answers.parent.mkdir(exist_ok=True)
        answers.write_text(answering_template(options.lookups or ()))
    asking = [(path, text) for path, text in _templates(chart) if asks_for_revision(text) or asks_of_cluster(text)]
    for path, text in asking:
        written = with_lookups(text.decode(errors="replace")) if is_looking else text.decode(errors="replace")
        (folder / path).write_text(rewritten(written, options.revision))
    if asking:
        helper = folder / "templates" / "_nixernetes.tpl"
        helper.parent.mkdir(exist_ok=True)
        helper.write_text(helper_template(served_versions(options.api_versions)))


def _check(options: ChartOptions) -> None:
    """Refuse what helm would take for another option, or for another file than ours."""
    if len(options.release) > _MAX_RELEASE or not _RELEASE.fullmatch(options.release):
        raise InputError(
            f'release name check failed: release name "{clipped(options.release)}": invalid release name, must match '
            f"regex ^{_RELEASE.pattern}$ and the length must not be longer than {_MAX_RELEASE}"
        )
    if any("\0" in text for text in (options.namespace, options.kube_version, *options.api_versions, *_pairs(options))):
        raise InputError("a namespace, a version or a parameter holds a null character")
    for name, _ in options.set_files:
        if _ANOTHER_FILE.search(name):
            raise InputError(f"file parameter {clipped(name)!r}: a name has no '=' and no ','")


def _pairs(options: ChartOptions) -> tuple[str, ...]:
    return (*options.set_values, *options.set_strings, *(name for name, _ in options.set_files))


def _split(output: str, chart: Chart, dialect: yamls.Dialect) -> list[Rendered]:
    """Split helm's output into manifests; each document says which template it came from."""
    found: list[Rendered] = []
    parts = _SEPARATOR.split(output, _MAX_DOCUMENTS)
    if len(parts) > _MAX_DOCUMENTS:
        raise _TooMuchError(f"it gives more than {_MAX_DOCUMENTS:,} documents", subject=f"{chart.name}-{chart.version}")
    for part in parts:
        if not part.strip():
            continue
        source = _SOURCE.search(part)
        file = source[1].strip().removeprefix(f"{chart.name}/") if source else ""
        origin = Origin(file=file, chain=(Step(StepKind.CHART, f"{chart.name}-{chart.version}", file),))
        for document in yamls.parse_all(part, file=file, dialect=dialect):
            if document.data is None:
                continue
            if not isinstance(document.data, dict):
                raise InputError("the template gives something that is not an object", subject=chart.name, place=file)
            wrong = misfit(OBJECT, document.data)
            if wrong:
                raise InputError(f"not a Kubernetes object: {wrong}", subject=chart.name, place=file)
            found.append(Rendered(manifest=document.data, origin=origin))
    return found

"""``helmCharts`` through the real helm: the documents of ``kubectl kustomize --enable-helm``, in its order."""

import shutil
import subprocess
from pathlib import Path

import pytest

from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.helm import HelmRenderer
from nixernetes.adapters.helm_executable import find_helm
from nixernetes.objects import yamls
from nixernetes.render.kustomize import BuildOptions, KustomizeError, build

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\n",
    "values.yaml": "image: {name: nginx, tag: '1'}\nlist: [a, b]\nnested: {a: 1, b: {c: d}}\n",
    "crds/c.yaml": "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: foos.io}}",
    "templates/all.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-cm, namespace: {{ .Release.Namespace }}}
data:
  values: {{ toJson .Values | quote }}
  kube: {{ .Capabilities.KubeVersion.Version | quote }}
  has: {{ .Capabilities.APIVersions.Has "foo.io/v1" | quote }}
---
apiVersion: batch/v1
kind: Job
metadata: {name: hook, annotations: {helm.sh/hook: pre-install}}
""",
    "templates/test.yaml": """\
apiVersion: v1
kind: Pod
metadata: {name: test, annotations: {helm.sh/hook: test}}
spec: {containers: [{name: a, image: b}]}
""",
}
VALUES = "image: {tag: '7', pull: Always}\nlist: [q]\nx: 0\nown: {k: null}\n"
CHARTS = (
    "{name: app, releaseName: r, kubeVersion: '1.30', apiVersions: [foo.io/v1], skipTests: true}",
    "{name: app, namespace: apps, includeCRDs: true, skipHooks: true}",
    "{name: app, nameTemplate: 'r-{{ lower \"X\" }}', valuesInline: {nested: {b: null}, list: null, new: {q: null}}}",
    "{name: app, releaseName: r, valuesFile: v.yaml, valuesInline: {image: {tag: '2'}, x: null}}",
    "{name: app, releaseName: r, valuesFile: v.yaml, valuesInline: {image: {tag: '2'}, x: null}, valuesMerge: merge}",
    "{name: app, releaseName: r, valuesFile: v.yaml, valuesInline: {image: {tag: '2'}}, valuesMerge: replace}",
    "{name: app, releaseName: r, additionalValuesFiles: [v.yaml], valuesInline: {own: {k: 1}}}",
)


def _folder(place: Path, chart: str) -> Path:
    for path, text in CHART.items():
        (place / "charts" / "app" / path).parent.mkdir(parents=True, exist_ok=True)
        (place / "charts" / "app" / path).write_text(text)
    (place / "v.yaml").write_text(VALUES)
    (place / "kustomization.yaml").write_text(f"namePrefix: p-\nhelmCharts: [{chart}]\n")
    return place


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
@pytest.mark.parametrize("chart", CHARTS)
def test_charts_are_as_kubectl_has_them(tmp_path: Path, chart: str) -> None:
    ours, theirs = _folder(tmp_path / "ours", chart), _folder(tmp_path / "theirs", chart)
    command = ["kubectl", "kustomize", "--enable-helm", f"--helm-command={find_helm()}", str(theirs)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    expected = [each.data for each in yamls.parse_all(done.stdout) if each.data is not None]
    options = BuildOptions(enable_helm=True, charts=HelmRenderer())
    assert [each.manifest for each in build(FolderSnapshot(ours), "", options)] == expected


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        ("{name: app, releaseName: r, nameTemplate: x}", "releaseName and nameTemplate exclude each other"),
        ("{name: app, nameTemplate: '{{ nope }}'}", "nameTemplate: .*nope"),
        ("{name: app, releaseName: r, valuesInline: {nested: text}}", "expected MappingNode but got ScalarNode"),
        ("{name: none, releaseName: r}", "no repo specified for pull, no chart found at 'charts/none'"),
    ],
)
def test_what_kustomize_refuses_is_told(tmp_path: Path, chart: str, message: str) -> None:
    options = BuildOptions(enable_helm=True, charts=HelmRenderer())
    with pytest.raises(KustomizeError, match=message):
        build(FolderSnapshot(_folder(tmp_path, chart)), "", options)

"""Charts that look objects up see their cluster, whatever they make of the answer."""

import pytest

from nixernetes.adapters.helm import HelmRenderer
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.manifest import Json
from nixernetes.render.sources import lookups
from nixernetes.render.sources.charts import ChartOptions, chart_from_tree
from nixernetes.render.sources.lookups import LookingCharts, LookupQuestion, question_in, with_lookups
from nixernetes.render.tree import MemoryTree

SEEN: Json = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "seen"}, "data": {"a": "{{ one }}"}}
CHART = b"apiVersion: v2\nname: web\nversion: 0.1.0\n"


class Cluster:
    """Has one ConfigMap, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[LookupQuestion] = []

    def look(self, question: LookupQuestion) -> Json:
        self.asked.append(question)
        if question.kind != "ConfigMap" or question.name not in ("", "seen"):
            return {}
        return SEEN if question.name else {"kind": "ConfigMapList", "items": [SEEN, SEEN]}


def rendered(value: str, cluster: Cluster | None = None, helper: str = "") -> Json:
    template = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web}}\ndata:\n  x: {value}\n"
    tree = MemoryTree({"Chart.yaml": CHART, "templates/x.yaml": template.encode(), "templates/_h.tpl": helper.encode()})
    charts = LookingCharts(HelmRenderer(), (cluster or Cluster()).look)
    (found,) = charts.template(chart_from_tree(tree), ChartOptions(release="web", namespace="apps", as_flux=True))
    return found.manifest["data"]["x"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('{{ (lookup "v1" "ConfigMap" .Release.Namespace "seen") | len | quote }}', "4"),
        ('{{ lookup "v1" "ConfigMap" "apps" "none" | len | quote }}', "0"),
        ('{{ (lookup "v1" "ConfigMap" "apps" "seen").data.a | quote }}', "{{ one }}"),
        ('{{ index (lookup "v1" "ConfigMap" "apps" (printf "%s" "seen")) "data" "a" | quote }}', "{{ one }}"),
        ('{{ $x := lookup "v1" "ConfigMap" "" "" }}{{ len $x.items | quote }}', "2"),
        ('{{ if lookup "v1" "Secret" "apps" "none" -}} found {{- else -}} lost {{- end -}}', "lost"),
        ('{{- with lookup `v1` "ConfigMap" "apps" "seen" }} {{ .metadata.name }} {{- end }}', "seen"),
        ('{{/* lookup is not asked here */}} {{ "a lookup of words" | quote }}', "a lookup of words"),
    ],
)
def test_a_lookup_is_answered(value: str, expected: str) -> None:
    assert rendered(value) == expected


def test_each_question_is_asked_once_and_helpers_may_ask_for_what_was_found() -> None:
    cluster = Cluster()
    helper = (
        '{{- define "name" -}}{{ (lookup "v1" "ConfigMap" "apps" "seen").metadata.name }}{{- end -}}'
        '{{- define "again" -}}{{ lookup "v1" "Secret" "apps" (include "name" .) | len }}{{- end -}}'
    )
    assert rendered('{{ include "again" . | quote }}', cluster, helper=helper) == "0"
    assert cluster.asked == [
        LookupQuestion("v1", "ConfigMap", "apps", "seen"),
        LookupQuestion("v1", "Secret", "apps", "seen"),
    ]


def test_a_chart_that_fails_by_itself_says_so() -> None:
    with pytest.raises(RemoteError, match="no database"):
        rendered('{{ if not (lookup "v1" "Secret" "apps" "db") }}{{ fail "no database" }}{{ end }}')


def test_a_chart_that_never_ends_to_ask_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "_MOST", 3)
    value = '{{ range $i := until 20 }}{{ lookup "v1" "Secret" "apps" (printf "s%d" $i) | len }}{{ end }}'
    with pytest.raises(InputError, match="looks more than"):
        rendered(value)


def test_without_a_cluster_nothing_is_found() -> None:
    tree = MemoryTree(
        {
            "Chart.yaml": CHART,
            "templates/x.yaml": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: w}\n"
            b'data: {x: {{ lookup "v1" "ConfigMap" "apps" "seen" | len | quote }}}\n',
        }
    )
    (found,) = HelmRenderer().template(chart_from_tree(tree), ChartOptions(release="web", namespace="apps"))
    assert found.manifest["data"] == {"x": "0"}


def test_other_text_is_left() -> None:
    text = 'lookup a {{ .Values.lookup }} {{ "x" | quote }} {{ $lookup }}'
    assert with_lookups(text) == text


@pytest.mark.parametrize("message", ["", "nixernetes asks: [1]", "nixernetes asks: nothing", 'nixernetes asks: ["a"]'])
def test_what_is_no_question_is_none(message: str) -> None:
    assert question_in(message) is None

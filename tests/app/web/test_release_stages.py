"""In which order Helm installs a release: hooks by event and weight, around what is installed at once."""

from __future__ import annotations

from nixernetes.app.web.values import ObjectLine, ObjectName
from nixernetes.app.web.views.reading import WantedObject
from nixernetes.app.web.views.releases import release_stages


def wanted(kind: str, name: str, **notes: str) -> WantedObject:
    """Return an object of a chart with annotations of Helm."""
    meta = {"name": name, "annotations": {f"helm.sh/{note.replace('_', '-')}": text for note, text in notes.items()}}
    place = ObjectName(cluster="prod", group="", kind=kind, namespace="web", name=name)
    return WantedObject(id=place, manifest={"apiVersion": "v1", "kind": kind, "metadata": meta})


def test_hooks_stand_by_event_and_weight_around_the_objects() -> None:
    items = [
        wanted("Job", "late", hook="pre-install,pre-upgrade", hook_weight="5"),
        wanted("ConfigMap", "plain"),
        wanted("Job", "early", hook="pre-install", hook_weight="-3", hook_delete_policy="hook-succeeded"),
        wanted("Pod", "probe", hook="test-success", hook_weight="heavy"),
        wanted("Job", "nothing", hook="crd-install"),
    ]
    line = ObjectLine(id=items[1].id, depth=1, role="brought", status="Current", available=True)
    found = {
        stage.name: [(wave.number, [step.id.name for step in wave.steps]) for wave in stage.waves]
        for stage in release_stages(items, {line.id.key: line})
    }
    assert found == {
        "pre-install": [(-3, ["early"]), (5, ["late"])],
        "pre-upgrade": [(5, ["late"])],
        "Objects": [(0, ["plain"])],
        "test": [(0, ["probe"])],
    }


def test_a_hook_says_when_it_is_deleted_and_an_object_how_it_stands() -> None:
    items = [wanted("ConfigMap", "plain"), wanted("Job", "hook", hook="post-install", hook_delete_policy="hook-failed")]
    line = ObjectLine(id=items[0].id, depth=1, role="brought", status="Current", available=True)
    objects, after = release_stages(items, {line.id.key: line})
    assert (objects.waves[0].steps[0].status, objects.waves[0].steps[0].available) == ("Current", True)
    assert (after.waves[0].steps[0].is_hook, after.waves[0].steps[0].deletes) == (True, ("HookFailed",))

"""Circles of dependsOn: every object of one gives the same line."""

from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.dependency_circles import circle_of, circle_text, never_ready


def _kustomization(name: str, *needs: str, namespace: str = "flux-system") -> Manifest:
    places = [each.rpartition("/") for each in needs]
    entries = [{"name": last, **({"namespace": first} if first else {})} for first, _, last in places]
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"dependsOn": entries},
    }


def _circle(of: Manifest, *others: Manifest) -> str:
    known: dict[ObjectKey, Manifest] = {key_of(item): item for item in (of, *others)}
    return circle_text(circle_of(key_of(of), known.get))


def test_every_object_of_a_circle_tells_the_same() -> None:
    one, two, three = _kustomization("a", "b"), _kustomization("b", "c", "gone"), _kustomization("c", "a")
    assert {_circle(one, two, three), _circle(two, one, three), _circle(three, one, two)} == {"a -> b -> c -> a"}


def test_what_only_leads_to_a_circle_is_not_of_it() -> None:
    assert _circle(_kustomization("d", "a"), _kustomization("a", "b"), _kustomization("b", "a")) == ""
    assert _circle(_kustomization("d", "e"), _kustomization("e")) == ""


def test_what_is_never_ready_is_of_a_circle_or_depends_on_one() -> None:
    items = [_kustomization("a", "b"), _kustomization("b", "a"), _kustomization("c", "b"), _kustomization("d", "e")]
    found = never_ready({key_of(item): item for item in [*items, _kustomization("e"), _kustomization("f", "gone")]})
    assert sorted(key.name for key in found) == ["a", "b", "c"]


def test_an_object_may_depend_on_itself_and_on_other_namespaces() -> None:
    assert _circle(_kustomization("a", "a")) == "a -> a"
    other = _kustomization("a", "flux-system/a", namespace="team")
    assert _circle(_kustomization("a", "team/a"), other) == "flux-system/a -> team/a -> flux-system/a"

"""Secret values are never shown, and a change of one still shows."""

from __future__ import annotations

from nixernetes.objects.manifest import Json, canonical
from nixernetes.objects.masking import holds_secrets, mask_change


def secret(**data: str) -> Json:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": data}


def test_equal_values_stay_equal_and_different_ones_differ() -> None:
    before, after = mask_change(secret(a="SAME", b="OLD", c="GONE"), secret(a="SAME", b="NEW", d="ADDED"))
    assert before["data"] == {"a": "***", "b": "*** (before)", "c": "*** (before)"}
    assert after["data"] == {"a": "***", "b": "*** (after)", "d": "*** (after)"}


def test_a_document_that_appears_or_goes_is_hidden() -> None:
    before, after = mask_change(None, secret(a="NEW"))
    assert before is None
    assert after["data"] == {"a": "*** (after)"}


def test_what_kubectl_remembers_is_hidden_too() -> None:
    document = secret(a="X")
    document["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "X", "other": "kept"}
    masked, _ = mask_change(document, document)
    assert masked["metadata"]["annotations"] == {
        "kubectl.kubernetes.io/last-applied-configuration": "***",
        "other": "kept",
    }
    assert document["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] == "X"


def test_generated_secrets_are_hidden() -> None:
    def generator(value: str) -> Json:
        return {"kind": "Kustomization", "secretGenerator": [{"name": "s", "literals": [f"password={value}"]}]}

    before, after = mask_change(generator("OLD"), generator("NEW"))
    assert before["secretGenerator"] == [{"name": "s", "literals": "*** (before)"}]
    assert after["secretGenerator"] == [{"name": "s", "literals": "*** (after)"}]


def test_shapes_that_no_secret_has_are_hidden_as_well() -> None:
    for data in ("TEXT", ["TEXT"], 1, None):
        document = {"kind": "Secret", "metadata": None, "data": data, "stringData": {"k": ["TEXT"]}}
        assert b"TEXT" not in canonical(mask_change(document, {"kind": "ConfigMap"}))
    assert b"TEXT" not in canonical(mask_change({"secretGenerator": ["TEXT"]}, None))


def test_everything_else_stays_as_it_is() -> None:
    document = {"kind": "ConfigMap", "data": {"a": "shown"}}
    assert mask_change(document, document) == (document, document)
    assert not holds_secrets(document)
    assert not holds_secrets(["kind", "Secret"])

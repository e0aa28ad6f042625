"""``verifyImages`` of ClusterPolicies and Policies, as far as they go without a registry (``mutate_image.go``).

Which images a rule is about, which of them it passes over, and whether those that must have a digest have one is in the
object. Whether an image is signed, what is attested of it, and the digest of a tag only a registry could tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nixernetes.kyverno.engine.contexts import Request, RuleContext
from nixernetes.kyverno.engine.images import images_of
from nixernetes.kyverno.engine.rows import RuleRow, not_evaluated
from nixernetes.kyverno.engine.variables import VariableError, substituted
from nixernetes.kyverno.engine.wildcards import any_matches
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["verified"]

_UNFILLED: Final = ("attestations", "validate")  # whose variables are about what an attestation says


def verified(rule: Mapping[str, Json], policy: str, request: Request, context: RuleContext) -> Iterator[RuleRow]:
    """Yield what a rule says of the images of an object; nothing where it is about none of them.

    Args:
        rule: the rule.
        policy: the name of its policy.
        request: the admission of the object.
        context: what its variables read.

    """
    name, blocks = text_at(rule, "name"), objects_at(rule, "verifyImages")
    if rule.get("imageExtractors"):
        yield not_evaluated(name, "imageExtractors of verifyImages")
        return
    meant = [each for each in _images(request) if any(_is_about(block, _whole(each)) for block in blocks)]
    if not meant or request.operation == "DELETE":
        return
    try:
        filled = [_filled(block, context, index) for index, block in enumerate(blocks)]
    except VariableError as error:
        message = f"failed to substitute variables: {error.message}"
        yield RuleRow(rule=name, result="error", message=message)
        return
    for block in filled:
        for image in meant:
            row = _looked_at(block, image, name, policy)
            if row is not None:
                yield row
    for block in filled:
        for image in meant:
            is_checked = block.get("verifyDigest") is not False and block.get("mutateDigest") is False
            if _is_about(block, _whole(image)) and is_checked and "digest" not in image:
                yield RuleRow(rule=name, result="fail", message=f"missing digest for {_whole(image)}")
                return


def _filled(block: Mapping[str, Json], context: RuleContext, index: int) -> Mapping[str, Json]:
    kept = {key: value for key, value in block.items() if key not in _UNFILLED}
    return {**block, **mapping_at({"b": substituted(kept, context.lookup, f"/verifyImages/{index}")}, "b")}


def _images(request: Request) -> list[Mapping[str, Json]]:
    found = images_of(request.manifest)
    return [mapping_at(held, name) for held in found.values() if isinstance(held, dict) for name in held]


def _whole(image: Mapping[str, Json]) -> str:
    return text_at(image, "reference")


def _references(block: Mapping[str, Json]) -> list[str]:
    old = text_at(block, "image")
    return [*map(str, items_at(block, "imageReferences")), *([old] if old else [])]


def _is_about(block: Mapping[str, Json], image: str) -> bool:
    return any_matches(_references(block), image)


def _looked_at(block: Mapping[str, Json], image: Mapping[str, Json], rule: str, policy: str) -> RuleRow | None:
    """Return the row of one image and one block; None where nothing is asked."""
    whole = _whole(image)
    is_asked = bool(_attestors(block) or items_at(block, "attestations"))
    skipped: Sequence[str] = [str(each) for each in items_at(block, "skipImageReferences")]
    if is_asked and (not _is_about(block, whole) or any_matches(skipped, whole)):
        message = f"skipping image reference image {whole}, policy {policy} ruleName {rule}"
        return RuleRow(rule=rule, result="skip", message=message)
    if is_asked:
        message = f"not evaluated: whether {whole} is signed only its registry could tell"
        return RuleRow(rule=rule, result="error", message=message)
    if block.get("mutateDigest") is not False and "digest" not in image:
        message = f"not evaluated: the digest of {whole} only its registry could tell"
        return RuleRow(rule=rule, result="error", message=message)
    return None


def _attestors(block: Mapping[str, Json]) -> bool:
    return any(block.get(name) for name in ("attestors", "key", "keyless", "issuer", "subject", "roots"))

"""Values of a ``Values`` file: variables by policy, rule and object, and labels of namespaces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, labels_of

__all__ = ["Values", "read_values", "steps_of", "with_value"]


_STEP: Final = re.compile(r'"([^"]*)"|([^."]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Variables that are given from outside; they win over what a rule's context loads.

    Attributes:
        everywhere: for all policies.
        policies: for one policy each: its entry in the file.
        namespace_labels: labels of namespaces by name.
        namespaces: Namespaces.
        subresources: the kind of a subresource to the kind that it is of, and its name.

    """

    everywhere: Mapping[str, Json] = field(default_factory=dict)
    policies: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    namespace_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    namespaces: Sequence[Manifest] = ()
    subresources: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, policy: str, rule: str, name: str) -> dict[str, Json]:
        """Return the variables of a rule on an object, by their paths."""
        found = dict(self.everywhere)
        entry = self.policies.get(policy, {})
        plain = rule.removeprefix("autogen-").removeprefix("cronjob-") if rule.startswith("autogen-") else rule
        names = {"resources": (name,), "rules": (rule, plain)}  # derived rules take the values of their rule, last
        for part, wanted in names.items():
            for each in objects_at(entry, part):
                if text_at(each, "name") in wanted:
                    found |= mapping_at(each, "values")
        return found


def steps_of(path: str) -> list[str]:
    """Return the steps of a path; what holds dots stands in quotes."""
    return [quoted or plain for quoted, plain in _STEP.findall(path)]


def with_value(data: Mapping[str, Json], steps: Sequence[str], value: Json) -> dict[str, Json]:
    """Return data with a value at a path."""
    if len(steps) < 2:
        return {**data, steps[0]: value} if steps else dict(data)
    return {**data, steps[0]: with_value(mapping_at(data, steps[0]), steps[1:], value)}


def read_values(document: Manifest) -> Values:
    """Return the values that a document of kind ``Values`` gives."""
    spaces = {
        text_at(each, "name"): dict(mapping_at(each, "labels")) for each in objects_at(document, "namespaceSelector")
    }
    spaces |= {text_at(each, "metadata", "name"): labels_of(each) for each in objects_at(document, "namespaces")}
    return Values(
        everywhere=mapping_at(document, "globalValues"),
        policies=_by_name(objects_at(document, "policies")),
        namespace_labels=spaces,
        namespaces=objects_at(document, "namespaces"),
        subresources={
            text_at(each, "subresource", "kind"): (
                text_at(each, "parentResource", "kind"),
                text_at(each, "subresource", "name").rpartition("/")[2],
            )
            for each in objects_at(document, "subresources")
        },
    )


def _by_name(entries: Sequence[Mapping[str, Json]]) -> dict[str, Mapping[str, Json]]:
    """Return the entries of policies by name; several of one policy count together."""
    found: dict[str, dict[str, Json]] = {}
    for each in entries:
        held = found.setdefault(text_at(each, "name"), {})
        for part in ("rules", "resources"):
            held[part] = [*objects_at(held, part), *objects_at(each, part)]
    return dict(found)

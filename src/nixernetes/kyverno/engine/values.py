"""Values of a ``Values`` file: variables by policy, rule and object, and labels of namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, labels_of

__all__ = ["Values", "read_values"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Variables that are given from outside; they win over what a rule's context loads.

    Attributes:
        everywhere: for all policies.
        policies: for one policy each: its entry in the file.
        namespace_labels: labels of namespaces by name.

    """

    everywhere: Mapping[str, Json] = field(default_factory=dict)
    policies: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    namespace_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, policy: str, rule: str, name: str) -> dict[str, Json]:
        """Return the variables of a rule on an object, by their paths."""
        found = dict(self.everywhere)
        entry = self.policies.get(policy, {})
        for part, wanted in (("rules", rule), ("resources", name)):
            for each in objects_at(entry, part):
                if text_at(each, "name") == wanted:
                    found |= mapping_at(each, "values")
        return found


def read_values(document: Manifest) -> Values:
    """Return the values that a document of kind ``Values`` gives."""
    spaces = {
        text_at(each, "name"): dict(mapping_at(each, "labels")) for each in objects_at(document, "namespaceSelector")
    }
    spaces |= {text_at(each, "metadata", "name"): labels_of(each) for each in objects_at(document, "namespaces")}
    return Values(
        everywhere=mapping_at(document, "globalValues"),
        policies={text_at(each, "name"): each for each in objects_at(document, "policies")},
        namespace_labels=spaces,
    )

"""One word, ``audit`` or ``enforce``, says what a failed demand does, in both APIs of Kyverno."""

import pytest

from nixernetes import kyverno
from nixernetes.errors import InputError

DEMAND = {"pattern": {"metadata": {"labels": {"team": "?*"}}}}
MATCH = {"any": [{"resources": {"kinds": ["Namespace"]}}]}
VALIDATIONS = [{"expression": "has(object.metadata.labels)"}]


@pytest.mark.parametrize(("word", "action"), [("audit", "Audit"), ("enforce", "Deny")])
@pytest.mark.parametrize("kind", ["ValidatingPolicy", "NamespacedValidatingPolicy", "ImageValidatingPolicy"])
def test_it_is_the_action_of_a_policy_in_cel(kind: str, word: str, action: str) -> None:
    model = getattr(kyverno, kind)
    more = {"attestors": []} if kind.startswith("Image") else {}
    policy = model(name="team", enforcement=word, validations=VALIDATIONS, **more)
    assert policy.manifest()["spec"]["validationActions"] == [action]


@pytest.mark.parametrize(("word", "action"), [("audit", "Audit"), ("enforce", "Enforce")])
@pytest.mark.parametrize("kind", [kyverno.ClusterPolicy, kyverno.Policy])
def test_it_is_the_action_of_each_rule_that_validates_and_says_none(
    kind: type[kyverno.ClusterPolicy], word: str, action: str
) -> None:
    rules = [
        {"name": "dict", "match": MATCH, "validate": DEMAND},
        kyverno.PolicyRule(name="object", match=MATCH, validate=kyverno.RuleValidation(**DEMAND)),
        {"name": "own", "match": MATCH, "validate": {**DEMAND, "failure_action": "Audit"}},
        {
            "name": "mutation",
            "match": MATCH,
            "mutate": {"patchStrategicMerge": {"metadata": {"labels": {"+(team)": "none"}}}},
        },
    ]
    written = kind(name="team", enforcement=word, rules=rules).manifest()["spec"]["rules"]
    assert [rule.get("validate", {}).get("failureAction") for rule in written] == [action, action, "Audit", None]


def test_another_word_is_refused() -> None:
    with pytest.raises(InputError, match="enforcement must be one of audit, enforce"):
        kyverno.ValidatingPolicy(name="team", enforcement="deny", validations=VALIDATIONS)
    with pytest.raises(InputError, match="enforcement must be one of audit, enforce"):
        kyverno.ClusterPolicy(name="team", enforcement="Audit", rules=[{"name": "team", "validate": DEMAND}])


def test_both_words_are_refused() -> None:
    with pytest.raises(InputError, match="enforcement and validation_actions are one field"):
        kyverno.ValidatingPolicy(name="team", enforcement="audit", validation_actions=["Deny"], validations=VALIDATIONS)

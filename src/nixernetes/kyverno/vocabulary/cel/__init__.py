"""The kinds of policies.kyverno.io, written in CEL. Data only."""

"""The kinds of kyverno.io: rules in patterns, JMESPath and CEL. Data only."""

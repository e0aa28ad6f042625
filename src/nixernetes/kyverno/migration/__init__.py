"""ClusterPolicies written as policies in CEL, rule by rule; what has no equal there is refused by name. Pure."""

"""Reports of an assessment as texts: for people, for machines, for clusters, for auditors. Pure."""

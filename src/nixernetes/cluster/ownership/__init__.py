"""Who owns which field of an object: ``metadata.managedFields`` (sigs.k8s.io/structured-merge-diff v6.3.0)."""

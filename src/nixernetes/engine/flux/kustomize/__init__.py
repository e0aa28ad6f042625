"""kustomize-controller: builds, applies, prunes and checks Kustomizations."""

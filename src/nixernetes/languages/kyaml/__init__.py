"""YAML trees as Kustomize works on them (kyaml): nodes, shapes of kinds, strategic merge patches."""

"""Parts of objects that are resources of their own: scale, eviction, binding, logs (apiserver subresources)."""

"""What an API server demands of a pod beyond the types, by its parts (``pkg/apis/core/validation``, 1.34.4)."""

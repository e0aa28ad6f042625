"""What an API server demands of whole kinds beyond the types (``pkg/apis/*/validation``, 1.34.4)."""

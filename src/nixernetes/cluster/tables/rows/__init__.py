"""The cells of built-in kinds, without the name before them (kubernetes v1.34.4, ``internalversion/printers.go``)."""

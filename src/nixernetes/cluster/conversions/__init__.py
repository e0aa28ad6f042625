"""One kind in several versions: kept in one of them, told in the one that is asked for.

Custom kinds are converted by strategy ``None``, which changes nothing but ``apiVersion``; built-in kinds with fields
that moved have functions of their own (``pkg/apis/*/v1/conversion.go``, 1.34.4).
"""

from nixernetes.cluster.conversions.versions import converted, kept_as, kept_kind

__all__ = ["converted", "kept_as", "kept_kind"]

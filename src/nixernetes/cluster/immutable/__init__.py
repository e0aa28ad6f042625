"""What never changes, once an object is there."""

from nixernetes.cluster.immutable.kinds import changes

__all__ = ["changes"]

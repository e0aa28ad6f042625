"""Flux Operator's ResourceSets: objects made from templates, one set for each input.

Pure: ConfigMaps, Secrets and ResourceSetInputProviders are asked for from the objects around. Work and memory are
bounded. Only inputs that are written in the repository are known: providers that ask a service are refused by name.
"""

from nixernetes.render.flux_operator.inputs import INPUT_PROVIDER, RESOURCE_SET
from nixernetes.render.flux_operator.resource_set import resource_set_objects

__all__ = ["INPUT_PROVIDER", "RESOURCE_SET", "resource_set_objects"]

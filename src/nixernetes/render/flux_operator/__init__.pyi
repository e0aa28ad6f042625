# What is imported here is a public name of the package, loaded when it is first used.

from .inputs import INPUT_PROVIDER as INPUT_PROVIDER, RESOURCE_SET as RESOURCE_SET
from .resource_set import resource_set_objects as resource_set_objects

# What is imported here is a public name of the package, loaded when it is first used.

from .resource_set import resource_set_objects as resource_set_objects

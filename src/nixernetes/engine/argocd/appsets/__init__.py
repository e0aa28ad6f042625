"""The controller of ApplicationSets; what they generate is a matter of ``render.applicationsets``."""

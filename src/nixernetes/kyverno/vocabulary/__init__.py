"""Every kind of Kyverno, every field of its CustomResourceDefinitions. Data only; what policies do is the engine's."""

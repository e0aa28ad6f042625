"""Objects as Kubernetes' typed clients send them: protobuf."""

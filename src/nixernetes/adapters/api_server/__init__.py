"""The HTTP face of embedded clusters: TLS, kubeconfig, sockets."""

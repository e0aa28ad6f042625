"""The libraries of Kubernetes 1.34; ``authorizer`` needs a cluster's access rules and is added by who has them."""

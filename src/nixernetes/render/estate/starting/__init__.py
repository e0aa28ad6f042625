"""What starts the clusters of a repository: bootstraps, operators, folders, and deliveries that nobody brings."""

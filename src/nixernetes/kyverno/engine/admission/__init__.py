"""What the answers of policies mean for whoever asks a cluster to take an object."""

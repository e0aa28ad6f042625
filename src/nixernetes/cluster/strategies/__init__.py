"""What an API server does to an object of a kind beside storing it: prepare, allocate, count generations."""

"""What Go says where it cannot read something."""

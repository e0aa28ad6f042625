"""What controllers write into their logs: kept for those who ask, in the form in which the real ones write."""

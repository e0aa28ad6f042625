"""What pods ask of nodes: the scheduler's sum, defaults of LimitRanges, and which nodes they demand."""

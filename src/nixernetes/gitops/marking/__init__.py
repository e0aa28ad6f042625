"""Labels and annotations that every object of a platform bears: who says them, and how they get there."""

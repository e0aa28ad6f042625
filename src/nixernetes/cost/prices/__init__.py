"""What things cost: price books, how they are written, and those that are shipped. A price names its source."""

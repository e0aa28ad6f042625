"""Arguments that several commands take, or one reads by itself."""

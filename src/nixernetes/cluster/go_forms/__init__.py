"""Objects as Go shows them, where messages of a server have them."""

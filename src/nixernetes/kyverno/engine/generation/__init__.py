"""What policies make beside an object: copies, and objects of their own."""

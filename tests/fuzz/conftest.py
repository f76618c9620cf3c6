"""A site with one of everything, for requests of every kind."""

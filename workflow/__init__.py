"""A multilingual publishing workflow: stories, catalogs, signed editions, pages and bulletins."""

__version__ = "0.1.0"

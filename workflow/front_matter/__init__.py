"""The YAML header of a story."""

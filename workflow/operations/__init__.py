"""One file a use case: takes a newsroom, returns values; never prints, never exits."""

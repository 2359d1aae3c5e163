"""The translator's session on the screen of a terminal, with Textual."""

"""What other tools read and write: each module turns one format into our values and back."""

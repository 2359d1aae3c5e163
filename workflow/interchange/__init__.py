"""What comes from and goes to other tools: bytes ↔ our values, nothing of it trusted."""

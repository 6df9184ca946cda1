"""Terminal and web screens."""

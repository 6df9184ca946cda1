"""Which candidate people would commit, and how sure that is."""

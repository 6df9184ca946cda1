"""Who has children, who is crossed with whom, and who of the children lives."""

"""What is learned from the messages of many repositories: counts of n-grams, and a reranker."""

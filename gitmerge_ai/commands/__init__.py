"""One thin module per command: read options, call the library, print."""

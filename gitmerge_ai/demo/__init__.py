"""The demonstration: a repository with two branches, merged by git alone and with the driver."""

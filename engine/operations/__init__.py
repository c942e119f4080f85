"""The use cases, one file per family; each is asked through the desk only."""

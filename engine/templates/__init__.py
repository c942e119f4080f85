"""Orders kept under a name: what they may be, and how they travel as text."""

"""Everything must end: what is known of a panic, and its next steps."""

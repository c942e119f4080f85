"""What the market shows: heard live first, asked for where it is not."""

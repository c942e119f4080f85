"""Results and events as messages: pure, and the only place that escapes."""

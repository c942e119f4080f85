"""Who talks to us: Telegram first, the web beside it."""

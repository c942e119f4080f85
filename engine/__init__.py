"""What we do: trading, with no knowledge of Telegram, SQL or an HTTP server."""

"""The operator's grammar, rule by rule; `bot.telegram.parse` is its one public face."""

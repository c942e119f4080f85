"""What is said of an alert group that cannot be reached."""

from bot.telegram.render.text import bold, code, esc, lines


def lost(chat: int, why: str) -> str:
    """To everybody who hears the alerts in its place, and what to do."""
    return lines(
        [
            f"{bold('The alert group cannot be reached')} ({code(str(chat))}).",
            f"Telegram says: {esc(why)}",
            "",
            "Until it answers again, alerts come to every admin privately.",
            "",
            "What to do: add me to the group again and let me write there. If the group is gone, "
            "set TELEGRAM_CHAT_ID to another chat and start Genesis again.",
        ]
    )


def back(told: int) -> str:
    """To the group, the first time it can be reached again."""
    many = "1 alert" if told == 1 else f"{told} alerts"
    return f"{bold('Alerts come here again.')} Meanwhile {many} went to the admins privately."


def back_for_others() -> str:
    """To those who heard the alerts in its place."""
    return f"{bold('The alert group answers again')}: alerts go there from now on."


def standing(trouble: str) -> str:
    """A line of /status."""
    return f"{bold('Alerts')}: {esc(trouble)}."

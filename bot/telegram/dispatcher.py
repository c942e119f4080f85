"""aiogram's routers around the conversation; access stands before all of them."""

from aiogram import Dispatcher, Router

from bot.telegram.access import Access
from bot.telegram.card_talk import CardTalk
from bot.telegram.conversation import Conversation
from bot.telegram.presses import (
    ApprovalPress,
    CardPress,
    ClosePress,
    CodePress,
    OrderPress,
    PagePress,
    PanelPress,
    SayPress,
    StrayPress,
)

HEARD = ("message", "edited_message", "callback_query")


def build_dispatcher(access: Access, conversation: Conversation, card_talk: CardTalk) -> Dispatcher:
    """A dispatcher that lets in only whom `access` knows."""
    router = Router(name="operators")
    router.message.register(conversation.on_message)
    router.edited_message.register(conversation.on_edit)
    router.callback_query.register(card_talk.on_card, CardPress.filter())
    router.callback_query.register(card_talk.on_approval, ApprovalPress.filter())
    router.callback_query.register(card_talk.on_code_press, CodePress.filter())
    router.callback_query.register(conversation.on_order, OrderPress.filter())
    router.callback_query.register(conversation.on_close, ClosePress.filter())
    router.callback_query.register(conversation.on_panel, PanelPress.filter())
    router.callback_query.register(conversation.on_page, PagePress.filter())
    router.callback_query.register(conversation.on_say, SayPress.filter())
    router.callback_query.register(conversation.on_stray, StrayPress.filter())
    router.callback_query.register(conversation.on_unknown)
    dispatcher = Dispatcher()
    dispatcher.update.outer_middleware(access)
    dispatcher.include_router(router)
    return dispatcher

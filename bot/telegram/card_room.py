"""Everything that decides cards, put together."""

from dataclasses import dataclass

from bot.nursery import Nursery
from bot.telegram.card_talk import CardTalk
from bot.telegram.cards import Cards
from bot.telegram.codes import Codes
from bot.telegram.decisions import Decisions
from bot.telegram.fleeting import Fleeting
from bot.telegram.names import Names
from bot.telegram.ports import Shelf
from bot.telegram.prompts import Prompts
from bot.telegram.second_eyes import SecondEyes
from bot.telegram.sender import Sender
from engine.desk import Desk
from engine.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRoom:
    """Cards, the codes and second persons they wait for, and messages that must not stay."""

    cards: Cards
    prompts: Prompts
    decisions: Decisions
    fleeting: Fleeting
    codes: Codes
    eyes: SecondEyes
    talk: CardTalk
    nursery: Nursery

    @classmethod
    def furnished(
        cls,
        *,
        desk: Desk,
        cards: Cards,
        shelf: Shelf,
        sender: Sender,
        names: Names,
        nursery: Nursery,
        clock: Clock,
    ) -> "CardRoom":
        """All of them over one desk."""
        prompts, fleeting = Prompts(shelf), Fleeting(shelf, sender, clock)
        decisions = Decisions(desk, cards, sender, clock, names)
        codes = Codes(
            desk=desk, cards=cards, shelf=shelf, sender=sender, fleeting=fleeting, clock=clock
        )
        eyes = SecondEyes(
            desk=desk,
            cards=cards,
            decisions=decisions,
            sender=sender,
            names=names,
            nursery=nursery,
            clock=clock,
        )
        talk = CardTalk(
            cards=cards,
            decisions=decisions,
            codes=codes,
            eyes=eyes,
            prompts=prompts,
            sender=sender,
            nursery=nursery,
        )
        return cls(
            cards=cards,
            prompts=prompts,
            decisions=decisions,
            fleeting=fleeting,
            codes=codes,
            eyes=eyes,
            talk=talk,
            nursery=nursery,
        )

    def start(self) -> None:
        """Begin to expire cards, to take away what must not stay, and to ask who was not asked."""
        self.nursery.start("card sweep", self.decisions.sweep)
        self.nursery.start("fleeting messages", self.fleeting.sweep)
        self.nursery.spawn("approvals", self.eyes.resume())

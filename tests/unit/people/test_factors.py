"""Which command needs what: nobody may add one and forget to say."""

import importlib
import pkgutil
from decimal import Decimal

import pytest

import engine.model
from engine.model.approval_command import ApproveWish, HoldWish, RejectWish
from engine.model.command import (
    AdoptOrder,
    AdoptPosition,
    AmendOrder,
    CancelAll,
    CancelOrders,
    Decline,
    DeleteTemplate,
    IgnoreOrder,
    IgnorePosition,
    ImportTemplates,
    PauseTrading,
    PlaceOrder,
    ReleaseBracket,
    RenewBracket,
    SaveTemplate,
)
from engine.model.factor_command import BeginFactor, DropFactor, GiveCode, ShowFactor
from engine.model.ids import CommandId
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.panic_command import CallPanic
from engine.model.people_command import CancelInvitation, EndTokens, FreezeMember
from engine.model.risk_command import LockSymbol
from engine.model.symbol import Symbol
from engine.people.factors import ActionClass, class_of, closes, needs_its_own_code

# They stop, lessen, look or keep in order; a missing phone must not stand in their way.
FREE = {
    AdoptOrder,
    AdoptPosition,
    BeginFactor,
    CancelAll,
    CancelInvitation,
    CancelOrders,
    Decline,
    EndTokens,
    DeleteTemplate,
    FreezeMember,
    GiveCode,
    IgnoreOrder,
    IgnorePosition,
    ImportTemplates,
    LockSymbol,
    PauseTrading,
    RejectWish,
    ReleaseBracket,
    RenewBracket,
    SaveTemplate,
    ShowFactor,
}
WRAPPED = {HoldWish, ApproveWish}
BUY = OrderTerms(symbol=Symbol("tBTCUSD"), side=Side.BUY, amount=Decimal(1), type=OrderType.MARKET)


def commands() -> list[type]:
    """Every command of the model."""
    found = []
    for module in pkgutil.iter_modules(engine.model.__path__):
        if not module.name.endswith("command"):
            continue
        home = importlib.import_module(f"engine.model.{module.name}")
        found += [
            kind
            for kind in vars(home).values()
            if isinstance(kind, type) and hasattr(kind, "meet") and kind.__module__ == home.__name__
        ]
    return found


@pytest.mark.parametrize("kind", commands(), ids=lambda kind: kind.__name__)
def test_every_command_says_whether_it_needs_a_code(kind: type) -> None:
    needs = class_of(object.__new__(kind)) is not None if kind not in WRAPPED else False
    assert (kind in FREE | WRAPPED) != needs


def test_what_wraps_a_wish_is_of_its_class() -> None:
    place = PlaceOrder(BUY)
    assert class_of(HoldWish(place)) is ActionClass.ORDERS
    assert class_of(ApproveWish(CommandId("card:1"), place)) is ActionClass.ORDERS
    assert class_of(CallPanic()) is ActionClass.FLATTEN
    assert not closes(place)
    assert class_of(object.__new__(AmendOrder)) is ActionClass.ORDERS


def test_no_grace_is_enough_to_take_an_authenticator_off() -> None:
    assert needs_its_own_code(DropFactor("tg:1"))
    assert not needs_its_own_code(PlaceOrder(BUY))


def test_no_repr_shows_a_code() -> None:
    assert "123456" not in repr(GiveCode("123456"))

"""Every family together, for requests to meet."""

from dataclasses import dataclass

from engine.operations.account import AccountOperations
from engine.operations.approvals import ApprovalOperations
from engine.operations.brackets import BracketOperations
from engine.operations.factors import FactorOperations
from engine.operations.guards import GuardOperations
from engine.operations.market import MarketOperations
from engine.operations.orders import OrderOperations
from engine.operations.panic import PanicOperations
from engine.operations.people import PeopleOperations
from engine.operations.risk import RiskOperations
from engine.operations.strays import StrayOperations
from engine.operations.templates import TemplateOperations
from engine.operations.trading import TradingOperations


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """The families by name."""

    orders: OrderOperations
    brackets: BracketOperations
    templates: TemplateOperations
    strays: StrayOperations
    account: AccountOperations
    market: MarketOperations
    trading: TradingOperations
    approvals: ApprovalOperations
    risk: RiskOperations
    guards: GuardOperations
    people: PeopleOperations
    factors: FactorOperations
    panic: PanicOperations

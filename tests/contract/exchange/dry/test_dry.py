"""The suite of the Exchange port, held to by the account on paper where it has a meaning there.

Left out: what the market does by volume at one price or faster than it is told, and calls and
records beyond the port.
"""

from tests.contract.exchange.test_account import (
    test_closed_orders_are_complete_and_in_order,
    test_fees,
    test_the_picture,
    test_trades_are_complete_in_order_and_settled,
)
from tests.contract.exchange.test_any_account import (
    test_a_cancel_by_cid_alone,
    test_a_cancel_of_what_is_not_there_is_refused,
    test_a_change_of_what_is_not_there_is_refused,
    test_a_group_and_an_end_come_back,
    test_an_amended_price,
    test_an_amended_size,
    test_an_amended_stop,
    test_an_oco_is_two_orders_and_ends_as_two,
    test_an_order_that_is_too_small_is_refused_by_name,
    test_every_resting_type_comes_back_as_it_was_meant,
    test_flags_come_back,
    test_in_vain_means_ended,
    test_many_at_once,
)
from tests.contract.exchange.test_changes import (
    test_a_reduce_only_oco_guards_a_position,
    test_a_triggered_stop_limit_can_still_be_changed,
    test_flags_of_an_open_order_can_be_changed,
)
from tests.contract.exchange.test_orders import (
    test_a_cancel_of_what_is_not_there,
    test_a_hidden_order_is_hidden,
    test_a_margin_position_opens_and_closes,
    test_a_market_order_fills_and_its_fee_is_settled,
    test_a_post_only_order_that_would_cross_ends,
    test_a_reduce_only_order_without_a_position_ends,
    test_a_resting_order_works_and_can_be_cancelled,
    test_a_stop_triggers_and_a_stop_limit_too,
    test_an_order_the_exchange_does_not_want,
    test_balances_follow_with_what_is_available,
    test_fok_and_ioc_fill_or_end,
    test_many_cancels_at_once_with_and_without_ids,
    test_the_account_is_told_before_the_link_is_up,
    test_the_price_comes_to_a_resting_order,
)

__all__ = [
    "test_a_cancel_by_cid_alone",
    "test_a_cancel_of_what_is_not_there",
    "test_a_cancel_of_what_is_not_there_is_refused",
    "test_a_change_of_what_is_not_there_is_refused",
    "test_a_group_and_an_end_come_back",
    "test_a_hidden_order_is_hidden",
    "test_a_margin_position_opens_and_closes",
    "test_a_market_order_fills_and_its_fee_is_settled",
    "test_a_post_only_order_that_would_cross_ends",
    "test_a_reduce_only_oco_guards_a_position",
    "test_a_reduce_only_order_without_a_position_ends",
    "test_a_resting_order_works_and_can_be_cancelled",
    "test_a_stop_triggers_and_a_stop_limit_too",
    "test_a_triggered_stop_limit_can_still_be_changed",
    "test_an_amended_price",
    "test_an_amended_size",
    "test_an_amended_stop",
    "test_an_oco_is_two_orders_and_ends_as_two",
    "test_an_order_that_is_too_small_is_refused_by_name",
    "test_an_order_the_exchange_does_not_want",
    "test_balances_follow_with_what_is_available",
    "test_closed_orders_are_complete_and_in_order",
    "test_every_resting_type_comes_back_as_it_was_meant",
    "test_fees",
    "test_flags_come_back",
    "test_flags_of_an_open_order_can_be_changed",
    "test_fok_and_ioc_fill_or_end",
    "test_in_vain_means_ended",
    "test_many_at_once",
    "test_many_cancels_at_once_with_and_without_ids",
    "test_the_account_is_told_before_the_link_is_up",
    "test_the_picture",
    "test_the_price_comes_to_a_resting_order",
    "test_trades_are_complete_in_order_and_settled",
]

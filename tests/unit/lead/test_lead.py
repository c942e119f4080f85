"""How long a leader may act on the last word that it leads."""

from engine.lead import Lead, seconds_since_boot


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def lead_at(hand: Hand) -> Lead:
    return Lead(7, lease=4.0, margin=1.0, now=hand)


def test_who_was_never_confirmed_may_nothing() -> None:
    lead = lead_at(Hand())
    assert (lead.may_act(), lead.may_listen()) == (False, False)


def test_a_confirmation_counts_from_when_it_was_asked_for() -> None:
    hand = Hand()
    lead = lead_at(hand)
    asked = lead.moment()
    hand.time += 2.5
    lead.confirm(asked)
    assert lead.may_act()
    hand.time += 0.4
    assert lead.may_act()
    hand.time += 0.1
    assert not lead.may_act()


def test_a_database_that_is_away_lets_us_listen_and_not_act() -> None:
    hand = Hand()
    lead = lead_at(hand)
    lead.confirm(lead.moment())
    hand.time += 3600
    assert (lead.may_act(), lead.may_listen()) == (False, False)
    lead.attempted(lead.moment())
    assert (lead.may_act(), lead.may_listen()) == (False, True)


def test_an_answer_from_before_a_freeze_is_worth_nothing_after_it() -> None:
    hand = Hand()
    lead = lead_at(hand)
    asked = lead.moment()
    hand.time += 60
    lead.confirm(asked)
    assert (lead.may_act(), lead.may_listen()) == (False, False)


def test_what_has_ended_never_acts_again() -> None:
    lead = lead_at(Hand())
    lead.end()
    lead.confirm(lead.moment())
    assert (lead.may_act(), lead.may_listen()) == (False, False)


def test_the_clock_goes_on() -> None:
    assert 0 < seconds_since_boot() <= seconds_since_boot()

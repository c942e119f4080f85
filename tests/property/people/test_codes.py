"""Whatever codes come, and whenever: never twice, never outside the window, never past a lock."""

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import ManualClock
from engine.memory_factors import MemoryFactors
from engine.model.ids import CommandId
from engine.people.lockout import FIRST_LOCK, LONGEST_LOCK, TRIES
from engine.people.second_factor import LockedOut, Look, Right, SecondFactor, Wrong
from engine.people.totp import STEP_SECONDS, code_at, step_of

SECRET = bytes(range(20))
ACTOR = "tg:1"
GRACE = timedelta(minutes=5)
START = datetime(2026, 6, 1, tzinfo=UTC)

# What is tried: how many seconds go by first, whether there is a restart, which step's code.
TRIES_MADE = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 29, 30, 31, 90, 16 * 60, 31 * 60]),
        st.booleans(),
        st.integers(-4, 4) | st.none(),
    ),
    max_size=40,
)


class Door:
    """A second factor that can be started anew over the same store."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.store = MemoryFactors()
        self.factor = self._made()

    def _made(self) -> SecondFactor:
        return SecondFactor(self.store, self.clock, GRACE, lambda: SECRET)

    def restart(self) -> None:
        self.factor = self._made()

    async def enrol(self) -> int:
        """Begin, and confirm with the code of now; the step it used."""
        await self.factor.begin(ACTOR)
        step = step_of(self.clock.now())
        assert await self.show(code_at(SECRET, step)) == Right(confirmed=True)
        return step

    async def show(self, code: str) -> Look:
        return await self.factor.look(ACTOR, code, None)


def wrong(now: datetime) -> str:
    right = {code_at(SECRET, step_of(now) + off) for off in range(-1, 2)}
    return next(code for code in map(str, range(100_000, 100_004)) if code not in right)


@settings(max_examples=150, deadline=None)
@given(TRIES_MADE)
def test_no_code_counts_twice_and_none_outside_the_window_or_a_lock(
    tries: list[tuple[int, bool, int | None]],
) -> None:
    async def play() -> None:
        door = Door()
        used = {await door.enrol()}
        locked_until, lockouts, missed = START, 0, 0
        for seconds, restart, off in tries:
            door.clock.advance(seconds)
            now = door.clock.now()
            if restart:
                door.restart()
            step = step_of(now) + (off or 0)
            code = wrong(now) if off is None else code_at(SECRET, step)
            seen = await door.show(code)
            fits = off is not None and abs(off) <= 1 and step > max(used)
            if now < locked_until:
                assert seen == LockedOut(locked_until)
            elif fits:
                assert seen == Right()
                used.add(step)
                lockouts, missed = 0, 0
            elif missed + 1 < TRIES:
                missed += 1
                assert seen == Wrong(TRIES - missed)
            else:
                locked_until = now + min(FIRST_LOCK * 2**lockouts, LONGEST_LOCK)
                lockouts, missed = lockouts + 1, 0
                assert seen == LockedOut(locked_until, now=True)

    asyncio.run(play())


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 30), st.integers(-1, 1))
def test_of_many_who_show_the_same_code_at_once_one_is_let_in(count: int, off: int) -> None:
    async def play() -> None:
        door = Door()
        await door.enrol()
        door.clock.advance(3 * STEP_SECONDS)
        code = code_at(SECRET, step_of(door.clock.now()) + off)
        seen = await asyncio.gather(*(door.show(code) for _ in range(count)))
        assert sum(isinstance(one, Right) for one in seen) == 1

    asyncio.run(play())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 999_999), min_size=TRIES, max_size=60, unique=True))
def test_a_flood_of_guesses_is_looked_at_five_times(guesses: list[int]) -> None:
    async def play() -> None:
        door = Door()
        await door.enrol()
        door.clock.advance(3600)
        now = step_of(door.clock.now())
        right = {code_at(SECRET, now + off) for off in (-1, 0, 1)}
        codes = [code for code in (f"{guess:06}" for guess in guesses) if code not in right]
        seen = await asyncio.gather(*(door.show(code) for code in codes))
        assert sum(isinstance(one, Wrong) for one in seen) == min(TRIES - 1, len(codes))
        assert not any(isinstance(one, Right) for one in seen)

    asyncio.run(play())


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 900))
def test_the_grace_ends_and_is_one_s_own(seconds: int) -> None:
    async def play() -> None:
        door = Door()
        await door.enrol()
        door.clock.advance(seconds)
        wish = CommandId("wish")
        assert door.factor.fresh(ACTOR, wish) == (timedelta(seconds=seconds) < GRACE)
        assert not door.factor.fresh("tg:2", wish)
        assert not door.factor.fresh(ACTOR, wish, for_this_alone=True)
        door.restart()
        assert not door.factor.fresh(ACTOR, wish)

    asyncio.run(play())

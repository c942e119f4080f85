"""Where authenticators' secrets are kept, and nowhere else."""

from typing import Protocol

from engine.model.factor import Factor


class FactorStore(Protocol):
    """One factor a person; all raise `JournalUnavailable` when the database does not answer."""

    async def get(self, actor_id: str) -> Factor | None:
        """What is kept for this person."""
        ...

    async def begin(self, factor: Factor) -> bool:
        """Keep a new one instead of any that was never confirmed; False when one counts already."""
        ...

    async def swap(self, before: Factor, after: Factor) -> bool:
        """Keep `after` where `before` is what is kept; False when somebody was quicker."""
        ...

    async def remove(self, actor_id: str) -> bool:
        """Forget it; whether one that counted was there."""
        ...

"""Authenticators' secrets in memory: the same contract as the table."""

from engine.model.factor import Factor


class MemoryFactors:
    """`engine.factor_ports.FactorStore` in a dictionary."""

    def __init__(self) -> None:
        self._kept: dict[str, Factor] = {}

    async def get(self, actor_id: str) -> Factor | None:
        """As the port says."""
        return self._kept.get(actor_id)

    async def begin(self, factor: Factor) -> bool:
        """As the port says."""
        kept = self._kept.get(factor.actor_id)
        if kept is not None and kept.confirmed:
            return False
        self._kept[factor.actor_id] = factor
        return True

    async def swap(self, before: Factor, after: Factor) -> bool:
        """As the port says."""
        if self._kept.get(before.actor_id) != before:
            return False
        self._kept[before.actor_id] = after
        return True

    async def remove(self, actor_id: str) -> bool:
        """As the port says."""
        kept = self._kept.pop(actor_id, None)
        return kept is not None and kept.confirmed

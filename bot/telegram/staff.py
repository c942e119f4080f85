"""Who of the members is to be told what, as the roster stands at this moment."""

from collections.abc import Callable, Mapping, Sequence

from engine.model.actor import Role
from engine.model.people import Member, MemberStanding


def person_of(actor_id: str) -> int | None:
    """The Telegram id of somebody who writes from there."""
    kind, _, number = actor_id.partition(":")
    return int(number) if kind == "tg" and number.isdigit() else None


class Staff:
    """Members by their chats; `chat_id` is the one chat that was named for the alerts, if any."""

    def __init__(self, members: Callable[[], Sequence[Member]], chat_id: int | None) -> None:
        self._members = members
        self._chat_id = chat_id

    @property
    def roles(self) -> Mapping[int, Role]:
        """Everybody who may act now."""
        return {person: role for person, role in self.known.items() if role is not None}

    @property
    def known(self) -> Mapping[int, Role | None]:
        """Everybody who may act, or could once."""
        return {
            person: member.role if member.standing is MemberStanding.ACTIVE else None
            for member in self._members()
            if (person := person_of(member.actor_id)) is not None
        }

    @property
    def admins(self) -> frozenset[int]:
        """Those who may change who else may act."""
        return frozenset(p for p, role in self.roles.items() if role is Role.ADMIN)

    @property
    def desk(self) -> Sequence[int]:
        """The chats that hear everything: the one that was named, else all admins.

        Without admins whoever stands highest; so too where the named chat is a person's who may
        not hear any more, for somebody must.
        """
        roles, named = self.roles, self._chat_id
        if named is not None and (named < 0 or named in roles):
            return [named]
        return self.highest

    @property
    def highest(self) -> Sequence[int]:
        """All admins; without any, whoever stands highest."""
        roles = self.roles
        highest = max(roles.values(), default=Role.ADMIN)
        return sorted(person for person, role in roles.items() if role is highest)

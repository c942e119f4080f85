"""Everything that can go wrong, under one root; a class's docstring is the operator's sentence."""

from typing import ClassVar


class GenesisError(Exception):
    """Something went wrong inside Genesis. The log has the details."""

    code: ClassVar[str] = "internal"

    @property
    def sentence(self) -> str:
        """What happened, for a person: the detail given, else the class's own words."""
        return str(self) or (self.__doc__ or "").strip()


class ConfigurationError(GenesisError):
    """A setting is missing or wrong. Mend it in the environment or in `.env` and start again."""

    code = "configuration"


class NotAllowed(GenesisError):
    """You have no right to do this. Ask an admin for a higher role."""

    code = "not_allowed"


class SecondFactorNeeded(NotAllowed):
    """This needs the 6-digit code of your authenticator. Say it in our private chat."""

    code = "second_factor_needed"


class SecondFactorMissing(NotAllowed):
    """This needs an authenticator, and you have none yet. Set one up first: /2fa"""

    code = "second_factor_missing"


class SecondPersonNeeded(NotAllowed):
    """This is so much that a second person has to agree."""

    code = "second_person_needed"


class InvalidInput(GenesisError):
    """That could not be understood. Correct the word that is named and send it again."""

    code = "invalid_input"


class UnknownSymbol(InvalidInput):
    """The exchange does not list this symbol. Choose one of the nearest."""

    code = "unknown_symbol"


class DuplicateCommand(GenesisError):
    """This was already carried out. Nothing was done twice."""

    code = "duplicate_command"


class JournalUnavailable(GenesisError):
    """The database does not answer, so nothing was sent. Try again when /status is green."""

    code = "journal_unavailable"


class JournalUncertain(JournalUnavailable):
    """The database was lost over this: it may still be done. Look at /orders before you repeat."""

    code = "journal_uncertain"


class Deposed(JournalUnavailable):
    """Another service may lead by now, so this one does nothing. Try again in a moment."""

    code = "deposed"


class JournalDamaged(GenesisError):
    """The journal holds an entry this version cannot read. Restore a backup or upgrade Genesis."""

    code = "journal_damaged"


class ExchangeError(GenesisError):
    """The exchange could not be used. Nothing is repeated blindly; try again."""

    code = "exchange"


class LinkDown(ExchangeError):
    """There is no link to the exchange. Nothing was sent; try again when it is back."""

    code = "link_down"


class CircuitOpen(LinkDown):
    """The exchange keeps failing, so this was not sent. Genesis tries again by itself."""


class ExchangeRefused(ExchangeError):
    """The exchange refused the request, in its own words."""

    code = "exchange_refused"


class CredentialsRefused(ExchangeError):
    """The exchange does not accept the API key. Check BITFINEX_API_KEY and BITFINEX_API_SECRET."""

    code = "credentials_refused"


class RateLimited(ExchangeError):
    """The exchange asks for a pause. Reads go on in a minute."""

    code = "rate_limited"


class ExchangeUnreachable(ExchangeError):
    """The exchange does not answer. What was asked may or may not have arrived."""

    code = "exchange_unreachable"

"""Whom each programme decides about: told by the service that keeps the programme."""

from yui.procedures.programmes.contracts import Population

_populations: dict[str, Population] = {}


class NoPopulation(LookupError):
    """No service says whom the programme decides about."""


def register_population(programme: str, population: Population) -> None:
    """Make known whom a programme decides about. Called once by its service when the app is ready."""
    _populations[programme] = population


def get_population(programme: str) -> Population:
    """Whom a programme decides about.

    Raises:
        NoPopulation: no service has said so.
    """
    if programme not in _populations:
        known = ", ".join(sorted(_populations))
        raise NoPopulation(f"No service says whom {programme} decides about. Known are: {known}.")
    return _populations[programme]


def has_population(programme: str) -> bool:
    """Whether a service says whom a programme decides about."""
    return programme in _populations


def list_populations() -> list[str]:
    """Every programme of which a service says whom it decides about."""
    return sorted(_populations)

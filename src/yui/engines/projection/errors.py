"""What is wrong with what was handed over."""

MESSAGES = {
    "not_on_grid": "The age {age} is no bound of these groups; use one of {bounds}.",
    "wrong_shape": "{what} has the shape {shape} where {expected} is needed; hand over one value for each.",
    "not_a_share": "{what} must lie between 0 and 1, but is {value}; hand over shares, not percent.",
    "not_a_whole": "{what} must add up to 1 over {over}, but adds up to {value}.",
    "negative": "{what} must not be below 0, but is {value}.",
    "no_mothers": "Row {row} has {children} children in step {step} and no women to bear them; merge it with another.",
    "nothing_to_rake": "In step {step} the regions have nobody of a sex and age of which the nation has {nation}.",
    "no_errors": "Size class {size_class} has no past errors to draw from; hand over errors of such places.",
    "too_few": "{what} needs at least {least} observations, but there are {found}.",
    "no_variation": "All observations have the same size; an elasticity cannot be seen in them.",
    "one_sided": "Of {found} places {having} have the service; both kinds are needed to see where it begins.",
    "not_rising": "The share of places that have the service does not rise with size; there is no threshold.",
    "other_release": "A series of {held} cannot take values of {given}; keep two series, each with its own name.",
    "other_figure": "{given} for {year} is not what {held} says: {published}. {hint}",
    "unknown_year": "{held} has no value for {year}; its years are {years}.",
    "year_twice": "The year {year} is given twice; a series has one value for each year.",
    "join_gap": "Actual values end in {actual} and the projection begins in {projected}: {year} is in neither.",
}


class ProjectionError(ValueError):
    """What was handed over cannot be projected.

    Attributes:
        code: A key of :data:`MESSAGES`.
        values: What the message names.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(MESSAGES[code].format(**values))
        self.code = code
        self.values = values

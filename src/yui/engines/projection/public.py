"""The door of the projection engine.

Example:
    >>> import numpy as np
    >>> ages = Ages(open_from=85)
    >>> published = np.full((3, 2, 2, len(ages)), 100.0)  # two steps, two regions
    >>> world = calibrate(published, survival=0.9, departure=0.1, ages=ages)
    >>> fewer_leave = change(world, departures=0.5)
    >>> what_if(published, world, world)[2, 0, 0, 4]
    np.float64(100.0)
    >>> change(world, fertility=1.2).children_per_woman[0, 0] / world.children_per_woman[0, 0]
    np.float64(1.2)
"""

from yui.engines.projection.ages import FIVE_YEAR_AGES, Ages
from yui.engines.projection.band import Accuracy, PastErrors, accuracy, band, draws, step_errors
from yui.engines.projection.cohort import Assumptions, calibrate, change, extrapolate, project, what_if
from yui.engines.projection.errors import ProjectionError
from yui.engines.projection.location import (
    Band,
    Curve,
    Estimate,
    PrintedThreshold,
    ScaleLost,
    bands,
    fit_location,
    free_curve,
    free_threshold,
    printed_threshold,
    scale_no_longer_typical,
    steepness,
)
from yui.engines.projection.needs import (
    Elasticity,
    Gap,
    RatioChange,
    compare,
    explain_ratio,
    fit_elasticity,
    fit_elasticity_of_change,
    labour_demand,
    labour_supply,
    need_by_people,
    need_by_use,
    supply_by_cohort,
    supply_by_share,
)
from yui.engines.projection.regional import KINDS, MEASURES, Fault, RegionalTable, check_regional, wholes
from yui.engines.projection.series import Joined, Release, Series, check_figure, join

__all__ = [
    "FIVE_YEAR_AGES",
    "KINDS",
    "MEASURES",
    "Accuracy",
    "Ages",
    "Assumptions",
    "Band",
    "Curve",
    "Elasticity",
    "Estimate",
    "Fault",
    "Gap",
    "Joined",
    "PastErrors",
    "PrintedThreshold",
    "ProjectionError",
    "RatioChange",
    "RegionalTable",
    "Release",
    "ScaleLost",
    "Series",
    "accuracy",
    "band",
    "bands",
    "calibrate",
    "change",
    "check_figure",
    "check_regional",
    "compare",
    "draws",
    "explain_ratio",
    "extrapolate",
    "fit_elasticity",
    "fit_elasticity_of_change",
    "fit_location",
    "free_curve",
    "free_threshold",
    "join",
    "labour_demand",
    "labour_supply",
    "need_by_people",
    "need_by_use",
    "printed_threshold",
    "project",
    "scale_no_longer_typical",
    "steepness",
    "step_errors",
    "supply_by_cohort",
    "supply_by_share",
    "what_if",
    "wholes",
]

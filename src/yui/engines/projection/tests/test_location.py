import numpy as np
import pytest

from yui.engines.projection.public import (
    ProjectionError,
    bands,
    fit_location,
    free_curve,
    free_threshold,
    printed_threshold,
    scale_no_longer_typical,
)


def municipalities(slope=4.0, half=20_000, places=1_700, seed=1):
    chance = np.random.default_rng(seed)
    people = np.rint(chance.lognormal(10.1, 1.2, places)).clip(200)
    p = 1 / (1 + np.exp(-slope * np.log(people / half)))
    return people, chance.random(places) < p


# The printed rule


@pytest.mark.parametrize(
    ("people", "centre"),
    [
        (0, 500),
        (2_400, 2_500),
        (3_999, 3_500),
        (9_999, 9_500),
        (10_000, 12_500),
        (17_600, 17_500),
        (99_999, 97_500),
        (100_000, 125_000),
        (299_000, 275_000),
    ],
)
def test_bands_have_the_printed_centres(people, centre):
    (band,) = bands(np.array([people]), np.array([True]))
    assert band.centre == centre
    assert band.low <= people < band.high


def test_clinics_as_in_the_note():
    """Half of the municipalities from the band of 3,500 on, four fifths from that of 5,500 on."""
    people, having = [], []
    for centre, share in ((1_500, 0.3), (2_500, 0.5), (3_500, 0.6), (4_500, 0.8), (5_500, 0.9), (6_500, 1.0)):
        people += [centre] * 10
        having += [n < share * 10 for n in range(10)]
    counted = bands(np.array(people), np.array(having))
    assert printed_threshold(counted, 0.5).population == 3_500
    assert printed_threshold(counted, 0.8).population == 5_500


def test_a_lucky_band_makes_several_candidates():
    people = np.repeat([1_500, 2_500, 3_500, 4_500], 4)
    having = np.array([0, 0, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1], bool)
    found = printed_threshold(bands(people, having), 0.5)
    assert (found.population, found.candidates) == (2_500, (2_500, 4_500))
    none = printed_threshold(bands(people, np.zeros(16, bool)), 0.5)
    assert (none.population, none.candidates) == (None, ())


# The smooth rule


def test_a_known_curve_is_found():
    people, having = municipalities()
    curve = fit_location(people, having)
    half = curve.threshold(0.5)
    assert half.low < 20_000 < half.high
    assert half.high / half.low < 1.3
    error = np.sqrt(curve.covariance[1, 1])
    assert abs(curve.slope - 4) < 3 * error
    assert curve.threshold(0.8).value == pytest.approx(half.value * 4 ** (1 / curve.slope))
    at = curve.chance(half.value)
    assert at.value == pytest.approx(0.5)
    assert at.low < 0.5 < at.high


def test_intervals_hold_nineteen_times_of_twenty():
    held = 0
    for seed in range(200):
        half = fit_location(*municipalities(places=150, seed=seed)).threshold(0.5)
        held += half.low < 20_000 < half.high
    assert 0.9 < held / 200 < 0.99


def test_separated_places_have_an_answer():
    people = np.array([1_000.0, 2_000, 3_000, 10_000, 20_000, 30_000])
    curve = fit_location(people, people > 5_000)
    assert 3_000 < curve.threshold(0.5).value < 10_000
    assert curve.slope < 20


def test_the_penalised_likelihood_is_at_its_top():
    people, having = municipalities(places=60)
    curve = fit_location(people, having)
    logs = np.log(people)

    def likelihood(constant, slope):
        chance = 1 / (1 + np.exp(-(constant + slope * logs)))
        rows = np.column_stack((np.ones_like(logs), logs))
        information = rows.T @ (rows * (chance * (1 - chance))[:, None])
        return np.log(np.where(having, chance, 1 - chance)).sum() + np.linalg.slogdet(information)[1] / 2

    top = likelihood(curve.constant, curve.slope)
    for constant, slope in ((1e-3, 0), (-1e-3, 0), (0, 1e-4), (0, -1e-4), (1e-2, -1e-3), (-1e-2, 1e-3)):
        assert likelihood(curve.constant + constant, curve.slope + slope) < top


def test_the_formula_is_printed():
    curve = fit_location(*municipalities())
    assert curve.formula.startswith(f"logit p = {curve.constant:.3f} + {curve.slope:.3f} · ln people; ")
    assert "1700 places" in curve.formula


def test_what_has_no_threshold_is_refused():
    people = np.array([1_000.0, 2_000, 3_000])
    with pytest.raises(ProjectionError, match="both kinds are needed"):
        fit_location(people, np.ones(3, bool))
    with pytest.raises(ProjectionError, match="does not rise"):
        fit_location(people, people < 1_500)


# The free rule


def test_the_free_curve_never_falls_and_is_the_best_that_does_not():
    people = np.array([1.0, 2, 2, 3, 4, 5])
    having = np.array([0, 1, 0, 0, 1, 1], bool)
    sizes, shares = free_curve(people, having)
    assert sizes.tolist() == [1, 2, 4]
    assert shares == pytest.approx([0, 1 / 3, 1])


def test_free_and_smooth_agree_where_the_smooth_one_is_true():
    people, having = municipalities()
    smooth, free = fit_location(people, having).threshold(0.5), free_threshold(people, having, 0.5, draws=100)
    assert free.low <= free.value <= free.high
    assert free.low < smooth.value < free.high
    assert free_threshold(people, np.zeros(len(people), bool), 0.5) is None


# Places that lose the size


def test_places_whose_size_is_no_longer_typical():
    curve = fit_location(*municipalities())
    now = np.array([30_000.0, 30_000, 10_000, 22_000, 25_000])
    then = np.array([25_000.0, 8_000, 5_000, 19_500, 0])
    lost = scale_no_longer_typical(curve, now, then)
    assert [one.place for one in lost] == [1, 3, 4]
    assert [one.clear for one in lost] == [True, curve.chance(19_500).high < 0.5, True]


@pytest.mark.parametrize(
    ("above", "falling", "share"), [(42, 16, 38.1), (159, 39, 24.5), (387, 89, 23.0), (497, 113, 22.7)]
)
def test_counting_as_the_cabinet_office_did(above, falling, share):
    """Of the municipalities above one half in 2010, which share falls below by 2040 (地域の経済2016)."""
    curve = fit_location(*municipalities())
    half = curve.threshold(0.5).value
    now = np.full(above + 5, half * 1.5)
    now[above:] = half / 2
    then = now.copy()
    then[:falling] = half / 3
    lost = scale_no_longer_typical(curve, now, then)
    typical = sum(curve.chance(people).value >= 0.5 for people in now)
    assert round(len(lost) / typical * 100, 1) == share

from pathlib import Path
from yui.services.transit.tests.test_pages import *  # noqa
from yui.services.transit.tests import test_pages as tp
for n in [n for n in dir() if n.startswith("test_")]:
    del globals()[n]
OUT = Path("/tmp/yui/transit_pages")
from yui.services.transit.views import pages as pg
@pytest.mark.parametrize("i", range(6))
def test_shift(family, sign_in, noon, i):
    driver, duty = tp.driven(sign_in)
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
    demand = booked(sign_in(subject=family[0]), family[0])
    noon.shift(60); press(driver, duty, demand, 0)
    others = a_car("2号車"); record_roll_call(duty=others, alcohol_mg_per_l=0, well=True)
    op = sign_in("transit_operator"); shift = Duty.objects.get(public_id=duty).shift
    op.post(reverse("transit:withdraw", args=[VILLAGE.code, shift]), {"because": "breakdown"})
    print("CAR", pg.car_of(get_ride(demand).demand), get_ride(demand).demand.planned)
    press(op, others, demand, -1)
    print("CAR2", pg.car_of(get_ride(demand).demand), get_ride(demand).demand.planned)
    assert "400円" in press(op, others, demand, 1)
def test_board(family, sign_in, noon):
    a_car(); a_car("2号車"); g, d = family
    booked(sign_in(subject=g), g, ); asked(sign_in(subject=d), d)
    op = sign_in("transit_operator")
    (OUT/"board.html").write_text(text(op.get(reverse("transit:service_board", args=[VILLAGE.code]))))

"""The peer's side of bench/rules.py and bench/peer.py: run by the interpreter of the peer's own environment only.

Speaks JSON: ``published`` prints all cases shipped in the installed package; ``cases`` those of 児童手当 as households;
``bulk`` and ``single`` read batches of households (birth dates of the children) from standard input and print amounts
and CPU seconds; ``speed`` reads a population as columns and prints the CPU seconds of sets of variables.
"""

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy
import yaml
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_japan import CountryTaxBenefitSystem

PARENT_BORN_ON = "1985-06-15"


def published() -> list[dict[str, Any]]:
    """Every case as it is shipped: its file, its number in it, and what is given and asserted, dates as text."""
    found = []
    for path in sorted(shipped().rglob("*.y*ml")):
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1):
            kept = {
                key: plain(case.get(key)) for key in ("period", "input", "output", "absolute_error_margin")
            }
            found.append({"file": path.relative_to(shipped()).as_posix(), "number": number, **kept})
    return found


def shipped() -> Path:
    """The folder of cases in the installed package."""
    origin = find_spec("openfisca_japan")
    assert origin is not None
    assert origin.origin is not None
    return Path(origin.origin).parent / "tests"


def plain(value: Any) -> Any:
    """A value of YAML as JSON can say it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def cases() -> list[dict[str, Any]]:
    """Every asserted amount of 児童手当 with the birth dates of the children of its household."""
    found = []
    for path in sorted(shipped().rglob("*.y*ml")):
        text = path.read_text(encoding="utf-8")
        if "児童手当:" not in text:
            continue
        for number, case in enumerate(yaml.safe_load(text), start=1):
            wanted, given = case.get("output", {}), case["input"]
            households = given.get("世帯一覧") or {"世帯": given.get("世帯", {})}
            outputs = wanted.get("世帯一覧") or {"世帯": wanted.get("世帯", {})}
            for name, household in households.items():
                amounts = outputs.get(name, {}).get("児童手当")
                if not isinstance(amounts, dict):
                    continue
                for on, amount in amounts.items():
                    births = [given["世帯員"][child]["誕生年月日"] for child in household.get("子一覧", [])]
                    label = f"{path.name} {number} {case.get('name', '')} {name}"
                    found.append(
                        {"case": label, "on": str(on), "births": [str(b) for b in births], "amount": amount}
                    )
    return found


def bulk(system: CountryTaxBenefitSystem, batches: list[dict[str, Any]]) -> dict[str, Any]:
    """All households of a batch in one simulation."""
    amounts, seconds = [], 0.0
    for batch in batches:
        began = time.process_time()
        births, household_of, roles = [], [], []
        for number, children in enumerate(batch["households"]):
            births += [PARENT_BORN_ON, *children]
            household_of += [number] * (len(children) + 1)
            roles += ["親", *(["子"] * len(children))]
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("人物", list(range(len(births))))
        population = builder.declare_entity("世帯", list(range(len(batch["households"]))))
        builder.join_with_persons(population, numpy.array(household_of), roles)
        simulation = builder.build(system)
        simulation.set_input("誕生年月日", batch["on"], numpy.array(births, dtype="datetime64[D]"))
        result = simulation.calculate("児童手当", batch["on"])
        seconds += time.process_time() - began
        amounts.append([round(float(amount)) for amount in result])
    return {"amounts": amounts, "seconds": seconds}


def single(system: CountryTaxBenefitSystem, batches: list[dict[str, Any]]) -> dict[str, Any]:
    """One simulation per household, built from the dictionary its documentation shows."""
    amounts, seconds = [], 0.0
    for batch in batches:
        on, totals = batch["on"], []
        for children in batch["households"]:
            began = time.process_time()
            people = {"親": {"誕生年月日": {"ETERNITY": PARENT_BORN_ON}}}
            people |= {
                f"子{number}": {"誕生年月日": {"ETERNITY": born}} for number, born in enumerate(children)
            }
            household = {"親一覧": ["親"], "子一覧": [name for name in people if name != "親"]}
            described = {"世帯員": people, "世帯一覧": {"世帯": household}}
            simulation = SimulationBuilder().build_from_entities(system, described)
            total = simulation.calculate("児童手当", on)
            seconds += time.process_time() - began
            totals.append(round(float(total[0])))
        amounts.append(totals)
    return {"amounts": amounts, "seconds": seconds}


def speed(system: CountryTaxBenefitSystem, request: dict[str, Any]) -> dict[str, list[float]]:
    """CPU seconds of each set of variables for a whole population in one simulation, some runs each."""
    of = {name: numpy.array(column) for name, column in request["persons"].items()}
    roles = numpy.array(["親", "親", "子", "子", "祖父母"])[of["role"]]
    households, places = numpy.unique(of["household"], return_inverse=True)
    born = of["born_on"].astype("datetime64[D]")
    grades = numpy.array(["無", "一級", "二級", "三級", "四級"])[of["grade"]]
    seconds: dict[str, list[float]] = {name: [] for name in request["sets"]}
    for name in list(request["sets"]) * request["runs"]:
        began = time.process_time()
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("人物", numpy.arange(len(places)))
        population = builder.declare_entity("世帯", households)
        builder.join_with_persons(population, places, roles)
        simulation = builder.build(system)
        simulation.set_input("誕生年月日", request["on"], born)
        simulation.set_input("収入", request["on"], of["income"] * 10_000.0)
        simulation.set_input("身体障害者手帳等級", request["on"], grades)
        for variable in request["sets"][name]:
            simulation.calculate(variable, request["on"])
        seconds[name].append(time.process_time() - began)
    return seconds


def main() -> None:
    """Answers one request."""
    if sys.argv[1] in ("cases", "published"):
        answer: Any = {"cases": cases, "published": published}[sys.argv[1]]()
    else:
        system = CountryTaxBenefitSystem()
        answer = {"bulk": bulk, "single": single, "speed": speed}[sys.argv[1]](system, json.load(sys.stdin))
    json.dump(answer, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()

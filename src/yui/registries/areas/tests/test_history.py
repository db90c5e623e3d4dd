from datetime import date

from yui.kernel.tables.public import read_table
from yui.registries.areas.contracts import ChangeKind
from yui.registries.areas.history import CENSUS_YEARS, read_events, read_history


def links(sentence: str) -> list[tuple[str, str, str, str]]:
    return [
        (event.on.isoformat(), event.kind.value, before, after)
        for event in read_events([sentence])
        for _, before, after in event.links
    ]


def test_a_consolidation_names_the_new_code_or_takes_over_one() -> None:
    assert links("2004年3月1日、芦原町(18362)、金津町(18363)が合併し、あわら市(18208)を新設") == [
        ("2004-03-01", "consolidation", "18362", "18208"),
        ("2004-03-01", "consolidation", "18363", "18208"),
    ]
    assert links(
        "2005年3月31日、松江市(32201)、鹿島町(32301)が合併し、松江市を新設；八束郡(32300)の廃止"
    ) == [
        ("2005-03-31", "consolidation", "32201", "32201"),
        ("2005-03-31", "consolidation", "32301", "32201"),
    ]


def test_a_divided_village_goes_to_two() -> None:
    sentence = (
        "2006年3月1日、上九一色村(19341)大字梯及び古関が甲府市(19201)に編入し、"
        "大字精進、本栖及び富士ヶ嶺が富士河口湖町(19430)に編入"
    )
    events = read_events([sentence])
    assert {(before, after) for event in events for _, before, after in event.links} == {
        ("19341", "19201"),
        ("19341", "19430"),
    }
    assert all(event.partial == {"19341"} for event in events)


def test_designation_status_renaming_and_county() -> None:
    assert links("2010年4月1日、相模原市(14209)の相模原市(14150)への政令指定都市移行　緑区(14151)の新設") == [
        ("2010-04-01", "designation", "14209", "14150")
    ]
    assert links("2018年10月1日、筑紫郡(40300)の廃止、那珂川町(40305)が那珂川市(40231)に市制施行") == [
        ("2018-10-01", "city_status", "40305", "40231")
    ]
    assert links("1996年9月1日、広島町(01301)が広島市に市制施行し、北広島市(01234)に名称変更") == [
        ("1996-09-01", "renaming", "01301", "01234")
    ]
    assert links("1985年4月1日、尻岸内町(01340)が恵山町(01340)に名称変更")[0][1] == "renaming"
    [event] = read_events(["2010年4月1日、空知支庁幌加内町(01439)が上川支庁幌加内町(01472)に区域変更"])
    assert event.kind is ChangeKind.COUNTY_CHANGE
    assert event.after == (("01472", "幌加内町"),)


def converter(rows: list[tuple[dict[int, tuple[str, str]], str]]) -> bytes:
    ids = [f"id_muni{year}" for year in CENSUS_YEARS]
    names = [f"name_muni{year}" for year in CENSUS_YEARS]
    lines = [",".join(["merge_id_muni", *ids, *names, "note_merge_incorp", "note_change_name"])]
    for census, note in rows:
        codes = [census.get(year, ("", ""))[0] for year in CENSUS_YEARS]
        texts = [census.get(year, ("", ""))[1] for year in CENSUS_YEARS]
        lines.append(",".join(["1", *codes, *texts, *note.split("|")]))
    return "\n".join(lines).encode()


def test_versions_are_cut_where_a_code_ends_or_changes_its_name() -> None:
    early = dict.fromkeys(CENSUS_YEARS[:6])
    city = dict.fromkeys(CENSUS_YEARS, ("1202", "北海道 函館市"))
    town = {
        year: ("1340", "北海道 渡島支庁 尻岸内町" if year < 1985 else "北海道 渡島支庁 恵山町")
        for year in early
        if year < 2005
    }
    town |= {year: ("1202", "北海道 函館市") for year in CENSUS_YEARS if year >= 2005}
    note = '"2004年12月1日、恵山町(01340)が函館市(01202)に編入"|"1985年4月1日、'
    note += '尻岸内町(01340)が恵山町(01340)に名称変更"'
    history = read_history(read_table(converter([(city, "|"), (town, note)])))
    assert not history.unexplained
    spans = [(area.code, area.name, area.valid_from, area.valid_until) for area in history.areas]
    assert spans == [
        ("012025", "函館市", None, None),
        ("013404", "尻岸内町", None, date(1985, 4, 1)),
        ("013404", "恵山町", date(1985, 4, 1), date(2004, 12, 1)),
    ]
    [change] = history.changes
    assert (change.predecessor_code, change.successor_code) == ("013404", "012025")
    assert history.areas[1].county == "渡島支庁"


def test_a_step_without_a_sentence_is_told() -> None:
    gone = {1980: ("1340", "北海道 渡島支庁 恵山町"), 1985: ("1202", "北海道 函館市")}
    assert read_history(read_table(converter([(gone, "|"), (gone, "|")]))).unexplained == [
        ("013404", "012025", 1985)
    ]

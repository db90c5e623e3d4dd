"""One chart of each form, with figures of the national projection and of places that don't exist."""

from yui.evidence.charts.forms import (
    Arrangement,
    Axis,
    Block,
    Bump,
    Chart,
    Columns,
    Dot,
    Dumbbell,
    FigureStatus,
    Flow,
    Histogram,
    Line,
    Link,
    Map,
    Marimekko,
    Matrix,
    Node,
    Point,
    Scatter,
    Series,
    Span,
    Stretch,
    Timeline,
)

WORKING = {2000: 8622, 2005: 8409, 2010: 8103, 2015: 7728, 2022: 7421}
PROJECTED = {2022: 7421, 2025: 7310, 2030: 7076, 2035: 6722, 2040: 6213, 2045: 5832, 2050: 5540}

LINE = Chart(
    "働く世代は2050年までに4分の1減る",
    "15歳から64歳の人口の折れ線。2022年の7,421万人から2050年の5,540万人へ下がる。",
    Line(
        (
            Series(
                "15–64歳",
                (
                    *(Point(year, value) for year, value in WORKING.items()),
                    *(
                        Point(
                            year,
                            value,
                            FigureStatus.PROJECTION,
                            value * (1 - (year - 2022) / 700),
                            value * (1 + (year - 2022) / 700),
                        )
                        for year, value in PROJECTED.items()
                        if year > 2022
                    ),
                ),
            ),
            Series(
                "65–74歳",
                (
                    Point(2010, 1529),
                    Point(2015, 1752),
                    Point(2022, 1687),
                    Point(2030, 1435, FigureStatus.PROJECTION),
                    Point(2040, 1701, FigureStatus.PROJECTION),
                    Point(2050, 1455, FigureStatus.PROJECTION),
                ),
            ),
        ),
        Axis("年"),
        Axis("人口（万人）"),
        zero=True,
    ),
    {"from_here": "ここから推計"},
)
BROKEN = Chart(
    "質問の文が変わり、前後はつながらない",
    "押印を廃止した学校の割合。2023年と2024年で質問が違う。",
    Line(
        (
            Series(
                "割合",
                tuple(
                    Point(year, value, definition=version)
                    for year, value, version in (
                        (2021, 32, "1"),
                        (2022, 45, "1"),
                        (2023, 61, "1"),
                        (2024, 48, "2"),
                        (2025, 55, "2"),
                    )
                ),
            ),
        ),
        Axis("年度"),
        Axis("学校の割合（%）"),
    ),
    {"definition_changes": "定義の変更"},
)
COLUMNS = Chart(
    "介護職員は2040年に70万人足りない見込み",
    "必要数と現状の見込みを2019年から2040年まで並べた柱。",
    Columns(
        ("2019", "2023", "2025", "2040"),
        {"必要数": (210.6, 232.8, 242.6, 280.3), "現状の見込み": (210.6, 218.2, 220.5, 215.4)},
        Axis("介護職員（万人）"),
        status=(
            FigureStatus.ACTUAL,
            FigureStatus.PROJECTION,
            FigureStatus.PROJECTION,
            FigureStatus.PROJECTION,
        ),
    ),
)
SHARES = Chart(
    "小さな町ほどデジタル担当が少ない",
    "担当職員の人数の割合を人口規模で比べた帯。",
    Columns(
        ("5千人未満", "1万人未満", "5万人未満", "10万人未満", "10万人以上"),
        {
            "1人以下": (48, 30, 14, 3, 0),
            "2–3人": (40, 46, 42, 20, 3),
            "4–9人": (11, 21, 36, 50, 30),
            "10人以上": (1, 3, 8, 27, 67),
        },
        Axis("市町村の割合（%）"),
        Arrangement.SHARES,
        across=True,
    ),
)
SORTED = Chart(
    "運転の仕事がいちばん足りない",
    "産業ごとの不足の横棒。",
    Columns(
        ("輸送・機械運転・運搬", "介護サービス", "建設", "接客給仕・飲食物調理", "保健医療専門職"),
        {"不足": (-99.8, -58.0, -65.7, -56.6, -81.6)},
        Axis("2040年の過不足（万人）"),
        across=True,
    ),
)
SCATTER = Chart(
    "働く世代が減るなかで、高齢者が増える県と減る県がある",
    "47の点。横は15–64歳の、縦は65歳以上の変化率。",
    Scatter(
        tuple(Dot(f"県{n:02}", -10 - (n * 37 % 31), -20 + (n * 53 % 47)) for n in range(1, 48)),
        Axis("15–64歳の変化（%）"),
        Axis("65歳以上の変化（%）"),
        (-25, 0),
        ("高齢者が増え、働く世代が大きく減る", "高齢者が増える", "どちらも減る", "高齢者が減る"),
        frozenset({"県07", "県33"}),
    ),
)
DUMBBELL = Chart(
    "診療所は3,500人で半々、5,500人で8割の町にある",
    "サービスごとに、ある確率が50％と80％になる人口。",
    Dumbbell(
        (
            Span("食料品の小売店", 500, 800, (620,)),
            Span("郵便局", 500, 900, (620,)),
            Span("診療所", 500, 5_500),
            Span("介護老人福祉施設", 500, 4_500),
            Span("病院", 5_500, 27_500),
            Span("百貨店", 275_000, 475_000),
        ),
        Axis("市町村の人口（人）", log=True),
        ("50%", "80%"),
        "この町（620人）",
    ),
)
HISTOGRAM = Chart(
    "運転手は高齢に偏る",
    "年齢の分布を全産業と比べた柱と線。",
    Histogram(
        (20, 30, 40, 50, 60, 70, 80),
        {"タクシー運転手": (2, 5, 12, 29, 38, 14), "全産業": (19, 21, 24, 21, 11, 4)},
        Axis("年齢（歳）"),
        Axis("割合（%）"),
    ),
)
BUMP = Chart(
    "順位は下がり続けている",
    "7つの国の順位。",
    Bump(
        (1990, 2000, 2010, 2020),
        {
            "日本": (3, 5, 6, 7),
            "米国": (1, 1, 1, 1),
            "独国": (2, 3, 3, 2),
            "仏国": (4, 2, 2, 3),
            "英国": (7, 6, 5, 5),
            "伊国": (5, 4, 7, 6),
            "加国": (6, 7, 4, 4),
        },
        Axis("年"),
        Axis("順位"),
        frozenset({"日本"}),
    ),
)
MARIMEKKO = Chart(
    "働く人の多い分野ほど生産性が低い",
    "幅は働く人の数、高さは1人あたりの付加価値。",
    Marimekko(
        (
            Block("情報通信", 270, 10.6),
            Block("製造", 1044, 11.2),
            Block("建設", 480, 6.1),
            Block("卸売・小売", 1044, 6.0),
            Block("電気・ガス", 30, 40),
            Block("運輸", 350, 6.6),
            Block("医療・福祉", 908, 4.6),
            Block("宿泊・飲食", 381, 3.2),
        ),
        Axis("就業者（万人）"),
        Axis("付加価値（百万円/人）"),
    ),
)
TIMELINE = Chart(
    "朝の欠席連絡は三度書き写される",
    "学校の朝の動き。",
    Timeline(
        (
            Stretch("保護者", "電話", 7.5, 7.8),
            Stretch("事務", "紙に書く", 7.6, 8.1, flagged=True),
            Stretch("担任", "朝の会", 8.4, 8.6),
            Stretch("担任", "出席簿に写す", 8.5, 9.2, flagged=True),
            Stretch("養護教諭", "集計", 9.0, 10.0, flagged=True),
        ),
        Axis("時刻"),
        {7.5: "7:30", 8.5: "8:30", 9.5: "9:30"},
        "同じことをもう一度書く",
    ),
)
MAP = Chart(
    "山の村ほど減り方が大きい",
    "五つの市町村の位置と変化率。",
    Map(
        (
            Dot("結市", 139.02, 36.21, -18.0),
            Dot("川瀬町", 139.11, 36.30, -33.0),
            Dot("杜村", 138.87, 36.41, -58.0),
            Dot("湊町", 139.30, 36.08, -29.0),
            Dot("雲居村", 138.80, 36.26, None),
        ),
        Axis("2020年から2050年の変化（%）"),
        (-50, -40, -30, -20),
        (((138.7, 36.0), (139.4, 36.0), (139.35, 36.45), (138.75, 36.5)),),
    ),
)
MATRIX = Chart(
    "週末の夜に車が足りない",
    "曜日と時間帯ごとの、配車できた割合。",
    Matrix(
        ("月", "金", "土", "日"),
        ("6", "8", "10", "16", "18", "20", "22"),
        (
            (98, 90, 97, 93, 88, 90, 84),
            (97, 89, 96, 90, 70, 62, 55),
            (95, 96, 90, 85, 60, 50, 41),
            (None, 97, 92, 88, 80, 77, 70),
        ),
        Axis("配車できた割合（%）"),
    ),
)
FLOW = Chart(
    "予約アプリから外出が増えるまで",
    "五つの層の論理モデル。",
    Flow(
        (
            Node("a", "予算 1,200万円", 0),
            Node("b", "予約アプリを作る", 1),
            Node("c", "電話の窓口を置く", 1),
            Node("d", "予約の数", 2),
            Node("e", "待ち時間が短くなる", 3),
            Node("f", "高齢者の外出が増える", 4),
            Node("g", "人口が増える", 4, flagged=True),
        ),
        (
            Link("a", "b"),
            Link("a", "c"),
            Link("b", "d"),
            Link("c", "d"),
            Link("d", "e"),
            Link("e", "f"),
            Link("e", "g", flagged=True),
        ),
        ("投入", "活動", "産出", "短期の成果", "長期の成果"),
    ),
)
ALL = (
    LINE,
    BROKEN,
    COLUMNS,
    SHARES,
    SORTED,
    SCATTER,
    DUMBBELL,
    HISTOGRAM,
    BUMP,
    MARIMEKKO,
    TIMELINE,
    MAP,
    MATRIX,
    FLOW,
)

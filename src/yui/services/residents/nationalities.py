"""Nationalities and regions (国籍・地域): ISO 3166-1 alpha-3 letters with the usual Japanese name. Pure.

Source:
    ISO 3166-1, with XKX and XXA as in travel documents (ICAO Doc 9303);
    出入国管理及び難民認定法 article 2, item 5 for 台湾 and パレスチナ as regions.
"""

_NAMES = """
JPN 日本 CHN 中国 TWN 台湾 KOR 韓国 PRK 朝鮮 VNM ベトナム PHL フィリピン NPL ネパール BRA ブラジル
IDN インドネシア MMR ミャンマー THA タイ USA 米国 PER ペルー IND インド LKA スリランカ BGD バングラデシュ
PAK パキスタン KHM カンボジア MNG モンゴル GBR 英国 FRA フランス DEU ドイツ ITA イタリア ESP スペイン
RUS ロシア CAN カナダ AUS オーストラリア NZL ニュージーランド MYS マレーシア SGP シンガポール LAO ラオス
BTN ブータン MDV モルディブ BRN ブルネイ TLS 東ティモール AFG アフガニスタン IRN イラン IRQ イラク
ISR イスラエル JOR ヨルダン KWT クウェート LBN レバノン OMN オマーン QAT カタール SAU サウジアラビア
SYR シリア TUR トルコ ARE アラブ首長国連邦 YEM イエメン BHR バーレーン PSE パレスチナ CYP キプロス
KAZ カザフスタン KGZ キルギス TJK タジキスタン TKM トルクメニスタン UZB ウズベキスタン ARM アルメニア
AZE アゼルバイジャン GEO ジョージア UKR ウクライナ BLR ベラルーシ MDA モルドバ POL ポーランド CZE チェコ
SVK スロバキア HUN ハンガリー ROU ルーマニア BGR ブルガリア SRB セルビア HRV クロアチア SVN スロベニア
BIH ボスニア・ヘルツェゴビナ MNE モンテネグロ MKD 北マケドニア ALB アルバニア XKX コソボ GRC ギリシャ
AUT オーストリア CHE スイス LIE リヒテンシュタイン NLD オランダ BEL ベルギー LUX ルクセンブルク
DNK デンマーク NOR ノルウェー SWE スウェーデン FIN フィンランド ISL アイスランド IRL アイルランド
PRT ポルトガル AND アンドラ MCO モナコ SMR サンマリノ VAT バチカン MLT マルタ EST エストニア LVA ラトビア
LTU リトアニア MEX メキシコ ARG アルゼンチン BOL ボリビア CHL チリ COL コロンビア ECU エクアドル
PRY パラグアイ URY ウルグアイ VEN ベネズエラ GUY ガイアナ SUR スリナム CUB キューバ DOM ドミニカ共和国
HTI ハイチ JAM ジャマイカ TTO トリニダード・トバゴ BRB バルバドス BHS バハマ BLZ ベリーズ CRI コスタリカ
SLV エルサルバドル GTM グアテマラ HND ホンジュラス NIC ニカラグア PAN パナマ ATG アンティグア・バーブーダ
DMA ドミニカ国 GRD グレナダ KNA セントクリストファー・ネービス LCA セントルシア
VCT セントビンセント及びグレナディーン諸島 EGY エジプト LBY リビア TUN チュニジア DZA アルジェリア
MAR モロッコ SDN スーダン SSD 南スーダン ETH エチオピア ERI エリトリア DJI ジブチ SOM ソマリア KEN ケニア
UGA ウガンダ TZA タンザニア RWA ルワンダ BDI ブルンジ COD コンゴ民主共和国 COG コンゴ共和国
CAF 中央アフリカ CMR カメルーン GAB ガボン GNQ 赤道ギニア STP サントメ・プリンシペ TCD チャド
NER ニジェール NGA ナイジェリア BEN ベナン TGO トーゴ GHA ガーナ CIV コートジボワール BFA ブルキナファソ
MLI マリ MRT モーリタニア SEN セネガル GMB ガンビア GNB ギニアビサウ GIN ギニア SLE シエラレオネ
LBR リベリア CPV カーボベルデ AGO アンゴラ ZMB ザンビア ZWE ジンバブエ MWI マラウイ MOZ モザンビーク
MDG マダガスカル COM コモロ MUS モーリシャス SYC セーシェル BWA ボツワナ NAM ナミビア ZAF 南アフリカ
LSO レソト SWZ エスワティニ FJI フィジー PNG パプアニューギニア SLB ソロモン諸島 VUT バヌアツ WSM サモア
TON トンガ KIR キリバス TUV ツバル NRU ナウル PLW パラオ FSM ミクロネシア MHL マーシャル COK クック諸島
NIU ニウエ XXA 無国籍
"""
_PARTS = _NAMES.split()
NAMES: dict[str, str] = dict(zip(_PARTS[::2], _PARTS[1::2], strict=True))
"""Japanese names by code, the most frequent nationalities of residents first."""

_CODES = {name: code for code, name in NAMES.items()}


def nationality_name(code: str) -> str:
    """The Japanese name, or the letters themselves for a code not in the list."""
    return NAMES.get(code, code)


def read_nationality(text: str) -> str | None:
    """The letters of a nationality given by name or letters, or None.

    Example:
        >>> read_nationality("ベトナム"), read_nationality("vnm"), read_nationality("Atlantis")
        ('VNM', 'VNM', None)
    """
    letters = text.strip().upper()
    return _CODES.get(text.strip()) or (letters if letters in NAMES else None)

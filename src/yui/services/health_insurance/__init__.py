"""Health insurance premiums of a municipality: 国民健康保険料 and 後期高齢者医療保険料.

Source:
    国民健康保険法 (昭和33年法律第192号); 高齢者の医療の確保に関する法律 (昭和57年法律第80号).
"""

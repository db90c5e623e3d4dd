"""Local taxes: what residents, companies and owners owe for a fiscal year.

Source:
    地方税法 (昭和25年法律第226号); 森林環境税及び森林環境譲与税に関する法律 (平成31年法律第3号).
"""

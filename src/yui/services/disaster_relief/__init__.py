"""Disaster relief: grants and loans for people whom a disaster has struck.

Source:
    被災者生活再建支援法 (平成10年法律第66号); 災害弔慰金の支給等に関する法律 (昭和48年法律第82号).
"""

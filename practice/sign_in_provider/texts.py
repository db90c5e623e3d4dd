"""The words of the pages, Japanese first."""

LANGUAGES = ("ja", "en")

TEXTS: dict[str, dict[str, str]] = {
    "ja": {
        "lang_name": "日本語",
        "product": "練習用サインイン",
        "practice": (
            "これは練習用です。表示される人はすべて架空で、本物のマイナンバーカードや暗証番号は使いません。"
        ),
        "title_resident": "だれとしてサインインしますか",
        "title_staff": "どの職員としてサインインしますか",
        "asks": "{client} がサインインを求めています。",
        "gives": "選ぶと、次の情報がこのサービスに渡ります。",
        "gives_nothing": "選んでも、氏名や住所は渡りません。このサービス専用の番号だけが渡ります。",
        "data": "渡る情報",
        "name": "氏名",
        "address": "住所",
        "birthdate": "生年月日",
        "gender": "性別",
        "search": "氏名・フリガナ・住所・説明で探す",
        "search_button": "探す",
        "clear": "すべて表示",
        "resident": "住民",
        "staff": "職員",
        "nobody": "「{words}」に当てはまる人はいません。言葉を短くするか、すべて表示に戻してください。",
        "more": "ほかに{count}人います。上の欄で探してください。",
        "born": "{year}年{month}月{day}日生",
        "cancel": "サインインをやめる",
        "real": "本物のサービスでは、ここでカードを読み取り、4けたの暗証番号を入れます。",
        "problem": "サインインを続けられません",
        "unknown_client": "サインインを求めたサービスが、この練習用サインインに登録されていません。",
        "unknown_redirect_uri": (
            "戻り先のアドレスが、登録されたものと一致しません。安全のため、戻らずにここで止めました。"
        ),
        "expired": "この画面は期限が切れたか、もう使われました。",
        "gone": "その人は選べません。もう一度選んでください。",
        "next": "元のサービスに戻り、サインインをやり直してください。",
        "not_found": "このアドレスには何もありません。",
    },
    "en": {
        "lang_name": "English",
        "product": "Practice sign-in",
        "practice": (
            "This is for practice. Everyone shown is fictional; no real My Number card or PIN is used."
        ),
        "title_resident": "Who do you want to sign in as?",
        "title_staff": "Which member of staff do you want to sign in as?",
        "asks": "{client} is asking you to sign in.",
        "gives": "When you choose, this service receives the following information.",
        "gives_nothing": "No name or address is handed over, only a number made for this service.",
        "data": "Information handed over",
        "name": "Name",
        "address": "Address",
        "birthdate": "Date of birth",
        "gender": "Gender",
        "search": "Search by name, reading, address or description",
        "search_button": "Search",
        "clear": "Show everyone",
        "resident": "Residents",
        "staff": "Staff",
        "nobody": "Nobody matches “{words}”. Use fewer words, or show everyone again.",
        "more": "{count} more people. Use the search box above.",
        "born": "born {year}-{month:02}-{day:02}",
        "cancel": "Cancel sign-in",
        "real": "The real service reads your card here and asks for its four-digit PIN.",
        "problem": "Sign-in cannot continue",
        "unknown_client": "The service that asked for sign-in is not registered with this practice provider.",
        "unknown_redirect_uri": (
            "The return address differs from the registered one. To be safe, you were not sent there."
        ),
        "expired": "This page has expired or was already used.",
        "gone": "That person cannot be chosen. Please choose again.",
        "next": "Go back to the service and start signing in again.",
        "not_found": "There is nothing at this address.",
    },
}

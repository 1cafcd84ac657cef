"""What only looks like a copy: bulletins in one form, later versions of a story, items above one long notice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from benchmarks.copies_made import paragraphs, sentences
from search.articles import Article

_PREFECTURES = """
    北海道 青森県 岩手県 宮城県 秋田県 福島県 茨城県 千葉県 東京都 新潟県 石川県 長野県 静岡県 愛知県 三重県 大阪府
    和歌山県 鳥取県 広島県 徳島県 高知県 福岡県 熊本県 宮崎県 鹿児島県 沖縄県
""".split()
_REGIONS = """
    沿岸北部 内陸南部 沿岸南部 内陸北部 東部 西部 中部 南部 北部 沖
""".split()
_TEAMS = """
    巨人 阪神 広島 中日 横浜 ヤクルト 楽天 西武 ロッテ オリックス 日本ハム ソフトバンク
""".split()
_CLUBS = """
    鹿島 浦和 川崎 名古屋 G大阪 神戸 札幌 仙台 清水 鳥栖 福岡 湘南 磐田 新潟
""".split()
_NAMES = """
    佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上
""".split()
_INDUSTRIES = """
    輸送用機器 銀行 鉄鋼 電気機器 不動産 海運 医薬品 小売 機械 化学 保険 陸運
""".split()

_QUAKE = (
    "{day}日午{ap}{hour}時{minute}分ごろ、{place}で震度{shindo}を観測する地震がありました。気象庁によりますと、震源地は{place}{region}で、震源の"
    "深さは約{depth}キロ、地震の規模を示すマグニチュードは{m}と推定されています。この地震による津波の心配はありません。\n\n震度{shindo}を観測したの"
    "は{place}の{n1}市町村で、震度{low}を{n2}の市町村で観測しました。気象庁は今後1週間程度、最大震度{shindo}程度の地震に注意するよう呼びかけてい"
    "ます。警察や消防によりますと、これまでのところ{n3}人がけがをしたという情報が入っていますが、いずれも軽傷だということです。"
)
_WEATHER = (
    "{place}は{day}日、高気圧に覆われて朝から晴れ間が広がり、各地で気温が上がりました。気象台によりますと、日中の最高気温は{place}{region}で{t1}度、"
    "最も高い所では{t2}度まで上がり、平年を{d}度上回りました。朝の最低気温は{t3}度で、湿度は{n1}パーセントでした。\n\n{day}日夜からは前線を伴った"
    "低気圧が近づき、多い所で1時間に{n2}ミリの雨が降る見込みです。{place}の降水確率は{n3}パーセントで、気象台は急な強い雨や落雷、突風に注意するよう"
    "呼びかけています。波の高さは{m}メートルと予想されています。"
)
_STOCKS = (
    "{day}日の東京株式市場で日経平均株価は続伸し、終値は前日比{n1}円{n2}銭高の{n3}万{n4}円{low}銭だった。前日の米国株式相場の上昇を受け、{ind}や{ind2}な"
    "ど幅広い銘柄に買いが先行した。上げ幅は一時{n5}円を超えたが、午後は利益を確定する売りに押されて伸び悩む場面もあった。\n\n東証株価指数（TOPIX）も"
    "{m}ポイント高の{n6}で取引を終えた。東証プライムの売買代金は概算で{t1}兆{n7}億円、売買高は{t2}億{n8}万株だった。値上がり銘柄数は{n9}、値下がりは"
    "{n0}、変わらずは{t3}だった。市場では「{ind}株には出遅れ感がある」（国内証券の{name}氏）との声が聞かれた。"
)
_BASEBALL = (
    "プロ野球は{day}日、各地で{low}試合が行われ、{team}が{team2}に{s1}－{s2}で勝った。{team}は{i}回、{name}の適時打で先制し、{i2}回には{name2}の{n3}号"
    "本塁打などで{s3}点を加えた。先発の{name3}は{i3}回を投げて{h}安打{k}奪三振の好投で{w}勝目を挙げた。抑えの{name4}が{sv}セーブ目。\n\n敗れた"
    "{team2}は{i2}回に{name5}の犠牲フライで{s2}点を返したが、打線がつながらず{l}連敗となった。先発の{name6}は{k}敗目を喫した。試合時間は3時間{minute}"
    "分、観客は{n4}人だった。{team}は勝率を5割に戻し、首位とのゲーム差を{g}に縮めた。"
)
_FOREX = (
    "{day}日の東京外国為替市場で円相場は反発した。午後5時時点は前日の同じ時刻に比べ{n2}銭の円高・ドル安の1ドル＝{t1}円{low}～{n7}銭だった。米長期金利の低"
    "下を受けて日米の金利差が縮小するとの見方から、円買い・ドル売りが優勢になった。\n\n円はユーロに対しては{n4}銭の円安・ユーロ高の1ユーロ＝{t2}円{n5}～"
    "{n6}銭だった。ユーロは対ドルで上昇し、1ユーロ＝1.{n3}ドル台で推移した。市場参加者は「{name}総裁の記者会見を控えて持ち高を調整する動きが出た」（国内"
    "銀行の{name2}氏）と話した。この日の値幅は{n8}銭、取引の中心は{t3}円台だった。"
)
_SOCCER = (
    "サッカーJリーグは{day}日、各地で第{t1}節の{low}試合があり、{club}はホームで{club2}に{s1}－{s2}で勝った。{club}は前半{minute}分、{name}のコーナーキック"
    "を{name2}が頭で合わせて先制し、後半{h}分には途中出場の{name3}が追加点を奪った。守っては{name4}を中心に粘り強く、相手のシュートを{k}本に抑えた。\n\n"
    "{club2}は後半{w}分に{name5}が今季{i}点目のゴールを決めて追い上げたが、及ばなかった。入場者は{n4}人。{club}は勝ち点を{t2}に伸ばして{i2}位、{club2}は勝"
    "ち点{t3}で{i3}位となった。次節は{n2}日に行われる。"
)
_ROAD = (
    "{day}日午{ap}{hour}時{minute}分ごろ、{place}{region}の国道{n1}号で、乗用車とトラックが正面衝突する事故があった。乗用車を運転していた会社員の{name}さん"
    "（{t1}）が全身を強く打って病院に運ばれ、およそ{h}時間後に死亡が確認された。トラックの運転手の{name2}さん（{t2}）も足の骨を折るなどの重傷を負った。\n\n"
    "警察によると、現場は片側1車線の緩やかなカーブで、当時は雨で路面がぬれていた。乗用車がセンターラインを越えたとみて、警察が詳しい原因を調べている。この事故"
    "で国道は約{w}時間にわたり{n2}メートルの区間が通行止めとなり、最大{n3}キロの渋滞が起きた。"
)
_FLU = (
    "{place}は{day}日、インフルエンザの患者数が、{low}日までの1週間に1医療機関当たり{m}人になったと発表した。前の週の{d}倍で、県は注意報を出して手洗いやマス"
    "クの着用などの対策を呼びかけている。保健所別では{region}が{t1}人と最も多く、次いで{region2}の{t2}人だった。\n\n年代別では10歳未満が{n1}パーセントを占"
    "めた。学級閉鎖や学年閉鎖をした学校は{n2}校に上り、うち{k}校は休校した。県感染症対策課の{name}課長は「高齢者や基礎疾患のある人は早めに医療機関を受診してほし"
    "い」と話している。定点となる医療機関は{n3}か所ある。"
)
TEMPLATES: Mapping[str, Mapping[str, str]] = {
    "choosing": {"earthquakes": _QUAKE, "weather": _WEATHER, "shares": _STOCKS, "baseball": _BASEBALL},
    "reporting": {"currencies": _FOREX, "football": _SOCCER, "road accidents": _ROAD, "influenza": _FLU},
}
"""Half -> what the bulletins are about -> their form. Neither half has one of the other's."""


def filled(template: str, rng: Random) -> str:
    """A bulletin: the template with places, names and numbers."""
    numbers = {f"n{i}": rng.randint(11, 989) for i in range(10)}
    words = {
        "day": rng.randint(1, 28), "hour": rng.randint(1, 11), "minute": rng.randint(1, 59), "ap": rng.choice("前後"),
        "shindo": rng.choice(("3", "4", "5弱", "5強")), "depth": rng.randint(1, 12) * 10, "m": rng.randint(28, 69) / 10,
        "d": rng.randint(11, 60) / 10, "low": rng.randint(1, 9), "g": rng.choice(("1", "2.5", "4", "5.5")),
        **{key: rng.randint(1, 9) for key in ("s1", "s2", "s3", "i", "i2", "i3", "h", "k", "w", "l")},
        **{key: rng.randint(10, 180) for key in ("t1", "t2", "t3")}, "sv": rng.randint(10, 40),
        "place": rng.choice(_PREFECTURES), **dict(zip(("region", "region2"), rng.sample(_REGIONS, 2), strict=True)),
        **dict(zip(("team", "team2"), rng.sample(_TEAMS, 2), strict=True)),
        **dict(zip(("club", "club2"), rng.sample(_CLUBS, 2), strict=True)),
        **dict(zip(("ind", "ind2"), rng.sample(_INDUSTRIES, 2), strict=True)),
        **dict(zip(("name", *(f"name{i}" for i in range(2, 7))), rng.sample(_NAMES, 6), strict=True)),
    }
    return template.format(**numbers, **words)


def update_of(article: Article, rng: Random) -> list[str]:
    """The story some hours later: a new first sentence, some numbers that have grown, a last paragraph of its own."""
    pieces = paragraphs(article)
    text = "\n\n".join(pieces)
    numbers = [found for found in re.finditer(r"\d+", text) if int(found[0]) < 10_000_000]
    changed = rng.sample(numbers, min(len(numbers), max(2, len(numbers) // 4)))
    for found in sorted(changed, key=lambda found: -found.start()):
        text = f"{text[:found.start()]}{int(found[0]) + rng.randint(1, 9)}{text[found.end():]}"
    return [rng.choice(_NEWS) + text, rng.choice(_MORE)]


_NEWS = (
    "新たに分かった内容を受け、関係する各機関はその後も情報の収集と確認を続けている。",
    "その後の発表で、当初伝えられた数字は改められた。",
    "この件をめぐっては、夜に入って新しい動きがあった。",
)
_MORE = (
    "担当者は取材に対し、詳しい内容がまとまり次第あらためて公表すると話した。翌日以降も確認の作業が続く見通しで、影響がどこまで広がるかはまだ見通せない。",
    "専門家からは、これまでの経過を踏まえると事態はしばらく続くとの見方も出ている。関係者は早い解決に向けて協議を重ねる考えを示した。",
)

_NOTICE = (
    "この記事は有料会員限定です。続きをお読みいただくには会員登録が必要です。ご登録いただくと、過去の記事の検索や紙面ビューアー、ニュースレターの配信、"
    "記事の保存などすべての機能をご利用いただけます。初めての方は最初の1か月を無料でお試しいただけます。"
    "解約はいつでも可能です。掲載の記事や写真の無断転載を禁じます。著作権は当社またはその情報提供者に帰属します。"
)


def with_notice(article: Article, rng: Random) -> list[str]:
    """A short item above a long notice that stands below every article of the site."""
    del rng
    return ["".join(s for p in paragraphs(article) for s in sentences(p))[:120], _NOTICE]

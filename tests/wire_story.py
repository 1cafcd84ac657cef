"""One made-up wire story, and what papers make of it: what tests of copies share."""

from __future__ import annotations

from datetime import datetime, timedelta

from search.articles import JST, Article, Published, Section

LEAD = (
    "国連の専門機関は10日、世界の平均気温が過去最高を記録したと発表した。産業革命前と比べた上昇幅は1.55度に達し、"
    "各国が掲げる目標の1.5度を初めて上回った。"
)
SECOND = (
    "報告書によると、海面水温も観測史上最高となり、北極海の海氷面積は過去30年の平均を12パーセント下回った。熱波による死者は少なくとも4万7000人に上り、"
    "農作物の不作は23カ国に及んだ。事務局長は記者会見で「残された時間は少ない」と述べ、各国政府に対策の強化を求めた。"
)
THIRD = (
    "専門家は、エルニーニョ現象が終わった後も高温が続いている点を懸念する。日本の気象庁も、今年の夏は全国的に平年より気温が高くなる見通しだとしており、"
    "熱中症への注意を呼びかけている。来月の閣僚会合では、排出量の新たな削減目標が主な議題となる。"
)
STORY = f"{LEAD}\n\n{SECOND}\n\n{THIRD}"


def an_article(identity: str, text: str = STORY, day: int | None = 0, **values: object) -> Article:
    """day: after 10 April 2024, None for none."""
    at = None if day is None else Published(datetime(2024, 4, 10, tzinfo=JST) + timedelta(days=day), "day")
    given = {"title": f"題{identity}", "source": f"{identity}新聞", **values}
    return Article(identity, sections=(Section(None, text),), published=at, **given)  # type: ignore[arg-type]

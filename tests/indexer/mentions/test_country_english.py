"""Countries in English that Japanese articles quote, mostly with the words run together, as the sources have them."""

from __future__ import annotations

import pytest

from indexer.mentions.countries import countries
from search.japanese.tokens import units


def marked(text: str) -> str:
    """The text with each country in brackets."""
    for one in reversed(countries(text, units(text))):
        text = f"{text[:one.start]}[{text[one.start:one.end]}]{text[one.end:]}"
    return text


@pytest.mark.parametrize("sentence", [
    # words run together: a name ends before a capital, before what is no letter, before another word
    'CNN、2006年6月5日。"[Serbia]declaresindependence"。UPI、2006年6月5日。',
    '"Deadlyearthquakerocks[Pakistan]and[India],casualtiesfeared"。AFP',
    '"WilmaSlamsInto[Mexico]"。||AssociatedPress、2005年10月21日',
    '"[Iraq]HoldsPeacefulReferendum".VoiceofAmerica,October15,2005',
    '朝鮮中央通信"KCNABlasts[Japan]\'sFinancialSanctionsagainst[DPRK]"。',
    '"Withoutanarmy,[Nepal]kinglosesparliamentrole"。',
    '"[SriLanka]\'sPMwinspresidency"。Reuters、2005年11月18日。',
    '"ChicagoTribuneUSbehind[Japan]after[NorthKorea]missilelaunch"',
    # with spaces
    '"[Poland]\'s new cabinet lines up after the vote"', '"[South Korea] and [Japan] agree to talk about trade"',
    "英語名（[South Korea]）を使う",
    # in capitals
    '"Magnitude7.5-NORTHERN[PERU]2005September2601:55:37UTC"', '"[ETHIOPIA]:Uneasycalmincapitalaspolicepatrol"',
    '"Magnitude7.7-KORYAKIA,[RUSSIA]2006April2023:25:05UTC"',
    # other words that begin like a name
    "\"IranianPresidentAgainDeniesNuclearWeaponsAmbitions\".VOANews", '"AustralianWeatherandWarningsinJuly"',
    '"PakistanisandIraqisvoteinpeacefulelections"', '"ChinatownandSwedenborginPerugia,saysreport"',
    # parts of other names: states, cities, papers, firms, firms' branches
    '"GeorgiaandNewJerseyvoteonJordanandChadpolicies"', '"NorthernIrelandandNewMexicosignalnewdeal"',
    '"ExplosionsinPortofSpaininjuremanypeople"', '"RicepricesroseinJulyandAugust"。TheSudanTribune、2005年11月10日。',
    '"VoiceofAmericaandBankofJapandisagree"', '"GulfofMexicooilspillreachesthecoast"',
    "福岡Yahoo!JAPANドームの試合", "CNET Japanによると", "Mozilla Japanは", "Record Chinaによると",
    "歌手のIndia.Arie", "X JAPANのメンバー",
])
def test_in_english(sentence: str) -> None:
    assert marked(sentence.replace("[", "").replace("]", "")) == sentence

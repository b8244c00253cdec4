"""The states, provinces and emirates that parcels are addressed to, where carriers sort by them.

The value is what stands on a label from abroad: the post's own short name where there is one, else
the name in Latin letters. Names stand as the country itself writes them.
Source: ISO 3166-2 of November 2026; Canada Post and USPS addressing guidelines for the short names.
"""

from __future__ import annotations

from collections.abc import Mapping


def _listed(text: str) -> dict[str, str]:
    pairs = (line.strip().partition(" ") for line in text.split(","))
    return {short: name for short, _, name in pairs}


REGIONS: Mapping[str, Mapping[str, str]] = {
    "AE": {
        "Abu Dhabi": "أبوظبي",
        "Ajman": "عجمان",
        "Dubai": "دبي",
        "Fujairah": "الفجيرة",
        "Ras Al Khaimah": "رأس الخيمة",
        "Sharjah": "الشارقة",
        "Umm Al Quwain": "أم القيوين",
    },
    "AU": _listed(
        "ACT Australian Capital Territory, NSW New South Wales, NT Northern Territory,"
        " QLD Queensland, SA South Australia, TAS Tasmania, VIC Victoria, WA Western Australia"
    ),
    "BR": _listed(
        "AC Acre, AL Alagoas, AP Amapá, AM Amazonas, BA Bahia, CE Ceará, DF Distrito Federal,"
        " ES Espírito Santo, GO Goiás, MA Maranhão, MT Mato Grosso, MS Mato Grosso do Sul,"
        " MG Minas Gerais, PA Pará, PB Paraíba, PR Paraná, PE Pernambuco, PI Piauí,"
        " RJ Rio de Janeiro, RN Rio Grande do Norte, RS Rio Grande do Sul, RO Rondônia,"
        " RR Roraima, SC Santa Catarina, SP São Paulo, SE Sergipe, TO Tocantins"
    ),
    "CA": _listed(
        "AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick,"
        " NL Newfoundland and Labrador, NT Northwest Territories, NS Nova Scotia, NU Nunavut,"
        " ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan, YT Yukon"
    ),
    "KR": {
        "Busan": "부산광역시",
        "Chungcheongbuk-do": "충청북도",
        "Chungcheongnam-do": "충청남도",
        "Daegu": "대구광역시",
        "Daejeon": "대전광역시",
        "Gangwon-do": "강원특별자치도",
        "Gwangju": "광주광역시",
        "Gyeonggi-do": "경기도",
        "Gyeongsangbuk-do": "경상북도",
        "Gyeongsangnam-do": "경상남도",
        "Incheon": "인천광역시",
        "Jeju-do": "제주특별자치도",
        "Jeollabuk-do": "전북특별자치도",
        "Jeollanam-do": "전라남도",
        "Sejong": "세종특별자치시",
        "Seoul": "서울특별시",
        "Ulsan": "울산광역시",
    },
    "US": _listed(
        "AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado,"
        " CT Connecticut, DE Delaware, DC District of Columbia, FL Florida, GA Georgia, HI Hawaii,"
        " ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana,"
        " ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi,"
        " MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey,"
        " NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma,"
        " OR Oregon, PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota,"
        " TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington,"
        " WV West Virginia, WI Wisconsin, WY Wyoming, PR Puerto Rico, GU Guam,"
        " VI US Virgin Islands, AS American Samoa, MP Northern Mariana Islands"
    ),
}


def region(country: str, typed: str) -> str | None:
    """Return a region as labels of its country carry it, None when it cannot be one.

    Where no list stands here any words will do.
    """
    known = REGIONS.get(country)
    if known is None:
        return typed
    said = typed.strip().casefold()
    return next(
        (short for short, name in known.items() if said in {short.casefold(), name.casefold()}),
        None,
    )

"""Who is inspected: the prefecture and its three counties, their units, the ten teams. Structure only; nobody is named."""

REGIONS = {
    "530000": {"name": "云南省", "name_en": "Yunnan Province", "parent": "", "aliases": "云南"},
    "532800": {"name": "西双版纳州", "name_en": "Xishuangbanna Prefecture", "parent": "530000",
               "aliases": "西双版纳傣族自治州|州本级|州级"},
    "532801": {"name": "景洪市", "name_en": "Jinghong City", "parent": "532800", "aliases": "景洪"},
    "532822": {"name": "勐海县", "name_en": "Menghai County", "parent": "532800", "aliases": "勐海"},
    "532823": {"name": "勐腊县", "name_en": "Mengla County", "parent": "532800", "aliases": "勐腊"},
}

ORDINALS = "一二三四五六七八九十"
TEAMS = {
    f"T{number:02d}": {"name": f"第{ordinal}督查组", "name_en": f"Team {number}",
                       "aliases": [f"第{number}组", f"{number}组", f"{ordinal}组", f"第{ordinal}组", f"督查{ordinal}组"]}
    for number, ordinal in enumerate(ORDINALS, 1)}

# name without 州, English, type, further names
_PREFECTURE = [
    ("州委组织部", "Organization Department of the Prefecture Committee", "party", ["中共西双版纳州委组织部", "组织部（州委）"]),
    ("州委宣传部", "Publicity Department of the Prefecture Committee", "party", ["中共西双版纳州委宣传部"]),
    ("州委统战部", "United Front Work Department of the Prefecture Committee", "party", ["中共西双版纳州委统战部"]),
    ("州委编办", "Prefecture Office for Public Sector Establishment", "party", ["州委机构编制委员会办公室", "州编办"]),
    ("州发展和改革委员会", "Prefecture Development and Reform Commission", "government", ["州发改委", "州计委"]),
    ("州教育体育局", "Prefecture Education and Sports Bureau", "government", ["州教体局", "州教育局"]),
    ("州科学技术局", "Prefecture Science and Technology Bureau", "government", ["州科技局", "州科学技术局（州外国专家局）"]),
    ("州工业和信息化局", "Prefecture Industry and Information Technology Bureau", "government", ["州工信局", "州工信委"]),
    ("州民族宗教事务委员会", "Prefecture Ethnic and Religious Affairs Commission", "government", ["州民宗委"]),
    ("州公安局", "Prefecture Public Security Bureau", "government", []),
    ("州民政局", "Prefecture Civil Affairs Bureau", "government", []),
    ("州财政局", "Prefecture Finance Bureau", "government", []),
    ("州人力资源和社会保障局", "Prefecture Human Resources and Social Security Bureau", "government", ["州人社局", "州人事局"]),
    ("州自然资源局", "Prefecture Natural Resources Bureau", "government", ["州国土资源局"]),
    ("州生态环境局", "Prefecture Ecology and Environment Bureau", "government", ["州环保局"]),
    ("州住房和城乡建设局", "Prefecture Housing and Construction Bureau", "government", ["州住建局"]),
    ("州交通运输局", "Prefecture Transport Bureau", "government", ["州交通局"]),
    ("州农业农村局", "Prefecture Agriculture and Rural Affairs Bureau", "government", ["州农业局"]),
    ("州水利局", "Prefecture Water Resources Bureau", "government", ["州水务局"]),
    ("州商务局", "Prefecture Commerce Bureau", "government", []),
    ("州文化和旅游局", "Prefecture Culture and Tourism Bureau", "government", ["州文旅局", "州旅游发展委员会"]),
    ("州卫生健康委员会", "Prefecture Health Commission", "government", ["州卫健委", "州卫生和计划生育委员会"]),
    ("州退役军人事务局", "Prefecture Veterans Affairs Bureau", "government", []),
    ("州外事办公室", "Prefecture Foreign Affairs Office", "government", ["州外办"]),
    ("州国有资产监督管理委员会", "Prefecture State-owned Assets Commission", "government", ["州国资委"]),
    ("州林业和草原局", "Prefecture Forestry and Grassland Bureau", "government", ["州林草局", "州林业局"]),
    ("州市场监督管理局", "Prefecture Market Regulation Bureau", "government", ["州市场监管局"]),
    ("州统计局", "Prefecture Statistics Bureau", "government", []),
    ("州总工会", "Prefecture Federation of Trade Unions", "people's organization", []),
    ("共青团西双版纳州委", "Prefecture Committee of the Communist Youth League", "people's organization", ["团州委"]),
    ("州妇女联合会", "Prefecture Women's Federation", "people's organization", ["州妇联"]),
    ("州科学技术协会", "Prefecture Association for Science and Technology", "people's organization", ["州科协"]),
    ("州投资促进局", "Prefecture Investment Promotion Bureau", "government", ["州招商局"]),
    ("州农业科学研究所（州茶叶研究所）", "Prefecture Institute of Agricultural Sciences", "institution", ["州农科所"]),
    ("州人民医院", "Prefecture People's Hospital", "institution", []),
    ("州职业技术学院", "Prefecture Vocational and Technical College", "institution", ["州职院"]),
]

# {r} the county's name, {c} 县 or 市
_COUNTY = [
    ("中共{r}委组织部", "Organization Department of {e}", "party", ["{r}委组织部"]),
    ("中共{r}委宣传部", "Publicity Department of {e}", "party", ["{r}委宣传部"]),
    ("{r}发展和改革局", "Development and Reform Bureau of {e}", "government", ["{r}发改局", "{r}发展改革和经济信息化局"]),
    ("{r}教育体育局", "Education and Sports Bureau of {e}", "government", ["{r}教体局", "{r}教育局"]),
    ("{r}工业商务和科技局", "Industry Commerce and Science Bureau of {e}", "government", ["{r}工商科技局", "{r}科技局"]),
    ("{r}财政局", "Finance Bureau of {e}", "government", []),
    ("{r}人力资源和社会保障局", "Human Resources and Social Security Bureau of {e}", "government", ["{r}人社局", "{r}人事局"]),
    ("{r}住房和城乡建设局", "Housing and Construction Bureau of {e}", "government", ["{r}住建局"]),
    ("{r}农业农村局", "Agriculture and Rural Affairs Bureau of {e}", "government", ["{r}农业局"]),
    ("{r}林业和草原局", "Forestry and Grassland Bureau of {e}", "government", ["{r}林草局"]),
    ("{r}文化和旅游局", "Culture and Tourism Bureau of {e}", "government", ["{r}文旅局"]),
    ("{r}卫生健康局", "Health Bureau of {e}", "government", ["{r}卫健局", "{r}卫生和计划生育局"]),
    ("{r}市场监督管理局", "Market Regulation Bureau of {e}", "government", ["{r}市场监管局"]),
    ("{r}科学技术协会", "Association for Science and Technology of {e}", "people's organization", ["{r}科协"]),
    ("{r}总工会", "Federation of Trade Unions of {e}", "people's organization", []),
    ("{r}人民医院", "People's Hospital of {e}", "institution", []),
    ("{r}妇女联合会", "Women's Federation of {e}", "people's organization", ["{r}妇联"]),
    ("{r}职业高级中学（{r}职教中心）", "Vocational High School of {e}", "institution", ["{r}职业高级中学"]),
]
_LOCAL = {
    "532801": [("景洪工业园区管理委员会", "Jinghong Industrial Park", "institution", ["景洪工业园区"])],
    "532822": [("勐海县茶业管理服务中心", "Tea Service Centre of Menghai County", "institution", ["勐海县茶业局", "勐海茶服中心"]),
               ("勐海工业园区管理委员会", "Menghai Industrial Park", "institution", ["勐海工业园区"])],
    "532823": [],
}
_LETTERS = {"532800": "ZZ", "532801": "JH", "532822": "MH", "532823": "ML"}
_TEAMS_OF = {"532800": ("T01", "T02", "T03", "T04"), "532801": ("T05", "T06"), "532822": ("T07", "T08"),
             "532823": ("T09", "T10")}

#: Known, but not on the plan.
UNPLANNED = {"ZZ-28", "ZZ-30", "JH-15", "MH-17", "MH-18", "ML-17"}
#: Where no team arrives. MH-16 is spoken to by telephone only, so that records name it though nobody went there.
NOT_VISITED = {"ZZ-11", "ZZ-28", "ZZ-31", "JH-17", "MH-16", "MH-18", "ML-12", "ML-15", "ML-17"}


def units():
    table = {}

    def add(region, number, name, english, kind, aliases):
        code = f"{_LETTERS[region]}-{number:02d}"
        teams = _TEAMS_OF[region]
        table[code] = {
            "name": name, "name_en": english, "aliases": aliases, "region": region, "type": kind,
            "planned": code not in UNPLANNED, "team": teams[(number - 1) * len(teams) // _size(region)]}

    for number, (name, english, kind, aliases) in enumerate(_PREFECTURE, 1):
        full = "西双版纳" + name if name.startswith("州") else None
        add("532800", number, name, english, kind, [*([full] if full else []), *aliases])
    for region in ("532801", "532822", "532823"):
        county, english = REGIONS[region]["name"], REGIONS[region]["name_en"]
        entries = [(name.format(r=county), text.format(e=english), kind, [alias.format(r=county) for alias in aliases])
                   for name, text, kind, aliases in _COUNTY] + _LOCAL[region]
        for number, entry in enumerate(entries, 1):
            add(region, number, *entry)
    words = [word for unit in table.values() for word in (unit["name"], *unit["aliases"])]
    assert len(words) == len(set(words)), "a name that two units have says nothing"
    return table


def _size(region):
    return len(_PREFECTURE) if region == "532800" else len(_COUNTY) + len(_LOCAL[region])

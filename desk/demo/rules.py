"""The points rules of the demo's generated year. Values as found in practice (`domain.md` §3)."""

from scoring.models import Item
from scoring.operations.rulebooks import ItemLine

_PLUS, _MINUS = Item.List.POSITIVE, Item.List.NEGATIVE
_MONTH, _YEAR = Item.CapPeriod.MONTH, Item.CapPeriod.YEAR

# category, code, name, list, points, route, cap period, cap times
_ROWS = (
    ("人居环境整治", "P01", "参加义务清扫", _PLUS, 3, "grid", _MONTH, 2),
    ("人居环境整治", "P02", "门前三包合格", _PLUS, 2, "panel", _MONTH, 1),
    ("人居环境整治", "P03", "垃圾分类合格", _PLUS, 1, "grid", _MONTH, 2),
    ("家庭美德", "P04", "邻里互助", _PLUS, 2, "declared", _MONTH, 2),
    ("家庭美德", "P05", "孝老爱亲事迹", _PLUS, 5, "panel", _MONTH, 1),
    ("爱国爱党", "P06", "参加村民代表会议", _PLUS, 2, "grid", _MONTH, 2),
    ("遵纪守法", "P07", "参加普法学习", _PLUS, 1, "declared", _MONTH, 2),
    ("遵纪守法", "P08", "调解邻里纠纷", _PLUS, 5, "panel", _MONTH, 1),
    ("公益美德", "P09", "志愿服务", _PLUS, 3, "declared", _MONTH, 2),
    ("公益美德", "P10", "抢险救灾", _PLUS, 10, "panel", _YEAR, 4),
    ("兴业致富", "P11", "参加技能培训", _PLUS, 1, "declared", _YEAR, 6),
    ("兴业致富", "P12", "发展庭院经济", _PLUS, 5, "panel", _YEAR, 4),
    ("乡村建设", "P13", "投工投劳", _PLUS, 4, "grid", _MONTH, 2),
    ("移风易俗", "P14", "喜事新办", _PLUS, 8, "panel", _YEAR, 2),
    ("人居环境整治", "M01", "乱堆乱放拒不整改", _MINUS, 2, "panel", _MONTH, 1),
    ("家庭美德", "M02", "公共场合辱骂他人", _MINUS, 2, "panel", _MONTH, 1),
)

LINES = tuple(
    ItemLine(
        category=category,
        code=code,
        name=name,
        list=kind,
        low=points,
        high=points,
        route=route,
        cap_period=period,
        cap_times=times,
    )
    for category, code, name, kind, points, route, period, times in _ROWS
)
EVIDENCE = "演示细则（照录）"

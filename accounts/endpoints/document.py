"""What every operation of the OpenAPI document says of refusals."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PROBLEM = "Problem"
_ANYWHERE = {
    "400": _("写得不对：看 fields 里各处的说明"),
    "404": _("没有这一项，或者不在管的范围"),
    "405": _("这个地址不能这样用"),
    "406": _("只回答 JSON"),
    "429": _("问得太快"),
    "500": _("我们这边出了错，没有办成"),
    "503": _("太忙，没有办成，请过一会儿再试"),
}
_LOGGED_IN = {
    "401": _("没有登录"),
    "403": _("缺少本次登录的令牌，或者登录以后的第一步还没有做完"),
}
_WRITING = {
    "409": _("现在不能办，message 写明原因和办法"),
    "413": _("内容太长"),
    "415": _("不是 application/json"),
    "422": _("读得懂，但不能这样办"),
}


def with_refusals(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Add the problem body and the refusals of each kind of operation."""
    result["components"]["schemas"][PROBLEM] = _problem()
    for operations in result["paths"].values():
        for method, operation in operations.items():
            refusals = dict(_ANYWHERE)
            if operation.get("security"):
                refusals |= _LOGGED_IN
            if method in ("post", "put"):
                refusals |= _WRITING
            for number, text in refusals.items():
                operation["responses"].setdefault(number, _refusal(text))
    return result


def _refusal(text: object) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{PROBLEM}"}
    return {"description": str(text), "content": {"application/json": {"schema": schema}}}


def _problem() -> dict[str, Any]:
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "required": ["code", "message", "reference", "fields"],
        "additionalProperties": False,
        "properties": {
            "code": {"type": "string", "description": str(_("给程序用，不会变"))},
            "message": {"type": "string", "description": str(_("给人看：错在哪、怎么办"))},
            "reference": {"type": "string", "description": str(_("这次请求的编号，问起来报这个"))},
            "fields": {"type": "object", "additionalProperties": texts},
        },
    }

"""The API: JSON only, the site's own log-in, every refusal in one shape. Read by `base.py`."""

from django.utils.translation import gettext_noop as _

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.endpoints.sessions.Session"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.endpoints.parsing.StrictJSON"],
    "DEFAULT_THROTTLE_CLASSES": ["jobs.limits.CallsAMinute"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "accounts.endpoints.refusals.answer",
    # No second way to say what is wanted: no ?format=, no .json at the end of an address.
    "URL_FORMAT_OVERRIDE": None,
    "FORMAT_SUFFIX_KWARG": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("乡村积分公示接口"),
    "VERSION": "1.0.0",
    "DESCRIPTION": _(
        "县里、镇里自己的系统和手机用的接口。public 开头的人人可读，只有网页上公开的内容；"
        "其余要登录，只看得到自己任职范围内的村。"
        "不成的请求都回答 code、message、reference、fields。"
    ),
    "OAS_VERSION": "3.0.3",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.endpoints.document.with_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "VillageKind": "villages.models.Village.Kind",
        "VillageStage": "villages.models.Village.Stage",
        "UnitKind": "villages.models.Unit.Kind",
        "SubjectKind": "households.models.Subject.Kind",
        "SubjectState": "households.models.Subject.State",
        "PublishChoice": "households.models.Subject.PublishChoice",
        "RecordState": "households.models.CollectionRecord.State",
        "DraftState": "households.serializers.collection.DRAFT_STATES",
        "PieceState": "households.serializers.collection.PIECE_STATES",
        "TakenState": "households.serializers.collection.TAKEN_STATES",
        "NoticeKind": "notices.models.Notice.Kind",
        "EntryKind": "scoring.models.Entry.Kind",
        "MonthOrigin": "scoring.models.Month.Origin",
        "MonthState": "scoring.models.Month.State",
        "RuleBookOrigin": "scoring.models.RuleBook.Origin",
        "RuleBookState": "scoring.models.RuleBook.State",
        "ItemList": "scoring.models.Item.List",
        "CapPeriod": "scoring.models.Item.CapPeriod",
        "ItemRoute": "scoring.models.Item.Route",
        "ItemEffect": "scoring.models.Item.Effect",
        "ProposalKind": "accounts.models.Proposal.Kind",
        "ProposalStage": "accounts.queries.Stage",
        "JobState": "jobs.models.Job.State",
    },
}

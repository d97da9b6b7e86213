"""What a password must be like, said in Chinese where Django's translation has a gap."""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import queries
from villages import queries as village_queries
from villages.slugs import pinyin_of

MLPS = "mlps"
LEAST_KINDS = 3
REMEMBERED = 5
# What must be left of a password when everything obvious is taken out of it.
LEAST_LEFT = 6
SHORTEST_WORD = 2
SHORTEST_WALK = 4
HAN = 0x2E80
_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "qazwsxedcrfvtgbyhnujmik", "!@#$%^&*()",
)  # fmt: skip
_ALWAYS = (
    "password", "passw0rd", "admin", "administrator", "mima", "woaini", "zhongguo", "china",
    "welcome", "iloveyou", "cun", "zhen", "xiang", "密码", "管理员", "村", "镇", "乡",
)  # fmt: skip
_DATE = re.compile(
    r"(?:19|20)\d{2}[-./年]?(?:0?[1-9]|1[0-2])[-./月]?(?:3[01]|[12]\d|0?[1-9])日?|(?:19|20)\d{2}"
)
_SAME = re.compile(r"(.)\1{2,}")


def advice() -> str:
    """What to say beside the field, before anything is typed."""
    rule = _("至少12个字符。不要用村名、电话、生日。几个不相干的词连起来，又长又好记。")
    return f"{rule}{ThreeKinds().get_help_text()}" if settings.PASSWORD_PROFILE == MLPS else rule


class LongEnough(MinimumLengthValidator):
    """At least `min_length` characters of any kind."""

    def get_error_message(self) -> str:
        return _("密码太短，至少%(least)d个字符。") % {"least": self.min_length}


class NotObvious:
    """More than a place, a name, a phone, a birthday and a walk over the keyboard."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when too little is left without what others can guess."""
        left = password.lower()
        words = sorted({*_ALWAYS, *village_queries.place_words(), *_own_words(user)}, key=len)
        for word in reversed(words):
            if len(word) >= SHORTEST_WORD or word in _ALWAYS:
                left = left.replace(word, " ")
        left = _SAME.sub(" ", _without_walks(_DATE.sub(" ", left)))
        weight = sum(2 if ord(char) >= HAN else 1 for char in set(left) if char.isalnum())
        if weight < LEAST_LEFT:
            raise ValidationError(self.get_help_text(), code="password_obvious")

    def get_help_text(self) -> str:
        return _("这个密码太好猜：不要只用村名、镇名、姓名、账号、电话、生日和键盘上挨着的键。")


class ThreeKinds:
    """Under the profile `mlps`: three of small and capital letters, digits, anything else."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when there are fewer kinds."""
        kinds = {_kind(char) for char in password}
        if settings.PASSWORD_PROFILE == MLPS and len(kinds) < LEAST_KINDS:
            raise ValidationError(self.get_help_text(), code="password_few_kinds")

    def get_help_text(self) -> str:
        return _("密码里要有大写字母、小写字母、数字、汉字或符号这四种里的三种。")


class NotUsedBefore:
    """Under the profile `mlps`: none of the last five."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when one of them comes back."""
        if settings.PASSWORD_PROFILE != MLPS or user is None or user.pk is None:
            return
        for old in queries.old_passwords(user_id=user.pk, most=REMEMBERED):
            if check_password(password, old):
                raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return _("最近%s次用过的密码不能再用，请换一个。") % REMEMBERED


def _kind(char: str) -> str:
    if char.isascii() and char.isalpha():
        return "small" if char.islower() else "capital"
    return "digit" if char.isdigit() else "other"


def _own_words(user: Any) -> Iterable[str]:
    """What those who know the person know."""
    if user is None:
        return
    yield user.get_username().lower()
    yield from re.findall(r"[a-z]{3,}", user.get_username().lower())
    person = user.person
    yield person.name
    yield pinyin_of(person.name)
    digits = re.sub(r"\D", "", person.phone)
    for least in (6, 8, len(digits)):
        if len(digits) >= least >= SHORTEST_WALK:
            yield digits[-least:]


def _without_walks(text: str) -> str:
    """Steps along a row of keys, forth or back, taken out where they are four or more."""
    for row in [way for keys in _ROWS for way in (keys, keys[::-1])]:
        for start in range(len(row) - SHORTEST_WALK + 1):
            for end in range(len(row), start + SHORTEST_WALK - 1, -1):
                if row[start:end] in text:
                    text = text.replace(row[start:end], " ")
    return text

"""What a password must be like, said in Chinese where Django's translation has a gap."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """At least `min_length` characters of any kind."""

    def get_error_message(self) -> str:
        return _("密码太短，至少%(least)d个字符。") % {"least": self.min_length}

"""The role table and the posts of the database are one list."""

from accounts.roles import ROLES
from villages.models import Post


def test_every_role_is_a_post_of_the_same_name(db):
    posts = dict(Post.objects.values_list("code", "name"))
    assert posts == {role: str(name) for role, (name, _) in ROLES.items()}

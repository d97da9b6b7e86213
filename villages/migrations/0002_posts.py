"""One post for each role of the role table; tests/accounts keeps the two the same."""

from django.db import migrations

POSTS = [
    ("county_administrator", "县级管理员"),
    ("township_administrator", "乡镇管理员"),
    ("township_clerk", "乡镇经办"),
    ("supervision_member", "监督小组成员"),
    ("legal_officer", "法制员"),
    ("village_clerk", "村文书"),
    ("committee_member", "两委成员"),
    ("representative", "村民代表"),
    ("grid_head", "网格长"),
    ("organiser", "组织员"),
    ("supervisor", "监督员"),
    ("contact_cadre", "联系干部"),
    ("collector", "采集员"),
    ("panel_member", "评议员"),
    ("recorder", "记录员"),
    ("shopkeeper", "积分超市店主"),
    ("merchant", "商户或伙伴"),
    ("auditor", "审计员"),
    ("system_administrator", "系统管理员"),
    ("security_administrator", "安全管理员"),
    ("audit_administrator", "审计管理员"),
]


def add_posts(apps, schema_editor):
    post = apps.get_model("villages", "Post")
    manager = post.objects.using(schema_editor.connection.alias)
    manager.bulk_create(post(code=code, name=name) for code, name in POSTS)


def remove_posts(apps, schema_editor):
    manager = apps.get_model("villages", "Post").objects.using(schema_editor.connection.alias)
    manager.filter(code__in=[code for code, _ in POSTS]).delete()


class Migration(migrations.Migration):
    dependencies = [("villages", "0001_territory_and_postings")]
    operations = [migrations.RunPython(add_posts, remove_posts)]

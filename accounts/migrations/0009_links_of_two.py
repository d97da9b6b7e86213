from django.db import migrations, models
from django.db.models import Q

# Nobody asks for a link to a log-in of his own, nobody agrees to one; as with posts.
OLD = """
ALTER TABLE public.accounts_proposal DROP CONSTRAINT accounts_proposal_nobody_grants_himself;
ALTER TABLE public.accounts_proposal ADD CONSTRAINT accounts_proposal_nobody_grants_himself
  CHECK (kind <> 'role'
    OR (content NOT LIKE '%"person": ' || proposed_by_id::text || ',%'
        AND (decided_by_id IS NULL OR decision <> 'approved'
             OR content NOT LIKE '%"person": ' || decided_by_id::text || ',%')));
"""
NEW = OLD.replace("kind <> 'role'", "kind NOT IN ('role', 'account')")


class Migration(migrations.Migration):
    """T-14: log-ins of those who answer for others' acts are opened by two persons."""

    dependencies = [("accounts", "0008_sessions_tries_and_old_passwords")]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("lock", "锁定月份"),
                    ("publication", "发布公示"),
                    ("correction", "更正月份"),
                    ("adoption", "细则生效"),
                    ("reversal", "冲正一笔"),
                    ("role", "授予职务"),
                    ("export", "导出名册"),
                    ("account", "发开号链接"),
                ],
                max_length=16,
                verbose_name="事项",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="proposal", name="accounts_proposal_says_what_and_why"
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=["lock", "publication", "correction"])
                | ~(Q(asked_because="") | Q(summary="") | Q(content="")),
                name="accounts_proposal_says_what_and_why",
            ),
        ),
        migrations.RunSQL(NEW, OLD),
    ]

"""Proposals of every kind, of a village or of a township, that keep what is approved."""

import django.db.models.deletion
from django.db import migrations, models

# What was asked stays as it was asked; a decision is made once, and so is the carrying out.
FORWARD = """
CREATE FUNCTION vc_guard.proposal_goes_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.village_id, NEW.township_id, NEW.kind, NEW.about, NEW.content,
      NEW.content_sha256, NEW.summary, NEW.asked_because, NEW.proposed_by_id, NEW.proposed_at,
      NEW.expires_at)
     IS DISTINCT FROM
     (OLD.id, OLD.village_id, OLD.township_id, OLD.kind, OLD.about, OLD.content,
      OLD.content_sha256, OLD.summary, OLD.asked_because, OLD.proposed_by_id, OLD.proposed_at,
      OLD.expires_at)
  THEN
    RAISE EXCEPTION 'what was proposed is not changed' USING ERRCODE = 'VC401';
  END IF;
  IF OLD.decision <> 'waiting' AND
     (NEW.decision, NEW.decided_by_id, NEW.decided_at, NEW.reason)
     IS DISTINCT FROM (OLD.decision, OLD.decided_by_id, OLD.decided_at, OLD.reason)
  THEN
    RAISE EXCEPTION 'a proposal is decided once' USING ERRCODE = 'VC401';
  END IF;
  IF OLD.consumed_at IS NOT NULL AND NEW.consumed_at IS DISTINCT FROM OLD.consumed_at THEN
    RAISE EXCEPTION 'a proposal is carried out once' USING ERRCODE = 'VC401';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_proposal_forward BEFORE UPDATE
  ON public.accounts_proposal FOR EACH ROW EXECUTE FUNCTION vc_guard.proposal_goes_forward();
ALTER TABLE public.accounts_proposal ENABLE ALWAYS TRIGGER accounts_proposal_forward;
ALTER TABLE public.accounts_proposal ADD CONSTRAINT accounts_proposal_content_has_its_digest
  CHECK (content = '' OR content_sha256 = sha256(convert_to(content, 'UTF8')));
"""
BACK = """
ALTER TABLE public.accounts_proposal DROP CONSTRAINT accounts_proposal_content_has_its_digest;
DROP TRIGGER accounts_proposal_forward ON public.accounts_proposal;
DROP FUNCTION vc_guard.proposal_goes_forward();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_refusals_say_why"),
        ("trail", "0001_audit_event"),
        ("villages", "0004_first_places_of_the_red_list"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="proposal",
            name="accounts_proposal_one_waits_per_matter",
        ),
        migrations.AddField(
            model_name="proposal",
            name="asked_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="提出理由"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="content",
            field=models.TextField(blank=True, verbose_name="内容"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="summary",
            field=models.CharField(blank=True, max_length=200, verbose_name="提议"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="township",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="villages.township",
                verbose_name="乡镇",
            ),
        ),
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
                ],
                max_length=16,
                verbose_name="事项",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="决定理由"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="village",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="villages.village",
                verbose_name="村",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("township__isnull", True), ("village__isnull", False)),
                    models.Q(("township__isnull", False), ("village__isnull", True)),
                    _connector="OR",
                ),
                name="accounts_proposal_has_one_home",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["adoption", "reversal", "role", "export"]), _negated=True
                    ),
                    models.Q(
                        ("asked_because", ""),
                        ("summary", ""),
                        ("content", ""),
                        _connector="OR",
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="accounts_proposal_says_what_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "refused"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="accounts_proposal_refusal_has_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_at__lt", models.F("expires_at")),
                        _connector="OR",
                    ),
                    models.Q(
                        ("consumed_at__isnull", True),
                        ("consumed_at__lt", models.F("expires_at")),
                        _connector="OR",
                    ),
                ),
                name="accounts_proposal_lives_until_it_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "waiting")),
                fields=("village", "township", "kind", "about"),
                name="accounts_proposal_one_waits_per_matter",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]

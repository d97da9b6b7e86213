"""A rule book comes into force only by minutes on which two persons agreed (I-20, T-11).

The adoption keeps their proposal, and the moment it was recorded by the database's own clock.
VC203: no carried out approval of two persons for the book. Books in force before stay in force.
"""

import django.db.models.deletion
from django.db import migrations, models

from trail.guards import TenantReference

GUARDS = """
CREATE FUNCTION vc_guard.adoption_is_recorded_now() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.recorded_at := vc_guard.business_now();
  RETURN NEW;
END $$;
CREATE TRIGGER scoring_adoption_recorded_now BEFORE INSERT
  ON public.scoring_adoption FOR EACH ROW EXECUTE FUNCTION vc_guard.adoption_is_recorded_now();
ALTER TABLE public.scoring_adoption ENABLE ALWAYS TRIGGER scoring_adoption_recorded_now;

CREATE FUNCTION vc_guard.rulebook_is_adopted_by_two() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.state = 'in_force' AND OLD.state <> 'in_force' AND NEW.village_id IS NOT NULL
     AND NEW.origin <> 'transcribed' AND NOT EXISTS (
       SELECT 1 FROM public.scoring_adoption a
       JOIN public.accounts_proposal p ON p.id = a.proposal_id AND p.village_id = a.village_id
       WHERE a.rulebook_id = NEW.id AND p.kind = 'adoption'
         AND p.about = 'scoring.rulebook:' || NEW.id
         AND p.decision = 'approved' AND p.consumed_at IS NOT NULL)
  THEN
    RAISE EXCEPTION 'not agreed by two persons' USING ERRCODE = 'VC203';
  END IF;
  RETURN NEW;
END $$;
-- After scoring_rulebook_guarded, by its name.
CREATE TRIGGER scoring_rulebook_two_persons BEFORE UPDATE
  ON public.scoring_rulebook FOR EACH ROW EXECUTE FUNCTION vc_guard.rulebook_is_adopted_by_two();
ALTER TABLE public.scoring_rulebook ENABLE ALWAYS TRIGGER scoring_rulebook_two_persons;
"""

DROP = """
DROP TRIGGER scoring_rulebook_two_persons ON public.scoring_rulebook;
DROP TRIGGER scoring_adoption_recorded_now ON public.scoring_adoption;
DROP FUNCTION vc_guard.rulebook_is_adopted_by_two();
DROP FUNCTION vc_guard.adoption_is_recorded_now();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_proposals_of_every_kind"),
        ("scoring", "0008_reversals_by_two_persons"),
    ]

    operations = [
        migrations.AddField(
            model_name="adoption",
            name="minutes_number",
            field=models.CharField(blank=True, max_length=60, verbose_name="会议记录编号"),
        ),
        migrations.AddField(
            model_name="adoption",
            name="proposal",
            field=models.OneToOneField(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.proposal",
                verbose_name="两人审批",
            ),
        ),
        TenantReference("adoption", "proposal"),
        migrations.RunSQL(GUARDS, DROP),
    ]

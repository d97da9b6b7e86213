import django.db.models.deletion
from django.db import migrations, models

# I-31 and art. 32 of the Organic Law of Villagers' Committees, over the periods of postings.
# Waits for whoever writes another posting of the same person, so that two requests at once
# cannot each see the person free.
RULES = """
CREATE FUNCTION vc_guard.posting_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_role text;
BEGIN
  IF TG_OP = 'UPDATE' AND (
      (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
      OR (OLD.to_on IS NOT NULL AND (NEW.to_on IS NULL OR NEW.to_on > OLD.to_on))) THEN
    RAISE EXCEPTION 'a posting is only ever shortened'
      USING ERRCODE = 'integrity_constraint_violation',
      CONSTRAINT = 'villages_posting_is_only_shortened';
  END IF;
  IF NEW.ended_at IS NOT NULL THEN
    RETURN NULL;
  END IF;
  SELECT code INTO v_role FROM public.villages_post WHERE id = NEW.post_id;
  IF v_role NOT IN ('system_administrator', 'security_administrator', 'audit_administrator',
                    'supervision_member', 'committee_member') THEN
    RETURN NULL;
  END IF;
  PERFORM FROM public.villages_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
  IF v_role LIKE '%_administrator' AND EXISTS (
      SELECT FROM public.villages_posting o JOIN public.villages_post p ON p.id = o.post_id
      WHERE o.person_id = NEW.person_id AND o.id <> NEW.id AND o.ended_at IS NULL
        AND p.code <> v_role AND p.code IN
          ('system_administrator', 'security_administrator', 'audit_administrator')
        AND daterange(o.from_on, o.to_on, '[]') && daterange(NEW.from_on, NEW.to_on, '[]')) THEN
    RAISE EXCEPTION 'administrators are apart' USING ERRCODE = 'exclusion_violation',
      CONSTRAINT = 'villages_posting_administrators_are_apart';
  END IF;
  IF v_role IN ('supervision_member', 'committee_member') AND EXISTS (
      SELECT FROM public.villages_posting o JOIN public.villages_post p ON p.id = o.post_id
      WHERE o.person_id = NEW.person_id AND o.id <> NEW.id AND o.ended_at IS NULL
        AND p.code <> v_role AND p.code IN ('supervision_member', 'committee_member')
        AND o.township_id = NEW.township_id
        AND (o.village_id = NEW.village_id OR o.village_id IS NULL OR NEW.village_id IS NULL)
        AND daterange(o.from_on, o.to_on, '[]') && daterange(NEW.from_on, NEW.to_on, '[]')) THEN
    RAISE EXCEPTION 'supervision and committee are apart' USING ERRCODE = 'exclusion_violation',
      CONSTRAINT = 'villages_posting_supervision_apart_from_committee';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER villages_posting_rules AFTER INSERT OR UPDATE ON public.villages_posting
  FOR EACH ROW EXECUTE FUNCTION vc_guard.posting_rules();
ALTER TABLE public.villages_posting ENABLE ALWAYS TRIGGER villages_posting_rules;
"""
UNDO = """
DROP TRIGGER villages_posting_rules ON public.villages_posting;
DROP FUNCTION vc_guard.posting_rules();
"""


class Migration(migrations.Migration):
    """Postings end at a moment, deputies on a day; some posts never meet in one person."""

    dependencies = [("villages", "0004_first_places_of_the_red_list")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="added_in",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="villages.township",
                verbose_name="登记的乡镇",
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="ended_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="提前结束"),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy_of__isnull", True), ("to_on__isnull", False), _connector="OR"
                ),
                name="villages_posting_deputy_has_a_last_day",
            ),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]

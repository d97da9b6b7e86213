"""No reversal enters the ledger but one that two persons agreed on (I-07, I-20).

VC112: the source of a reversal names no approval of exactly this entry that is being carried out.
It is the last refusal, so a rehearsal that meets it would have met no other.
"""

from django.db import migrations

CHECK = """
CREATE OR REPLACE FUNCTION public.ledger_check_reversals(
  p_village bigint, p_rows public.ledger_row[])
RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_bad integer;
BEGIN
  SELECT min(r.row_index) INTO v_bad
  FROM unnest(p_rows) r
  LEFT JOIN LATERAL (
    SELECT e.id, e.kind, e.subject_id, e.points, e.occurred_on, e.item_id,
           (SELECT x.id FROM public.scoring_entry x
            WHERE x.village_id = p_village AND x.reverses_id = e.id) AS reversed_by
    FROM public.scoring_entry e WHERE e.village_id = p_village AND e.id = r.reverses_id LIMIT 1
  ) e ON r.reverses_id IS NOT NULL
  WHERE (r.kind = 'reversal') <> (r.reverses_id IS NOT NULL)
     OR (r.kind = 'reversal' AND (
           e.id IS NULL OR e.kind NOT IN ('award', 'deduction') OR e.subject_id <> r.subject_id
           OR e.points <> -r.points OR r.occurred_on < e.occurred_on
           OR r.item_id IS DISTINCT FROM e.item_id OR e.reversed_by IS NOT NULL));
  IF v_bad IS NULL THEN
    SELECT max(r.row_index) INTO v_bad FROM unnest(p_rows) r
    WHERE r.reverses_id IS NOT NULL GROUP BY r.reverses_id HAVING count(*) > 1 LIMIT 1;
  END IF;
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'reversal' USING ERRCODE = 'VC110', DETAIL = v_bad::text;
  END IF;
/* two persons */END $$;
"""

# The proposal itself holds that the two are different persons.
TWO_PERSONS = """
  SELECT min(r.row_index) INTO v_bad FROM unnest(p_rows) r
  WHERE r.kind = 'reversal' AND NOT EXISTS (
    SELECT 1 FROM public.accounts_proposal p
    WHERE p.village_id = p_village AND p.decision = 'approved' AND p.consumed_at IS NOT NULL
      AND p.id = CASE
        WHEN r.source ~ '^reversal:[0-9]{1,18}$' AND p.kind = 'reversal'
             AND p.about = 'scoring.entry:' || r.reverses_id
          THEN split_part(r.source, ':', 2)::bigint
        WHEN r.source ~ '^correction:[0-9]{1,18}:[0-9]{1,18}:reversal$' AND p.kind = 'correction'
             AND split_part(r.source, ':', 3)::bigint = r.reverses_id
          THEN (SELECT c.proposal_id FROM public.scoring_correction c
                WHERE c.village_id = p_village
                  AND c.id = split_part(r.source, ':', 2)::bigint)
        END);
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'not agreed by two persons' USING ERRCODE = 'VC112', DETAIL = v_bad::text;
  END IF;
"""
PLACE = "/* two persons */"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_proposals_of_every_kind"),
        ("scoring", "0007_tables_say_what_they_hold"),
    ]
    operations = [
        migrations.RunSQL(CHECK.replace(PLACE, TWO_PERSONS.lstrip("\n")), CHECK.replace(PLACE, ""))
    ]

"""`ledger_mend`: balances and totals set to what the entries say, and to nothing else.

Errors: VC112 an entry does not fit its digest, so nothing may be derived from it.
"""

from django.db import migrations

# Nobody can hand it a figure: both sides come from tables the site's role cannot write.
MEND = """
CREATE FUNCTION public.ledger_mend(p_village bigint, p_apply boolean)
RETURNS TABLE (subject_id bigint, month text, category_id bigint, stored bigint[],
               recomputed bigint[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_entry bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7810759522288402432 + p_village);
  SELECT min(e.id) INTO v_entry FROM public.scoring_entry e
  WHERE e.village_id = p_village AND e.digest IS DISTINCT FROM public.ledger_digest(
    e.id, e.village_id, e.subject_id, e.kind, e.points, e.category_id, e.item_id, e.rulebook_id,
    e.occurred_on, e.month, e.source, e.reverses_id, e.recorded_at, e.recorded_by_id);
  IF v_entry IS NOT NULL THEN
    RAISE EXCEPTION 'an entry does not fit its digest'
      USING ERRCODE = 'VC112', DETAIL = v_entry::text;
  END IF;

  CREATE TEMPORARY TABLE ledger_recomputed ON COMMIT DROP AS
  SELECT e.subject_id, e.month, e.category_id,
    coalesce(sum(e.points) FILTER (
      WHERE e.kind = 'award' OR (e.kind = 'reversal' AND e.points < 0)), 0)::bigint AS plus,
    coalesce(sum(e.points) FILTER (
      WHERE e.kind = 'deduction' OR (e.kind = 'reversal' AND e.points > 0)), 0)::bigint AS minus,
    coalesce(sum(e.points) FILTER (
      WHERE e.kind NOT IN ('award', 'deduction', 'reversal')), 0)::bigint AS spent,
    count(*) AS entries
  FROM public.scoring_entry e WHERE e.village_id = p_village
  GROUP BY e.subject_id, e.month, e.category_id;

  -- A balance is '' months old; a subject without entries has none, or noughts.
  CREATE TEMPORARY TABLE ledger_differences ON COMMIT DROP AS
  SELECT coalesce(b.subject_id, s.subject_id) AS subject_id, ''::text AS month,
    NULL::bigint AS category_id,
    CASE WHEN b.id IS NOT NULL THEN ARRAY[b.gross, b.earned, b.spendable] END AS stored,
    ARRAY[coalesce(s.plus, 0), coalesce(s.plus + s.minus, 0), coalesce(s.whole, 0)] AS recomputed
  FROM (SELECT * FROM public.scoring_balance WHERE village_id = p_village) b
  FULL JOIN (
    SELECT r.subject_id, sum(r.plus)::bigint AS plus, sum(r.minus)::bigint AS minus,
           sum(r.plus + r.minus + r.spent)::bigint AS whole
    FROM pg_temp.ledger_recomputed r GROUP BY r.subject_id) s ON s.subject_id = b.subject_id
  WHERE (coalesce(b.gross, 0), coalesce(b.earned, 0), coalesce(b.spendable, 0))
     IS DISTINCT FROM (coalesce(s.plus, 0), coalesce(s.plus + s.minus, 0), coalesce(s.whole, 0))
  UNION ALL
  SELECT coalesce(t.subject_id, r.subject_id), coalesce(t.month, r.month),
    CASE WHEN t.id IS NULL THEN r.category_id ELSE t.category_id END,
    CASE WHEN t.id IS NOT NULL THEN ARRAY[t.plus, t.minus, t.spent, t.entries] END,
    CASE WHEN r.entries IS NOT NULL THEN ARRAY[r.plus, r.minus, r.spent, r.entries] END
  FROM (SELECT * FROM public.scoring_monthlytotal WHERE village_id = p_village) t
  FULL JOIN pg_temp.ledger_recomputed r ON r.subject_id = t.subject_id AND r.month = t.month
    AND coalesce(r.category_id, 0) = coalesce(t.category_id, 0)
  WHERE (t.plus, t.minus, t.spent, t.entries::bigint)
     IS DISTINCT FROM (r.plus, r.minus, r.spent, r.entries);

  IF p_apply THEN
    INSERT INTO public.scoring_balance (village_id, subject_id, gross, earned, spendable)
    SELECT p_village, d.subject_id, d.recomputed[1], d.recomputed[2], d.recomputed[3]
    FROM pg_temp.ledger_differences d WHERE d.month = '' ORDER BY d.subject_id
    ON CONFLICT (village_id, subject_id) DO UPDATE
       SET gross = excluded.gross, earned = excluded.earned, spendable = excluded.spendable;
    DELETE FROM public.scoring_monthlytotal t USING pg_temp.ledger_differences d
    WHERE d.month <> '' AND d.recomputed IS NULL AND t.village_id = p_village
      AND t.subject_id = d.subject_id AND t.month = d.month
      AND t.category_id IS NOT DISTINCT FROM d.category_id;
    INSERT INTO public.scoring_monthlytotal
           (village_id, subject_id, month, category_id, plus, minus, spent, entries)
    SELECT p_village, d.subject_id, d.month, d.category_id, d.recomputed[1], d.recomputed[2],
           d.recomputed[3], d.recomputed[4]
    FROM pg_temp.ledger_differences d WHERE d.month <> '' AND d.recomputed IS NOT NULL
    ORDER BY d.subject_id, d.month, d.category_id
    ON CONFLICT (village_id, month, subject_id, category_id) DO UPDATE
       SET plus = excluded.plus, minus = excluded.minus, spent = excluded.spent,
           entries = excluded.entries;
  END IF;
  RETURN QUERY SELECT d.subject_id, d.month, d.category_id, d.stored, d.recomputed
    FROM pg_temp.ledger_differences d ORDER BY 1, 2, 3;
  DROP TABLE pg_temp.ledger_differences, pg_temp.ledger_recomputed;
END $$;
REVOKE ALL ON FUNCTION public.ledger_mend(bigint, boolean) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0005_corrections")]
    operations = [
        migrations.RunSQL(MEND, "DROP FUNCTION public.ledger_mend(bigint, boolean);"),
    ]

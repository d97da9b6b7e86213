"""The one way into the ledger: `ledger_post`, and the canonical digest it writes.

Errors carry an SQLSTATE of ours (class VC) and in DETAIL the index of the row from 0:
VC101 ledger stopped, VC102 no such subject in the village, VC103 source reused, VC104 date in the
future, VC105 earlier months wait for their close, VC106 no rule in force, VC107 kind, sign or
bounds, VC109 cap reached, VC110 reversal, VC111 not enough points.
"""

from django.db import migrations

# STABLE, because their parts are: an SQL function stricter than its parts is never inlined, and
# the call of its own then costs fifty times the digest.
DIGEST = """
CREATE FUNCTION public.ledger_text(value text) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8');

CREATE FUNCTION public.ledger_number(value bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value IS NULL THEN '\\x00'::bytea ELSE '\\x01'::bytea || int8send(value) END;

CREATE FUNCTION public.ledger_digest(
  id bigint, village_id bigint, subject_id bigint, kind text, points bigint,
  category_id bigint, item_id bigint, rulebook_id bigint, occurred_on date, month text,
  source text, reverses_id bigint, recorded_at timestamptz, recorded_by_id bigint
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(
  '\\x0001'::bytea || int8send(id) || int8send(village_id) || int8send(subject_id)
  || public.ledger_text(kind) || int8send(points) || public.ledger_number(category_id)
  || public.ledger_number(item_id) || public.ledger_number(rulebook_id)
  || '\\x0000000a'::bytea || convert_to(to_char(occurred_on::timestamp, 'YYYY-MM-DD'), 'UTF8')
  || public.ledger_text(month) || public.ledger_text(source)
  || public.ledger_number(reverses_id)
  || int8send((extract(epoch FROM recorded_at) * 1000000)::bigint)
  || public.ledger_number(recorded_by_id));

CREATE TYPE public.ledger_row AS (
  row_index integer, subject_id bigint, kind text, points bigint, occurred_on date,
  source text, reverses_id bigint, category_id bigint, item_id bigint, rulebook_id bigint,
  month text, list text, low bigint, high bigint, since date, cap_period text, cap_times bigint,
  cap_points bigint
);
"""

# A month opens with its first entry; a closed one stays closed, so late facts go to the oldest
# open month. Returns the month in which a fact of `p_month` is entered.
MONTH = """
CREATE FUNCTION public.ledger_month(p_village bigint, p_month text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_state text;
  v_last_closed text;
  v_target text := p_month;
  v_waiting bigint;
BEGIN
  SELECT m.state INTO v_state FROM public.scoring_month m
   WHERE m.village_id = p_village AND m.month = p_month;
  IF v_state = 'open' THEN
    RETURN p_month;
  END IF;
  SELECT max(m.month) INTO v_last_closed FROM public.scoring_month m
   WHERE m.village_id = p_village AND m.state <> 'open';
  IF p_month <= v_last_closed THEN
    SELECT min(m.month) INTO v_target FROM public.scoring_month m
     WHERE m.village_id = p_village AND m.state = 'open';
    IF v_target IS NOT NULL THEN
      RETURN v_target;
    END IF;
    v_target := greatest(
      to_char(vc_guard.business_today(), 'YYYY-MM'),
      to_char(to_date(v_last_closed, 'YYYY-MM') + interval '1 month', 'YYYY-MM'));
  END IF;
  SELECT count(*) INTO v_waiting FROM public.scoring_month m
   WHERE m.village_id = p_village AND m.state = 'open' AND m.month < v_target;
  IF v_waiting >= 2 THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.scoring_month (village_id, month, origin, state, closed_by)
  VALUES (p_village, v_target, 'kept', 'open', '') ON CONFLICT DO NOTHING;
  RETURN v_target;
END $$;
"""

CHECKS = """
CREATE FUNCTION public.ledger_check_rules(p_village bigint, p_rows public.ledger_row[])
RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_bad integer;
BEGIN
  SELECT min(d.first_row) INTO v_bad
  FROM (SELECT r.rulebook_id, r.occurred_on, min(r.row_index) AS first_row FROM unnest(p_rows) r
        WHERE r.kind IN ('award', 'deduction') GROUP BY r.rulebook_id, r.occurred_on) d
  WHERE (SELECT b.id FROM public.scoring_rulebook b
         WHERE b.id = d.rulebook_id AND b.village_id = p_village
           AND b.state IN ('in_force', 'superseded') AND b.effective @> d.occurred_on) IS NULL;
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'no rule in force' USING ERRCODE = 'VC106', DETAIL = v_bad::text;
  END IF;

  SELECT min(r.row_index) INTO v_bad FROM unnest(p_rows) r
  WHERE CASE r.kind
    WHEN 'award' THEN
      r.points NOT BETWEEN r.low AND r.high OR r.list <> 'positive' OR r.occurred_on < r.since
    WHEN 'deduction' THEN
      -r.points NOT BETWEEN r.low AND r.high OR r.list <> 'negative' OR r.occurred_on < r.since
    WHEN 'reversal' THEN false
    WHEN 'redemption' THEN r.points >= 0 OR r.item_id IS NOT NULL
    WHEN 'transfer_out' THEN r.points >= 0 OR r.item_id IS NOT NULL
    WHEN 'expiry' THEN r.points >= 0 OR r.item_id IS NOT NULL
    WHEN 'redemption_return' THEN r.points <= 0 OR r.item_id IS NOT NULL
    WHEN 'transfer_in' THEN r.points <= 0 OR r.item_id IS NOT NULL
    WHEN 'carry_in' THEN r.points <= 0 OR r.item_id IS NOT NULL
    ELSE true END
    OR abs(r.points) >= 1000000000;
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'kind, sign or bounds' USING ERRCODE = 'VC107', DETAIL = v_bad::text;
  END IF;
END $$;

CREATE FUNCTION public.ledger_check_caps(p_village bigint, p_rows public.ledger_row[])
RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_bad integer;
  -- What this very batch reverses makes room again.
  v_reversed bigint[] := ARRAY(
    SELECT r.reverses_id FROM unnest(p_rows) r WHERE r.reverses_id IS NOT NULL);
BEGIN
  WITH capped AS MATERIALIZED (
    SELECT r.row_index, r.subject_id, r.item_id, r.points, r.cap_times, r.cap_points,
           p.begins, b.times, b.points AS points_before
    FROM unnest(p_rows) r
    CROSS JOIN LATERAL (
      SELECT date_trunc(r.cap_period, r.occurred_on::timestamp)::date AS begins,
             CASE r.cap_period WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 ELSE 12 END AS months
    ) p
    CROSS JOIN LATERAL (
      SELECT count(*) AS times, coalesce(sum(abs(e.points)), 0) AS points
      FROM public.scoring_entry e
      WHERE e.village_id = p_village AND e.subject_id = r.subject_id AND e.item_id = r.item_id
        AND e.kind IN ('award', 'deduction') AND e.occurred_on >= p.begins
        AND e.occurred_on < p.begins + make_interval(months => p.months)
        AND NOT EXISTS (
          SELECT 1 FROM public.scoring_entry x
          WHERE x.village_id = p_village AND x.reverses_id = e.id)
        AND e.id <> ALL (v_reversed)
    ) b
    WHERE r.kind IN ('award', 'deduction') AND r.cap_period <> ''
  ), running AS (
    SELECT c.row_index, c.cap_times, c.cap_points,
           c.times + count(*) OVER w AS times,
           c.points_before + sum(abs(c.points)) OVER w AS points
    FROM capped c
    WINDOW w AS (PARTITION BY c.subject_id, c.item_id, c.begins ORDER BY c.row_index)
  )
  SELECT min(row_index) INTO v_bad FROM running
  WHERE times > cap_times OR points > cap_points;
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'cap reached' USING ERRCODE = 'VC109', DETAIL = v_bad::text;
  END IF;
END $$;

CREATE FUNCTION public.ledger_check_reversals(p_village bigint, p_rows public.ledger_row[])
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
END $$;
"""

FOLD = """
CREATE FUNCTION public.ledger_fold(p_village bigint, p_rows public.ledger_row[])
RETURNS void LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The rows are locked, so what is read here is what is replaced.
  INSERT INTO public.scoring_balance (village_id, subject_id, gross, earned, spendable)
  SELECT p_village, s.subject_id, b.gross + s.plus, b.earned + s.plus + s.minus,
         b.spendable + s.whole
  FROM (
    SELECT r.subject_id,
           coalesce(sum(r.points) FILTER (
             WHERE r.kind = 'award' OR (r.kind = 'reversal' AND r.points < 0)), 0) AS plus,
           coalesce(sum(r.points) FILTER (
             WHERE r.kind = 'deduction' OR (r.kind = 'reversal' AND r.points > 0)), 0) AS minus,
           sum(r.points) AS whole
    FROM unnest(p_rows) r GROUP BY r.subject_id ORDER BY r.subject_id) s
  CROSS JOIN LATERAL (
    SELECT * FROM public.scoring_balance b
    WHERE b.village_id = p_village AND b.subject_id = s.subject_id LIMIT 1) b
  ON CONFLICT (village_id, subject_id) DO UPDATE
     SET gross = excluded.gross, earned = excluded.earned, spendable = excluded.spendable;
  INSERT INTO public.scoring_monthlytotal AS t
         (village_id, subject_id, month, category_id, plus, minus, spent, entries)
  SELECT p_village, r.subject_id, r.month, r.category_id,
         coalesce(sum(r.points) FILTER (
           WHERE r.kind = 'award' OR (r.kind = 'reversal' AND r.points < 0)), 0),
         coalesce(sum(r.points) FILTER (
           WHERE r.kind = 'deduction' OR (r.kind = 'reversal' AND r.points > 0)), 0),
         coalesce(sum(r.points) FILTER (
           WHERE r.kind NOT IN ('award', 'deduction', 'reversal')), 0),
         count(*)
  FROM unnest(p_rows) r
  GROUP BY r.subject_id, r.month, r.category_id
  ORDER BY r.subject_id, r.month, r.category_id
  ON CONFLICT (village_id, month, subject_id, category_id) DO UPDATE
     SET plus = t.plus + excluded.plus, minus = t.minus + excluded.minus,
         spent = t.spent + excluded.spent, entries = t.entries + excluded.entries;
END $$;
"""

POST = """
CREATE FUNCTION public.ledger_post(p_village bigint, p_rows jsonb, p_by bigint)
RETURNS TABLE (row_index integer, entry_id bigint, fresh boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- Tables are looked up through an index and never joined: a plan made while a table was small would
-- read the whole ledger for each row. Planning twenty statements anew costs more than a post, so
-- one fact goes by kept plans; a batch is worth plans of its own.
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_rows public.ledger_row[];
  v_bad integer;
  v_known bigint[];
  v_sources jsonb;
  v_subjects bigint[];
  v_found bigint[];
  v_month text;
  v_from text[] := '{}';
  v_into text[] := '{}';
  v_first integer;
  v_now timestamptz := vc_guard.business_now();
  v_today date := vc_guard.business_today();
BEGIN
  IF jsonb_array_length(p_rows) > 50 THEN
    PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
  END IF;
  PERFORM pg_advisory_xact_lock_shared(7810759522288402432 + p_village);
  IF EXISTS (SELECT 1 FROM public.scoring_ledgerstate s
             WHERE s.village_id = p_village AND s.broken_at IS NOT NULL AND s.signed_at IS NULL)
  THEN
    RAISE EXCEPTION 'ledger stopped' USING ERRCODE = 'VC101', DETAIL = '0';
  END IF;

  v_rows := ARRAY(
    SELECT (t.ord - 1, t.subject, t.kind, t.points, t.occurred_on, t.source, t.reverses,
            coalesce(i.category_id, e.category_id), coalesce(i.id, t.item, e.item_id),
            coalesce(i.rulebook_id, e.rulebook_id), '', i.list, i.low, i.high, i.since,
            coalesce(i.cap_period, ''), i.cap_times, i.cap_points)::public.ledger_row
    FROM ROWS FROM (jsonb_to_recordset(p_rows) AS (
           subject bigint, kind text, points bigint, item bigint, occurred_on date, source text,
           reverses bigint))
         WITH ORDINALITY AS t (subject, kind, points, item, occurred_on, source, reverses, ord)
    LEFT JOIN LATERAL (
      SELECT * FROM public.scoring_item i WHERE i.village_id = p_village AND i.id = t.item LIMIT 1
    ) i ON t.item IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT * FROM public.scoring_entry e
      WHERE e.village_id = p_village AND e.id = t.reverses LIMIT 1
    ) e ON t.reverses IS NOT NULL
    ORDER BY t.ord);

  v_subjects := ARRAY(SELECT DISTINCT r.subject_id FROM unnest(v_rows) r ORDER BY r.subject_id);
  v_found := ARRAY(
    SELECT s.id FROM public.households_subject s
    WHERE s.village_id = p_village AND s.id = ANY (v_subjects));
  IF cardinality(v_found) < cardinality(v_subjects) THEN
    SELECT min(r.row_index) INTO v_bad FROM unnest(v_rows) r
    WHERE r.subject_id IS NULL OR r.subject_id <> ALL (v_found);
    RAISE EXCEPTION 'no such subject' USING ERRCODE = 'VC102', DETAIL = v_bad::text;
  END IF;

  -- Balances are locked by subject before anything is read that depends on them.
  INSERT INTO public.scoring_balance (village_id, subject_id, gross, earned, spendable)
  SELECT p_village, s.subject_id, 0, 0, 0
  FROM unnest(v_subjects) AS s (subject_id)
  ORDER BY s.subject_id
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM public.scoring_balance b
  WHERE b.village_id = p_village AND b.subject_id = ANY (v_subjects)
  ORDER BY b.subject_id FOR UPDATE;

  -- A source that is known is answered with its first entry, also after its month was closed.
  -- All in one look: at worst, under a plan that knows nothing of this village yet, one reading
  -- of its ledger a post, and never one a row.
  SELECT jsonb_object_agg(e.source, e.id) INTO v_sources FROM public.scoring_entry e
  WHERE e.village_id = p_village
    AND e.source = ANY (ARRAY(SELECT r.source FROM unnest(v_rows) r)::text[]);
  IF v_sources IS NULL THEN
    v_known := array_fill(NULL::bigint, ARRAY[cardinality(v_rows)]);
  ELSE
    v_known := ARRAY(SELECT (v_sources ->> r.source)::bigint FROM unnest(v_rows) r
                     ORDER BY r.row_index);
  END IF;
  SELECT min(r.row_index) INTO v_bad
  FROM unnest(v_rows) r
  JOIN LATERAL (
    SELECT * FROM public.scoring_entry e
    WHERE e.village_id = p_village AND e.id = v_known[r.row_index + 1] LIMIT 1
  ) e ON true
  WHERE v_known[r.row_index + 1] IS NOT NULL
    AND (e.subject_id, e.kind, e.points::bigint, e.item_id, e.occurred_on, e.reverses_id)
      IS DISTINCT FROM (r.subject_id, r.kind, r.points, r.item_id, r.occurred_on, r.reverses_id);
  IF v_bad IS NULL THEN
    SELECT max(r.row_index) INTO v_bad FROM unnest(v_rows) r
    GROUP BY r.source HAVING count(*) > 1 LIMIT 1;
  END IF;
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'source reused' USING ERRCODE = 'VC103', DETAIL = v_bad::text;
  END IF;
  IF array_remove(v_known, NULL) <> '{}' THEN
    RETURN QUERY
      SELECT r.row_index, v_known[r.row_index + 1], false FROM unnest(v_rows) r
      WHERE v_known[r.row_index + 1] IS NOT NULL;
    v_rows := ARRAY(
      SELECT r::public.ledger_row FROM unnest(v_rows) r
      WHERE v_known[r.row_index + 1] IS NULL ORDER BY r.row_index);
  END IF;
  IF cardinality(v_rows) = 0 THEN
    RETURN;
  END IF;

  SELECT min(r.row_index) INTO v_bad FROM unnest(v_rows) r
  WHERE r.occurred_on IS NULL OR r.occurred_on > v_today;
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'date in the future' USING ERRCODE = 'VC104', DETAIL = v_bad::text;
  END IF;

  FOR v_month, v_first IN
    SELECT to_char(r.occurred_on, 'YYYY-MM'), min(r.row_index) FROM unnest(v_rows) r
    GROUP BY 1 ORDER BY 1
  LOOP
    v_from := v_from || v_month;
    v_month := public.ledger_month(p_village, v_month);
    IF v_month IS NULL THEN
      RAISE EXCEPTION 'earlier months wait for their close'
        USING ERRCODE = 'VC105', DETAIL = v_first::text,
              HINT = (SELECT min(m.month) FROM public.scoring_month m
                      WHERE m.village_id = p_village AND m.state = 'open');
    END IF;
    v_into := v_into || v_month;
  END LOOP;
  v_rows := ARRAY(
    SELECT (r.row_index, r.subject_id, r.kind, r.points, r.occurred_on, r.source, r.reverses_id,
            r.category_id, r.item_id, r.rulebook_id,
            v_into[array_position(v_from, to_char(r.occurred_on, 'YYYY-MM'))], r.list, r.low,
            r.high, r.since, r.cap_period, r.cap_times, r.cap_points)::public.ledger_row
    FROM unnest(v_rows) r ORDER BY r.row_index);

  PERFORM public.ledger_check_rules(p_village, v_rows);
  PERFORM public.ledger_check_caps(p_village, v_rows);
  PERFORM public.ledger_check_reversals(p_village, v_rows);

  SELECT min(x.row_index) INTO v_bad FROM (
    SELECT r.row_index, r.kind, r.subject_id,
           sum(r.points) OVER (PARTITION BY r.subject_id ORDER BY r.row_index) AS added
    FROM unnest(v_rows) r) x
  WHERE x.kind IN ('redemption', 'transfer_out', 'expiry')
    AND x.added + (SELECT b.spendable FROM public.scoring_balance b
                   WHERE b.village_id = p_village AND b.subject_id = x.subject_id) < 0;
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'not enough points' USING ERRCODE = 'VC111', DETAIL = v_bad::text;
  END IF;

  RETURN QUERY
    WITH numbered AS MATERIALIZED (
      SELECT nextval('public.scoring_entry_id_seq') AS id, r.*
      FROM (SELECT * FROM unnest(v_rows) x ORDER BY x.row_index) r
    ), added AS (
      INSERT INTO public.scoring_entry (
        id, village_id, subject_id, kind, points, category_id, item_id, rulebook_id,
        occurred_on, month, source, reverses_id, recorded_at, recorded_by_id, digest)
      SELECT n.id, p_village, n.subject_id, n.kind, n.points, n.category_id, n.item_id,
             n.rulebook_id, n.occurred_on, n.month, n.source, n.reverses_id, v_now, p_by,
             public.ledger_digest(
               n.id, p_village, n.subject_id, n.kind, n.points, n.category_id, n.item_id,
               n.rulebook_id, n.occurred_on, n.month, n.source, n.reverses_id, v_now, p_by)
      FROM numbered n ORDER BY n.id
      RETURNING 1
    )
    SELECT n.row_index, n.id, true FROM numbered n;
  PERFORM public.ledger_fold(p_village, v_rows);
END $$;
"""

CLOSED_TO_ALL = """
REVOKE ALL ON FUNCTION public.ledger_post(bigint, jsonb, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ledger_month(bigint, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ledger_check_rules(bigint, public.ledger_row[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ledger_check_caps(bigint, public.ledger_row[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ledger_check_reversals(bigint, public.ledger_row[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ledger_fold(bigint, public.ledger_row[]) FROM PUBLIC;
"""

DROP = """
DROP FUNCTION public.ledger_post(bigint, jsonb, bigint);
DROP FUNCTION public.ledger_fold(bigint, public.ledger_row[]);
DROP FUNCTION public.ledger_check_reversals(bigint, public.ledger_row[]);
DROP FUNCTION public.ledger_check_caps(bigint, public.ledger_row[]);
DROP FUNCTION public.ledger_check_rules(bigint, public.ledger_row[]);
DROP FUNCTION public.ledger_month(bigint, text);
DROP FUNCTION public.ledger_digest(bigint, bigint, bigint, text, bigint, bigint, bigint, bigint,
  date, text, text, bigint, timestamptz, bigint);
DROP FUNCTION public.ledger_number(bigint);
DROP FUNCTION public.ledger_text(text);
DROP TYPE public.ledger_row;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_rules_ledger_and_months")]
    operations = [migrations.RunSQL(DIGEST + MONTH + CHECKS + FOLD + POST + CLOSED_TO_ALL, DROP)]

-- What the application's role may do. Run by the owner after each migration; may be run again at
-- any time. Deny by default: everything is taken away first, then each table is named on a line of
-- its own, also a table of which the site may do nothing (`-- nothing: public.name`). A table
-- absent from this file fails tests/config/test_grants.py.
--
-- Keys come from identity columns, so INSERT needs no right on a sequence.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, villages_app;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, villages_app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC, villages_app;

DO $$
DECLARE
    ours regprocedure;
BEGIN
    -- Functions of the site. Those of extensions belong to the superuser and stay callable.
    FOR ours IN
        SELECT p.oid::regprocedure
        FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname IN ('public', 'vc_guard')
          AND p.proowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
    LOOP
        EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC, villages_app', ours);
    END LOOP;
END
$$;

-- Django ---------------------------------------------------------------------------------------
GRANT SELECT ON public.django_migrations TO villages_app;
GRANT SELECT ON public.django_content_type TO villages_app;
GRANT SELECT ON public.auth_permission TO villages_app;
GRANT SELECT ON public.auth_group TO villages_app;
GRANT SELECT ON public.auth_group_permissions TO villages_app;
GRANT SELECT, INSERT ON public.django_admin_log TO villages_app;
-- nothing: public.django_session
GRANT SELECT, INSERT, UPDATE, DELETE ON public.cache_entry TO villages_app;

-- Trail ----------------------------------------------------------------------------------------
GRANT SELECT, INSERT ON public.trail_auditevent TO villages_app;
GRANT USAGE ON SCHEMA vc_guard TO villages_app;
GRANT EXECUTE ON FUNCTION vc_guard.business_now(), vc_guard.business_today() TO villages_app;
-- Takes nothing younger than 183 days, whoever asks.
GRANT EXECUTE ON FUNCTION vc_guard.purge_audit(integer, integer) TO villages_app;
-- Asked by the policies of row-level security.
GRANT EXECUTE ON FUNCTION vc_guard.villages_in_reach() TO villages_app;

-- Villages -------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE ON public.villages_township TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.villages_village TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.villages_unit TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.villages_person TO villages_app;
-- The rules over who may hold which posts go by the code.
GRANT SELECT, INSERT ON public.villages_post TO villages_app;
GRANT UPDATE (name) ON public.villages_post TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.villages_workgroup TO villages_app;
GRANT SELECT, INSERT ON public.villages_posting TO villages_app;
-- What was granted stays; only its end is brought forward.
GRANT UPDATE (to_on, ended_at) ON public.villages_posting TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.villages_calendarrule TO villages_app;

-- Accounts -------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE ON public.accounts_user TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.accounts_session TO villages_app;
GRANT SELECT, INSERT, DELETE ON public.accounts_oldpassword TO villages_app;
GRANT SELECT, INSERT, DELETE ON public.accounts_logintry TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.mfa_authenticator TO villages_app;
-- allauth looks for addresses of mail; nobody has one.
GRANT SELECT ON public.account_emailaddress TO villages_app;
-- nothing: public.account_emailconfirmation
GRANT SELECT, INSERT ON public.accounts_invitation TO villages_app;
GRANT UPDATE (used_at, void_at) ON public.accounts_invitation TO villages_app;
GRANT SELECT, INSERT ON public.accounts_proposal TO villages_app;
-- What was proposed stays; only its decision and its carrying out are added.
GRANT UPDATE (decision, decided_by_id, decided_at, reason, consumed_at)
    ON public.accounts_proposal TO villages_app;

-- Jobs -----------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE ON public.jobs_job TO villages_app;
GRANT SELECT, INSERT, DELETE ON public.jobs_receipt TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.jobs_call TO villages_app;

-- Files ----------------------------------------------------------------------------------------
GRANT SELECT, INSERT ON public.files_export TO villages_app;
GRANT UPDATE (started_at, made_at, expires_at, content, sha256, size, downloads)
    ON public.files_export TO villages_app;
GRANT SELECT, INSERT ON public.files_attachment TO villages_app;
GRANT UPDATE (size, got, media_type, state, reason, stored_at)
    ON public.files_attachment TO villages_app;

-- Households -----------------------------------------------------------------------------------
-- What an import brought in can be taken back for a day; whatever refers to a row keeps it.
GRANT SELECT, INSERT, UPDATE, DELETE ON public.households_subject TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.households_member TO villages_app;
GRANT SELECT, INSERT, DELETE ON public.households_cardtry TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.households_placement TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.households_relation TO villages_app;
GRANT SELECT, INSERT ON public.households_consent TO villages_app;
-- What was agreed to stays; only its end is added.
GRANT UPDATE (withdrawn_on, withdrawn_at) ON public.households_consent TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.households_collectionform TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.households_collectionround TO villages_app;
GRANT SELECT, INSERT, DELETE ON public.households_roundform TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.households_assignment TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.households_collectorphone TO villages_app;
GRANT SELECT, INSERT ON public.households_collectionrecord TO villages_app;
-- What was said stays; what became of it is added.
GRANT UPDATE (state, state_reason, is_current, receipt, received_at, opened_at)
    ON public.households_collectionrecord TO villages_app;
GRANT SELECT, INSERT ON public.households_reportlink TO villages_app;
GRANT UPDATE (used_at, void_at) ON public.households_reportlink TO villages_app;
GRANT SELECT, INSERT ON public.households_visitduty TO villages_app;
GRANT UPDATE (person_id, to_on) ON public.households_visitduty TO villages_app;
GRANT SELECT, INSERT ON public.households_visit TO villages_app;
GRANT SELECT, INSERT ON public.households_filechange TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.households_importbatch TO villages_app;
GRANT SELECT, INSERT, DELETE ON public.households_importpage TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.households_savedcolumns TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.households_subjectsearch TO villages_app;

-- Notices --------------------------------------------------------------------------------------
GRANT SELECT, INSERT ON public.notices_notice TO villages_app;
GRANT UPDATE (state, publish_on, until_on, published_at, label_version)
    ON public.notices_notice TO villages_app;
GRANT SELECT, INSERT ON public.notices_noticebody TO villages_app;
GRANT SELECT, INSERT, DELETE ON public.notices_noticelabel TO villages_app;

-- Scoring --------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE, DELETE ON public.scoring_rulebook TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.scoring_category TO villages_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.scoring_item TO villages_app;
GRANT SELECT, INSERT ON public.scoring_adoption TO villages_app;
-- The ledger has one way in.
GRANT SELECT ON public.scoring_entry TO villages_app;
GRANT SELECT ON public.scoring_balance TO villages_app;
GRANT SELECT ON public.scoring_monthlytotal TO villages_app;
GRANT EXECUTE ON FUNCTION public.ledger_post(bigint, jsonb, bigint) TO villages_app;
-- Sets derived figures to what the entries say; takes no figure from its caller.
GRANT EXECUTE ON FUNCTION public.ledger_mend(bigint, boolean) TO villages_app;
GRANT SELECT, INSERT ON public.scoring_transcribedline TO villages_app;
GRANT SELECT, INSERT ON public.scoring_seal TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.scoring_ledgerstate TO villages_app;
GRANT SELECT, INSERT ON public.scoring_month TO villages_app;
GRANT UPDATE (state, closed_at, closed_by, seal_id, prepared) ON public.scoring_month TO villages_app;
GRANT SELECT, INSERT ON public.scoring_correction TO villages_app;
GRANT SELECT, INSERT ON public.scoring_noticedhouseholds TO villages_app;
GRANT SELECT, INSERT ON public.scoring_hold TO villages_app;
GRANT UPDATE (released_at) ON public.scoring_hold TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.scoring_starscheme TO villages_app;
GRANT SELECT, INSERT ON public.scoring_decision TO villages_app;
GRANT SELECT, INSERT ON public.scoring_veto TO villages_app;
GRANT SELECT, INSERT, UPDATE ON public.scoring_rating TO villages_app;

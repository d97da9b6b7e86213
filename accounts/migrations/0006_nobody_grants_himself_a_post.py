from django.db import migrations

# T-14 where the facts are: the content of a proposed post is JSON with sorted keys, written by
# accounts.operations.granting; a quotation mark inside a text is escaped in it.
FORWARD = """
ALTER TABLE public.accounts_proposal ADD CONSTRAINT accounts_proposal_nobody_grants_himself
  CHECK (kind <> 'role'
    OR (content NOT LIKE '%"person": ' || proposed_by_id::text || ',%'
        AND (decided_by_id IS NULL OR decision <> 'approved'
             OR content NOT LIKE '%"person": ' || decided_by_id::text || ',%')));
"""
BACK = """
ALTER TABLE public.accounts_proposal DROP CONSTRAINT accounts_proposal_nobody_grants_himself;
"""


class Migration(migrations.Migration):
    """T-14: nobody proposes a post for himself, nobody approves his own."""

    dependencies = [("accounts", "0005_proposals_of_every_kind")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
